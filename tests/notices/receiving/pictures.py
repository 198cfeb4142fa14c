"""One picture, sent in every way that mail knows. Its noise is nowhere else."""

import base64
import binascii
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable

from tests.notices.receiving import mails

SIDE = 64


def png(seed: int = 1) -> bytes:
    """Return a picture of 64 times 64 dots of noise: 12 KB that nothing packs any smaller."""
    chance = random.Random(seed)
    rows = b"".join(b"\0" + chance.randbytes(3 * SIDE) for _ in range(SIDE))
    head = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(rows, 0)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )


def noise(picture: bytes) -> bytes:
    """Return the inside of the picture, which no container changes."""
    return picture[60:-20]


def attachment(picture: bytes) -> bytes:
    message = mails.mail()
    message.add_attachment(picture, maintype="image", subtype="png", filename="a.png")
    return bytes(message)


def inline(picture: bytes) -> bytes:
    message = mails.mail()
    message.add_alternative('<p>Is it this?</p><img src="cid:1@x">', subtype="html")
    message.get_payload()[1].add_related(picture, maintype="image", subtype="png", cid="<1@x>")
    return bytes(message)


def data_uri(picture: bytes) -> bytes:
    encoded = base64.b64encode(picture).decode()
    message = mails.mail(f"See data:image/png;base64,{encoded} above.\n")
    html = f"<p style='background:url(data:image/png;base64,{encoded})'>x</p>"
    html += f'<p>Hello<img alt="" src="data:image/png;base64,{encoded}"></p><svg>{encoded}</svg>'
    message.add_alternative(html, subtype="html")
    return bytes(message)


def uuencoded(picture: bytes) -> bytes:
    lines = [binascii.b2a_uu(picture[at : at + 45]).decode() for at in range(0, len(picture), 45)]
    return bytes(mails.mail(f"Here:\n\nbegin 644 a.png\n{''.join(lines)}`\nend\n\nRegards\n"))


def winmail(picture: bytes) -> bytes:
    tnef = b"\x78\x9f\x3e\x22" + struct.pack("<H", 1) + picture
    message = mails.mail()
    message.add_attachment(tnef, maintype="application", subtype="ms-tnef", filename="winmail.dat")
    return bytes(message)


def zipped(picture: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.png", picture)
    message = mails.mail()
    message.add_attachment(packed.getvalue(), maintype="text", subtype="plain", filename="a.txt")
    return bytes(message)


def forwarded(picture: bytes) -> bytes:
    inner = mails.mail("Look at this.\n", Subject="Fwd")
    inner.add_attachment(picture, maintype="image", subtype="png")
    middle = mails.mail("Forwarded twice.\n")
    middle.add_attachment(inner)
    outer = mails.mail()
    outer.add_attachment(middle)
    return bytes(outer)


def pdf(picture: bytes) -> bytes:
    """Return a mail with a PDF that shows one line of text and the picture's bytes, unpacked."""
    dots = noise(picture)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] "
        b"/Contents 4 0 R /Resources << /Font << /F 5 0 R >> /XObject << /P 6 0 R >> >> >>",
        _stream(b"BT /F 12 Tf 20 200 Td (The decision is attached) Tj ET q 9 0 0 9 9 9 cm /P Do Q"),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        _stream(dots, b"/Type /XObject /Subtype /Image /Width 64 /Height 63 /BitsPerComponent 8 "
                b"/ColorSpace /DeviceRGB "),
    ]  # fmt: skip
    made, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    start = len(made)
    made += b"xref\n0 7\n0000000000 65535 f \n"
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer << /Size 7 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start
    message = mails.mail()
    message.add_attachment(bytes(made), maintype="application", subtype="pdf", filename="a.pdf")
    return bytes(message)


def _stream(content: bytes, about: bytes = b"") -> bytes:
    head = b"<< " + about + b"/Length %d >>" % len(content)
    return head + b"\nstream\n" + content + b"\nendstream"


