"""Thirty mails that pretend to come from the platform: none changes, proposes or joins anything.

The first ones know everything that a forger can: the reply address, the code, the sentence.
"""

from itertools import count

import pytest

from cases.models import TimelineEvent
from notices.models import Message, Outcome, Reference
from notices.receiving import understanding
from tests.notices.receiving import mails

pytestmark = pytest.mark.django_db

OURS = "mx.harbour.example"
TEXT = "Hello,\n\nWe have removed the reported content. Case number: T-99001.\n"
DESK = "Trust Desk <desk@x.example>"
NOTHING = f"{OURS}; spf=none smtp.mailfrom=x.example; dkim=none; dmarc=none header.from=x.example"
SPF_FAIL = f"{OURS}; spf=fail smtp.mailfrom=x.example; dkim=none"
OTHER_DKIM = f"{OURS}; spf=pass smtp.mailfrom=evil.example; dkim=pass header.d=evil.example"
GOOD = f"{OURS}; dkim=pass header.d=x.example; spf=pass smtp.mailfrom=x.example"
GOOD_ELSEWHERE = "mx.x.example; dkim=pass header.d=x.example; dmarc=pass header.from=x.example"

FORGED = [
    # the right address, and no server that vouches for it
    {"From": DESK},
    {"From": DESK, "Authentication_Results": NOTHING},
    {"From": DESK, "Authentication_Results": SPF_FAIL},
    {"From": DESK, "Authentication_Results": f"{OURS}; spf=softfail smtp.mailfrom=x.example"},
    {"From": DESK, "Authentication_Results": f"{OURS}; dkim=fail header.d=x.example"},
    {"From": DESK, "Authentication_Results": f"{OURS}; dmarc=fail header.from=x.example"},
    {"From": DESK, "Authentication_Results": f"{OURS}; none"},
    {"From": DESK, "Authentication_Results": f"{OURS} 1; dkim=temperror header.d=x.example"},
    # the signature or the server of somebody else
    {"From": DESK, "Authentication_Results": OTHER_DKIM},
    {"From": DESK, "Authentication_Results": f"{OURS}; dkim=pass header.d=x.example.evil.example"},
    {"From": DESK, "Authentication_Results": f"{OURS}; dkim=pass header.i=@evil.example (x.com)"},
    {"From": DESK, "Authentication_Results": f"{OURS}; spf=pass smtp.mailfrom=bounce@evil.example"},
    # headers that pretend to be our server's, or are another's
    {"From": DESK, "Authentication_Results": GOOD_ELSEWHERE},
    {"From": DESK, "Authentication_Results": f"{OURS}.evil.example; dkim=pass header.d=x.example"},
    {"From": DESK, "Authentication_Results": f"evil.example ({GOOD})"},
    {"From": DESK, "Authentication_Results": f'"{OURS} x"; dkim=pass header.d=x.example'},
    {"From": DESK, "Authentication_Results": f"({OURS}; dkim=pass header.d=x.com) evil.example"},
    {"From": DESK, "X_Authentication_Results": GOOD},
    {"From": DESK, "ARC_Authentication_Results": f"i=1; {GOOD}"},
    # the name of the platform before another address
    {"From": '"desk@x.example" <a@evil.example>', "Authentication_Results": OTHER_DKIM},
    {"From": '"Trust Desk (x.example)" <a@evil.example>', "Authentication_Results": OTHER_DKIM},
    {"From": '"x.com support" <a@evil.example>', "Authentication_Results": OTHER_DKIM},
    {"From": '"X" <a@evil.example>', "Authentication_Results": OTHER_DKIM},
    # a domain that looks like the platform's
    {"From": "Trust Desk <desk@x.example.evil.example>",
     "Authentication_Results": f"{OURS}; dkim=pass header.d=evil.example"},
    {"From": "Trust Desk <desk@xn--twtter-qvf.com>",
     "Authentication_Results": f"{OURS}; dkim=pass header.d=xn--twtter-qvf.com"},
    {"From": "Trust Desk <desk@twltter.com>",
     "Authentication_Results": f"{OURS}; dkim=pass header.d=twltter.com"},
    # answers that go elsewhere, and headers that try to steer a program
    {"From": DESK, "Reply_To": "a@evil.example", "Authentication_Results": NOTHING},
    {"From": DESK, "X_Recourse_Notice": "K7Q4-2M-1", "X_Recourse_Answer": "removed"},
    {"From": DESK, "X_Loop": "done", "X_GitHub_Reason": "closed", "X_Status": "removed"},
    {"From": DESK, "Sender": "a@evil.example", "Authentication_Results": SPF_FAIL},
]  # fmt: skip


@pytest.fixture(autouse=True)
def our_server(settings):
    settings.AUTHSERV_ID = OURS


def arrived(desk, notice, headers):
    told = {
        "Message_ID": f"<forged-{next(_numbers)}@x.example>",
        "Subject": f"Re: Notice {notice.code} – removal request",
        **headers,
    }
    raw = bytes(mails.mail(TEXT, to=mails.reply_to(notice), **told))
    mail = mails.stored(raw, desk.at, to=mails.reply_to(notice))
    return understanding.understand(mail.pk, desk.at)


_numbers = count()


def state_of(notice):
    notice.refresh_from_db()
    moments = Outcome.objects.filter(notice=notice).values_list(
        "delivered_at",
        "acknowledged_at",
        "answered_at",
        "decided_at",
        "first_seen_gone_at",
        "claimed",
    )
    return (
        notice.status, notice.estimate_until, notice.waits_for_us_since, list(moments),
        Reference.objects.count(), TimelineEvent.objects.count(),
    )  # fmt: skip


def test_thirty_forged_mails_change_nothing_and_propose_nothing(desk):
    assert len(FORGED) == 30
    notice = desk.sent()
    before = state_of(notice)
    for headers in FORGED:
        message = arrived(desk, notice, headers)
        assert message.genuineness != "verified" or message.verdicts["signs"], headers
        assert (message.notice, message.proposed, message.answer) == (None, "", ""), headers
        assert state_of(notice) == before, headers
    assert Message.objects.filter(guess=notice).count() == 30


def test_the_same_mail_that_our_server_vouches_for_is_matched_and_proposes(desk):
    notice = desk.sent()
    message = arrived(desk, notice, {"From": DESK, "Authentication_Results": GOOD})
    assert (message.genuineness, message.notice) == ("verified", notice)
    assert message.proposed == "removed"
    assert message.filed_at is None
    assert list(Reference.objects.values_list("message", flat=True)) == [message.pk]


def test_without_a_server_of_ours_every_mail_is_unverified_and_joined_by_its_address(
    desk, settings
):
    settings.AUTHSERV_ID = ""
    notice = desk.sent()
    message = arrived(desk, notice, {"From": DESK, "Authentication_Results": GOOD})
    assert (message.genuineness, message.notice) == ("unverified", notice)


def test_that_it_is_gone_is_proposed_on_nobodys_word_but_the_platforms(desk):
    notice = desk.sent()
    own = f"{OURS}; dkim=pass header.d=helpdesk.example"
    headers = {"From": "Desk <desk@helpdesk.example>", "Authentication_Results": own}
    message = arrived(desk, notice, headers)
    assert (message.genuineness, message.notice, message.proposed) == ("verified", notice, "")
