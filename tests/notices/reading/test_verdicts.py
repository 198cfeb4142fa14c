"""Whose word counts about a mail's origin, and what makes it forged or doubtful."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notices.reading.parsed import Parsed
from notices.reading.verdicts import judge

OURS = "mx.harbour.example"
KNOWN = frozenset({"platform.example", "chatter.example"})


def verdict(*results, authserv=OURS, **changes):
    values = {
        "from_address": "desk@platform.example", "from_name": "Trust Desk",
        "from_addresses": (changes.get("from_address", "desk@platform.example"),), **changes,
    }  # fmt: skip
    return judge(Parsed(authentication_results=results, **values), authserv, KNOWN)


@pytest.mark.parametrize(
    "header",
    [
        f"{OURS}; dkim=pass header.d=platform.example",
        f"{OURS}; dkim=pass header.d=mail.platform.example",
        f"{OURS}; dkim=pass header.i=@platform.example",
        f"{OURS}; spf=pass smtp.mailfrom=bounce@mail.platform.example",
        f"{OURS}; dmarc=pass (p=reject dis=none) header.from=platform.example",
        f"{OURS} 1; dkim=fail header.d=list.example; dkim=pass header.d=platform.example",
        f"{OURS.upper()}; dkim=pass (2048-bit key; (nested)) header.d=platform.example",
    ],
)
def test_one_aligned_pass_verifies_it(header):
    found = verdict(header)
    assert (found.genuineness, found.domain) == ("verified", "platform.example")
    assert found.may_act


def test_only_the_topmost_header_of_our_own_server_counts():
    forged = f"{OURS}; dkim=pass header.d=platform.example"
    assert verdict(f"{OURS}; dkim=fail header.d=platform.example", forged).is_forged
    assert not verdict("mx.evil.example; dkim=pass header.d=platform.example").may_act
    assert verdict("mx.other.example; dkim=fail", forged).genuineness == "verified"


def test_without_a_server_of_ours_nothing_is_believed_and_nothing_doubted():
    found = verdict(f"{OURS}; dkim=pass header.d=platform.example", authserv="")
    assert (found.genuineness, found.may_act, found.dkim) == ("unverified", True, "")


@pytest.mark.parametrize(
    "header",
    [
        f"{OURS}; dmarc=fail header.from=platform.example",
        f"{OURS}; spf=fail smtp.mailfrom=platform.example",
        f"{OURS}; dkim=fail header.d=platform.example",
    ],
)
def test_what_our_server_refutes_is_forged(header):
    assert verdict(header).is_forged


@pytest.mark.parametrize("header", [f"{OURS}; none", f"{OURS}; dkim=pass header.d=evil.example"])
def test_what_nobody_vouches_for_is_doubtful_and_does_nothing(header):
    found = verdict(header)
    assert (found.genuineness, found.may_act) == ("unverified", False)


@pytest.mark.parametrize(
    ("changes", "sign"),
    [
        ({"from_address": "desk@platforrn.example"}, "lookalike"),
        ({"from_address": "desk@platf0rm.example"}, "lookalike"),
        ({"from_address": "desk@platform.example.evil.example"}, "lookalike"),
        ({"from_address": "a@evil.example", "from_name": "desk@platform.example"}, "other_name"),
        ({"from_addresses": ("a@evil.example", "desk@platform.example")}, "several_senders"),
        ({"from_address": "", "from_addresses": ()}, "no_sender"),
    ],
)
def test_signs_of_forgery_weigh_more_than_any_signature(changes, sign):
    domain = changes.get("from_address", "").rpartition("@")[2]
    found = verdict(f"{OURS}; dkim=pass header.d={domain or 'evil.example'}", **changes)
    assert found.is_forged
    assert sign in found.signs


def test_a_genuine_mail_whose_answers_go_to_a_help_desk_is_genuine():
    good = f"{OURS}; dkim=pass header.d=platform.example"
    assert verdict(good, reply_to=("id7@desk.example",)).may_act
    assert not verdict(authserv="", reply_to=("id7@desk.example",)).may_act


def test_a_report_of_a_mail_server_needs_no_signature():
    found = verdict(report_type="delivery-status", from_address="mailer-daemon@mx.example")
    assert (found.genuineness, found.may_act) == ("unverified", True)


@given(st.lists(st.text(max_size=300), max_size=4), st.text(max_size=80), st.text(max_size=80))
@settings(max_examples=200, deadline=None)
def test_no_header_breaks_the_judge(results, address, name):
    verdict(*results, *[f"{OURS};{one}" for one in results], from_address=address, from_name=name)
