"""What the first bytes of a file say that it is, and how large a WEBP declares itself to be."""

_IMAGES = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"\x00\x00\x01\x00", "ICO"),
)
_AVIF_BRANDS = (b"avif", b"avis")
_BMP_HEADERS = (12, 16, 40, 52, 56, 64, 108, 124)  # the lengths that a BMP's second header may have
_OTHERS = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "an archive or a document"),
    (b"\x1f\x8b", "a compressed file"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"8BPS", "a Photoshop image"),
    (b"\x00\x00\x00\x0cJXL ", "a JPEG XL image"),
    (b"\xff\x0a", "a JPEG XL image"),
    (b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 image"),
    (b"\x1aE\xdf\xa3", "a video"),
)
_HEIF_BRANDS = (b"heic", b"heix", b"mif1", b"msf1", b"hevc")
_PAGES = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<title")
_BEGINNING = 1024  # bytes in which an SVG's root element is looked for, after comments and declarations


def format_of(data: bytes) -> str | None:
    """Return the name of the format that we read, or None."""
    for signature, name in _IMAGES:
        if data.startswith(signature):
            return name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[:2] == b"BM" and int.from_bytes(data[14:18], "little") in _BMP_HEADERS:
        return "BMP"
    if data[4:8] == b"ftyp" and any(brand in _AVIF_BRANDS for brand in _brands(data)):
        return "AVIF"
    return None


def why_not(data: bytes) -> str:
    """Return in a few words why bytes that begin so are not an image that we read."""
    name = _name_of_other(data)
    if name is None:
        return "this is not an image"
    if name.endswith(("image", "drawing")):
        return f"this is {name}, a format that is not read"
    return f"this is {name}, not an image"


def _name_of_other(data: bytes) -> str | None:
    for signature, name in _OTHERS:
        if data.startswith(signature):
            return name
    if data[4:8] == b"ftyp":
        return "a HEIF image" if data[8:12] in _HEIF_BRANDS else "a video"
    beginning = data[:_BEGINNING].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in beginning and beginning.startswith(b"<") and not beginning.startswith(_PAGES):
        return "an SVG drawing"
    return "a web page" if beginning.startswith(_PAGES) else None


def webp_size(data: bytes) -> tuple[int, int] | None:
    """Return the width and height that a WEBP's first chunk declares (RFC 9649), or None.

    Pillow's reader takes memory for the whole canvas before it tells its size.
    """
    chunk, body = data[12:16], data[20:32]
    if len(body) < 10:
        return None
    if chunk == b"VP8X":
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if chunk == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if chunk == b"VP8 ":
        return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF
    return None


def _brands(data: bytes) -> list[bytes]:
    """Return the major and the compatible brands of an ISO media file."""
    length = min(int.from_bytes(data[:4], "big"), 256)
    return [data[8:12], *(data[at : at + 4] for at in range(16, length, 4))]
