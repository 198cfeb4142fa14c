"""F19 to F22: mail comes in while things break. What was delivered is there, once."""

import hashlib
import os
import random
import signal
import smtplib
from statistics import quantiles
from time import monotonic, sleep

import pytest
from django.db import connection
from django.test import Client

from core import clock
from core.child import Child
from core.models import StoredKey
from notices.models import Delivery, Message, ReceivedMail
from notices.receiving import imap, parsing, smtp, understanding
from tests import factories, imap_server
from tests.door.processes import free_ports
from tests.faults.figures import report
from tests.notices.delivery import workers
from tests.notices.receiving import mails, pictures, test_hostile
from tests.proxies import BreakingLine

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
ROLE = "notices@harbour.example"


def sizes(few: int, many: int) -> list[object]:
    return [
        pytest.param(few, id="few"),
        pytest.param(many, id="many", marks=pytest.mark.long),
    ]


@pytest.fixture(autouse=True)
def _office(people):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: run bin/test")
    factories.organisation()


def digest(raw: bytes) -> str:
    return hashlib.sha256(raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")).hexdigest()


def corpus(count: int) -> list[bytes]:
    """Return mails of every make. A fifth has no Message-ID, and some share theirs."""
    chance = random.Random(count)
    # dovecot hands out a NUL as another sign, so none of these brings one.
    sly = [make for name, make in pictures.SLY.items() if name not in BINARY]
    ways = [*pictures.TEN.values(), *sly]
    bad = [make for name, (make, _state) in test_hostile.HOSTILE.items() if name in SMALL]
    made = []
    for n in range(count):
        kind = chance.random()
        if kind < 0.15:
            made.append(_alone(chance.choice(ways)(pictures.png(n)), n))
        elif kind < 0.2:
            made.append(_alone(chance.choice(bad)(), n))
        else:
            number = "" if chance.random() < 0.2 else f"<{n % (count // 2)}@x.example>"
            made.append(bytes(mails.mail(f"Answer {n}.\n", Message_ID=number)))
    return [raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") for raw in made]


def _alone(raw: bytes, n: int) -> bytes:
    """Take the Message-ID away: two of one that say the same came by two addresses, as one mail."""
    return b"X-Number: %d\n" % n + raw.replace(b"Message-ID:", b"X-Message:")


BINARY = {"behind_a_sentence", "yenc"}
SMALL = {"nested 2,000 deep", "2,000 parameters", "To: ((((", "unknown charset", "long headers"}


# ------------------------------------------------------------------ F19


DEATHS = ["exit", "stack", "segfault", "memory", "loop"]


@pytest.fixture
def weak(monkeypatch):
    child = Child(test_hostile.PLANTED, recycle_after=50, patience=60)
    monkeypatch.setattr(parsing, "_reader", child)
    monkeypatch.setattr(understanding, "PAUSE", understanding.PAUSE * 0)
    yield child
    child.stop()


def test_f19_mails_that_kill_their_reader_stop_nobody(weak):
    bad = [mails.stored(bytes(mails.mail(f"plant:second:{d}\n")), clock.now()) for d in DEATHS]
    good = [mails.stored(bytes(mails.mail(f"good {n}\n")), clock.now()) for n in range(20)]
    while ReceivedMail.objects.filter(state="stored").exists():
        understanding.understand_stored()
    states = dict(ReceivedMail.objects.values_list("pk", "state"))
    tries = ReceivedMail.objects.filter(state="quarantined").values_list("attempts", flat=True)
    assert parsing.parse(bytes(good[0].stripped)).text.strip() == "good 0"
    memory = test_hostile.memory_of(weak.pid)
    assert memory < test_hostile.MOST_MEMORY
    report(
        "F19 readers killed",
        n=len(bad),
        lost=sum(states[mail.pk] != "understood" for mail in good),
        wrong=sum(states[mail.pk] != "quarantined" for mail in bad) + (set(tries) != {3}),
        note=f"reader afterwards {memory // 2**20} MB",
    )


# ------------------------------------------------------------------ F20


@pytest.mark.parametrize("count", sizes(40, 1632))
def test_f20_a_mixed_heap_by_imap_with_kills_and_broken_lines(count):
    sent = corpus(count)
    chance = random.Random(1)
    kills, patience = 0, 1
    with imap_server.running() as box:
        for raw in sent:
            box.deliver(raw)
        while len(hashes()) < len(set(map(digest, sent))):
            # The last line now and then holds: a mail larger than all limits gets through by it.
            breaks = [chance.randint(3_000, 200_000) for _ in range(chance.randint(2, 3))]
            line = BreakingLine(box.port, breaks)
            before = len(hashes())
            pid = workers.start(lambda port=line.port: _fetch_and_read(box.url(port)))
            sleep(chance.uniform(0.2, 0.6) * patience)
            kills += _kill(pid)
            # A machine that is busy gets further in more time.
            patience = 1 if len(hashes()) > before else patience * 2
            line.close()
            if kills == 4:
                box.forget_numbers()
        _read_all()
        before = ReceivedMail.objects.count()
        box.forget_numbers()
        again = imap.poll(box.url())
    known = list(ReceivedMail.objects.values_list("content_hash", flat=True))
    understood = ReceivedMail.objects.filter(state="understood").count()
    report(
        f"F20 mailbox, {kills} kills",
        n=count,
        lost=len(set(map(digest, sent)) - set(known)),
        twice=again + len(known) - before + Message.objects.count() - understood,
        wrong=len(set(known) - set(map(digest, sent)))
        + ReceivedMail.objects.filter(state="stored").count(),
    )


def hashes() -> set[str]:
    return set(ReceivedMail.objects.values_list("content_hash", flat=True))


def _fetch_and_read(url: str) -> None:
    imap.poll(url)
    understanding.understand_stored()


def _kill(pid: int) -> int:
    os.kill(pid, signal.SIGKILL)
    return int(workers.end(pid) == workers.KILLED)


def _read_all() -> None:
    """Read what is left, as ticks do once the leases of the killed have passed."""
    while ReceivedMail.objects.filter(state="stored").exists():
        ReceivedMail.objects.filter(state="stored").update(next_try_at=clock.now())
        understanding.understand_stored()


# ------------------------------------------------------------------ F21


@pytest.mark.parametrize("count", sizes(3, 40))
def test_f21_five_copies_at_once_are_one(count):
    before = StoredKey.objects.count()
    for n in range(count):
        raw = bytes(mails.mail(f"{n}\n", Message_ID=f"<{n}@x.example>"))
        codes = workers.together(*[lambda raw=raw: mails.stored(raw, clock.now())] * 5)
        assert codes == [0] * 5
        other = bytes(mails.mail(f"another {n}\n", Message_ID=f"<{n}@x.example>"))
        mails.stored(other, clock.now())
    readers = workers.together(*[understanding.understand_stored] * 3)
    assert readers == [0] * 3
    flagged = ReceivedMail.objects.filter(same_message_id=True).count()
    # The key of a copy that came second opens nothing, and is not kept.
    assert StoredKey.objects.count() == 2 * count + before
    report(
        "F21 five copies at once",
        n=count,
        lost=2 * count - ReceivedMail.objects.count(),
        twice=Message.objects.count() - 2 * count,
        wrong=count - flagged,
    )


def test_f21_two_pollers_of_one_mailbox_keep_each_mail_once(monkeypatch):
    with imap_server.running() as box:
        sent = corpus(30)
        for raw in sent:
            box.deliver(raw)
        # Two names are two locks: both go to work on the same mails.
        urls = [box.url(), box.url().replace("localhost", "127.0.0.1")]
        jobs = [lambda url=url: imap.poll(url) for url in urls]
        assert workers.together(*jobs) == [0, 0]
        assert box.seen() == 30
    there = set(map(digest, sent))
    report(
        "F21 two pollers",
        n=30,
        lost=len(there - hashes()),
        twice=ReceivedMail.objects.count() - len(there),
    )


# ------------------------------------------------------------------ F22


@pytest.fixture
def door():
    (port,) = free_ports(1)
    opened = smtp.listen("127.0.0.1", port, lambda: None)
    yield port
    opened.stop()


def _pour(port: int, first: int, count: int) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as client:
        for n in range(first, first + count):
            raw = bytes(mails.mail(f"Bomb {n}.\n", Message_ID=f"<bomb-{n}@x.example>"))
            client.sendmail("desk@x.example", [ROLE], raw)


@pytest.mark.parametrize("count", sizes(200, 5000))
def test_f22_a_mail_bomb_drains_while_pages_answer(door, people, count):
    senders = [workers.start(lambda n=n: _pour(door, n * count // 4, count // 4)) for n in range(4)]
    began = monotonic()
    client = Client()
    client.force_login(people.coordinator)
    times = []
    while _living(senders) or len(times) < 20:
        at = monotonic()
        assert client.get("/replies/").status_code == 200
        times.append(monotonic() - at)
    poured = monotonic() - began
    drain = [workers.start(understanding.understand_stored) for _ in range(2)]
    while _living(drain):
        assert client.get("/replies/?tab=unmatched").status_code == 200
    _read_all()
    slow = quantiles(times, n=20)[-1]
    share = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    assert slow < share
    report(
        "F22 mail bomb",
        n=count,
        lost=count - Message.objects.count(),
        twice=ReceivedMail.objects.count() - count,
        note=f"poured in {poured:.1f} s, a page at the 95th percentile {slow:.2f} s",
    )


def _living(pids: list[int]) -> bool:
    """Tell whether one of them is still at work; who has ended must have ended well."""
    for pid in list(pids):
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            assert status == 0
            pids.remove(pid)
    return bool(pids)


def test_f22_nothing_that_comes_in_is_answered_by_itself(door):
    """The other side answers whatever we send by itself: a loop needs two who do."""
    left = Delivery.objects.count()
    loop = [
        {"Auto_Submitted": "auto-replied", "From": ROLE},
        {"Precedence": "bulk"},
        {"Disposition_Notification_To": "desk@x.example", "Return_Receipt_To": "desk@x.example"},
    ]
    with smtplib.SMTP("127.0.0.1", door, timeout=20) as client:
        for n, headers in enumerate(loop):
            raw = bytes(mails.mail(f"{n}\n", Message_ID=f"<{n}@x.example>", **headers))
            client.sendmail("", [ROLE], raw)
    _read_all()
    report(
        "F22 auto-reply loop",
        n=len(loop),
        lost=len(loop) - Message.objects.count(),
        wrong=Delivery.objects.count() - left,
    )