def office(picture: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/media/image1.png", picture)
    kind = "vnd.openxmlformats-officedocument.wordprocessingml.document"
    message = mails.mail()
    message.add_attachment(packed.getvalue(), maintype="application", subtype=kind)
    return bytes(message)


def heic(picture: bytes) -> bytes:
    content = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + picture
    message = mails.mail()
    message.add_attachment(content, maintype="application", subtype="octet-stream", filename="a")
    return bytes(message)


TEN: dict[str, Callable[[bytes], bytes]] = {
    "attachment": attachment,
    "inline": inline,
    "data uri": data_uri,
    "uuencode": uuencoded,
    "winmail.dat": winmail,
    "zip": zipped,
    "forwarded": forwarded,
    "pdf": pdf,
    "docx": office,
    "heic": heic,
}


# Ways of somebody who wants it to come through.


def plain_base64(picture: bytes) -> bytes:
    return bytes(mails.mail(f"Hi\n\n{base64.encodebytes(picture).decode()}\nBye\n"))


def quoted_base64(picture: bytes) -> bytes:
    lines = base64.encodebytes(picture).decode().splitlines()
    return bytes(mails.mail("\n".join(f"> > {line}" for line in lines)))


def one_token(picture: bytes) -> bytes:
    return bytes(mails.mail(f"a {base64.urlsafe_b64encode(picture).decode()} b\n"))


def hexadecimal(picture: bytes) -> bytes:
    told = picture.hex()
    return bytes(mails.mail("\n".join(told[at : at + 64] for at in range(0, len(told), 64))))


def no_boundary(picture: bytes) -> bytes:
    return attachment(picture).replace(b'boundary="=', b'boundary="other=')


def named_text(picture: bytes) -> bytes:
    message = mails.mail()
    message.add_attachment(picture, maintype="text", subtype="plain", filename="a.txt")
    return bytes(message)


def behind_a_sentence(picture: bytes) -> bytes:
    return _raw(b"Content-Type: text/plain; charset=iso-8859-1", b"Dear team. " * 40 + picture)


def two_codings(picture: bytes) -> bytes:
    body = base64.encodebytes(base64.encodebytes(picture))
    return _raw(b"Content-Type: text/plain\nContent-Transfer-Encoding: base64", body)


def as_utf_16(picture: bytes) -> bytes:
    body = base64.encodebytes(picture)
    head = b"Content-Type: text/plain; charset=utf-16-le\nContent-Transfer-Encoding: base64"
    return _raw(head, body)


def in_a_header(picture: bytes) -> bytes:
    encoded = base64.b64encode(picture)
    return b"Face: " + encoded + b"\nX-Picture: " + encoded + b"\n" + bytes(mails.mail())


def epilogue(picture: bytes) -> bytes:
    return attachment(b"x") + b"\n" + base64.encodebytes(picture)


def encoded_message(picture: bytes) -> bytes:
    inner = base64.encodebytes(attachment(picture))
    return _raw(b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64", inner)


def rich_text(picture: bytes) -> bytes:
    body = b"{\\rtf1{\\pict\\pngblip " + picture.hex().encode() + b"}}"
    return _raw(b"Content-Type: text/plain", body)


def yenc(picture: bytes) -> bytes:
    body = bytes((byte + 42) % 256 for byte in picture)
    body = b"Look\n=ybegin line=128 size=12352 name=a.png\n" + body + b"\n=yend\n"
    return _raw(b"Content-Type: text/plain; charset=latin-1", body)


def _raw(head: bytes, body: bytes) -> bytes:
    top = b"From: desk@x.example\nTo: notices@harbour.example\nSubject: x\nMIME-Version: 1.0\n"
    return top + head + b"\n\n" + body + b"\n"


SLY: dict[str, Callable[[bytes], bytes]] = {
    each.__name__: each
    for each in (
        plain_base64, quoted_base64, one_token, hexadecimal, no_boundary, named_text,
        behind_a_sentence, two_codings, as_utf_16, in_a_header, epilogue, encoded_message,
        rich_text, yenc,
    )
}  # fmt: skip
