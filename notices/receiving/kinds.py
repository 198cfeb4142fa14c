"""What bytes are, whatever their part says of itself."""

# (offset, sign, type). A picture, a film, a sound, an archive or an office file begins like this.
SIGNS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\x89PNG\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"8BPS", "image/vnd.adobe.photoshop"),
    (0, b"\x00\x00\x00\x0cjP  ", "image/jp2"),
    (0, b"\x00\x00\x00\x0cJXL ", "image/jxl"),
    (0, b"\xff\x0a", "image/jxl"),
    (0, b"\x00\x00\x01\x00", "image/x-icon"),
    (8, b"WEBP", "image/webp"),
    (8, b"AVI ", "video/x-msvideo"),
    (8, b"WAVE", "audio/wav"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypheix", "image/heic"),
    (4, b"ftypmif1", "image/heif"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftyp", "video/mp4"),
    (4, b"moov", "video/quicktime"),
    (0, b"\x1aE\xdf\xa3", "video/x-matroska"),
    (0, b"FLV\x01", "video/x-flv"),
    (0, b"0&\xb2u\x8ef\xcf\x11", "video/x-ms-asf"),
    (0, b"\x00\x00\x01\xba", "video/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"PK\x05\x06", "application/zip"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"7z\xbc\xaf'\x1c", "application/x-7z-compressed"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"BZh", "application/x-bzip2"),
    (0, b"\xfd7zXZ\x00", "application/x-xz"),
    (0, b"(\xb5/\xfd", "application/zstd"),
    (257, b"ustar", "application/x-tar"),
    (0, b"\xd0\xcf\x11\xe0", "application/x-ole-storage"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b'x\x9f>"', "application/ms-tnef"),
    (0, b"%!PS", "application/postscript"),
    (0, b"MZ", "application/x-dosexec"),
    (0, b"\x7fELF", "application/x-executable"),
)
PDF = "application/pdf"
# A PDF may have something before it and still open.
PDF_WITHIN = 1024
WINDOW = 256
# Text has next to no control characters, and a packed picture one in ten.
MOST_CONTROLS = 6
CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1b")) + b"\x7f"


def by_sign(content: bytes) -> str:
    """Return the type that the first bytes tell, or nothing."""
    if b"%PDF-" in content[:PDF_WITHIN]:
        return PDF
    for offset, sign, kind in SIGNS:
        if content.startswith(sign, offset):
            return kind
    head = content[:WINDOW].lstrip().lower()
    return "image/svg+xml" if head.startswith((b"<svg", b"<?xml")) and b"<svg" in head else ""


def without_binary(content: bytes) -> tuple[bytes, bytes]:
    """Return the text in `content`, and what is no text: it may hide behind a first sentence."""
    text, binary = bytearray(), bytearray()
    for at in range(0, len(content), WINDOW):
        window = content[at : at + WINDOW]
        controls = len(window) - len(window.translate(None, CONTROLS))
        (binary if controls > MOST_CONTROLS else text).extend(window)
    return bytes(text), bytes(binary)
