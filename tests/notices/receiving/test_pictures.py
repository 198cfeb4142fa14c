"""Pictures arrive by mail, and are never kept: in no way that mail knows, nor in any sly one."""

import base64
import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from notices.models import ReceivedMail
from notices.receiving import stripping, structure, understanding
from notices.receiving.reader import pdf_text
from tests import factories
from tests.notices.receiving import mails, pictures
from tests.stories.backups import backups
from tests.stories.searching import forms
from tests.stories.test_dump import databases, folder, queue

ALL = {**pictures.TEN, **pictures.SLY}
WINDOW = 24


def pieces(picture: bytes) -> Iterator[bytes]:
    """Yield parts of the picture's inside, each too long to occur by chance."""
    inside = pictures.noise(picture)
    yield from (inside[at : at + WINDOW] for at in range(0, len(inside) - WINDOW, 97))


def traces(picture: bytes, heap: bytes) -> list[bytes]:
    """Return what of the picture stands in the heap: raw, in hexadecimal, in base64, as latin-1."""
    return [each for piece in pieces(picture) for each in _written(piece) if each in heap]


def _written(piece: bytes) -> Iterator[bytes]:
    hexadecimal = piece.hex().encode()
    yield from (piece, hexadecimal, hexadecimal.upper(), piece.decode("latin-1").encode())
    for before in range(3):
        made = base64.b64encode(bytes(before) + piece)
        yield made[4:-4]
        yield made[4:-4].translate(bytes.maketrans(b"+/", b"-_"))


@pytest.mark.parametrize("way", ALL)
def test_nothing_of_a_picture_is_kept(way: str) -> None:
    picture = pictures.png()
    raw = ALL[way](picture)
    kept = stripping.strip(raw.replace(b"\r\n", b"\n"), pdf_text)
    assert traces(picture, kept.to_bytes()) == []
    assert way == "epilogue" or sum(each["bytes"] for each in kept.dropped) > 8000
    assert b"From: " in kept.content


@pytest.mark.parametrize("way", pictures.TEN)
def test_what_was_written_beside_it_is_kept(way: str) -> None:
    kept = stripping.strip(pictures.TEN[way](pictures.png()), pdf_text).content.decode()
    words = {
        "data uri": "See [image/png", "uuencode": "Regards", "forwarded": "Look at this.",
        "pdf": "The decision is attached",
    }  # fmt: skip
    assert words.get(way, mails.TEXT.strip()) in kept


def test_the_search_finds_a_picture_however_it_is_written() -> None:
    picture = pictures.png()
    other = pictures.png(2)
    for heap in (picture, picture.hex().encode(), picture.decode("latin-1").encode()):
        assert traces(picture, heap)
        assert not traces(other, heap)
    for before in range(3):
        assert traces(picture, base64.b64encode(b"x" * before + picture))
    text = "a name of somebody"
    assert text.encode() in forms(text)


def test_a_part_that_is_not_kept_leaves_its_type_size_and_hash() -> None:
    picture = pictures.png()
    [what] = stripping.strip(pictures.attachment(picture), pdf_text).dropped
    assert (what["type"], what["bytes"], len(what["sha256"])) == ("image/png", len(picture), 64)


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", pictures.TEN)
def test_an_image_is_nowhere_after_it_came(way: str, tmp_path: Path, people: object) -> None:
    written = io.StringIO()
    handler, root = logging.StreamHandler(written), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        factories.organisation()
        picture = pictures.png(len(way))
        at = ReceivedMail._meta.get_field("received_at").to_python("2026-11-21T12:00Z")
        mail = mails.stored(pictures.TEN[way](picture), at)
        assert understanding.understand(mail.pk, at)
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    mail.refresh_from_db()
    opened = mail.stripped + mail.message.text.encode() + mail.message.quoted.encode()
    copies = backups(tmp_path)
    assert mail.content_hash.encode() in copies
    heap = databases() + queue() + folder(Path(django_settings.VAR_DIR)) + copies
    assert traces(picture, heap + written.getvalue().encode() + opened) == []


def test_an_ordinary_mail_keeps_every_word() -> None:
    words = (
        "Your case 8a6e0804-2bd0-4672-b79d-d97027f9071a and the links\n"
        "https://x.example/ls/click?upn=" + "aB3-2" * 200 + "\n"
        + "-" * 70 + "\n" + "".join(f"{n:040x}\n" for n in range(20)) + "begin with the first\n"
        "Mit freundlichen Grüßen, Ελένη\n"
    )  # fmt: skip
    kept = stripping.strip(bytes(mails.mail(words)), pdf_text)
    assert kept.dropped == []
    [text] = [kept.content.decode().partition("\n\n")[2]]
    assert text.strip() == words.strip()


def test_what_is_kept_can_be_split_again() -> None:
    for way in ALL.values():
        kept = stripping.strip(way(pictures.png()).replace(b"\r\n", b"\n"), pdf_text)
        assert structure.split(kept.content).headers
