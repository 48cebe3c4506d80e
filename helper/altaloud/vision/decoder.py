"""`python -m altaloud.vision.decoder`: the sandboxed process that turns untrusted bytes into pixels.

It loads the codecs, decodes one small image with each, and then locks itself in for good (`sandbox`):
from there on no file can be opened, so whatever a codec needs must have been loaded by then.
An exception that is not expected ends the process, which `pictures` reports as an image that cannot be
decoded safely.
"""

import hashlib
import io
import itertools
import struct
import sys
import warnings
import zlib
from collections.abc import Mapping
from typing import Any

from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    ExifTags,
    GifImagePlugin,
    IcoImagePlugin,
    Image,
    ImageFile,
    ImagePalette,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from altaloud.errors import DamagedImageError, ImageTooLargeError, UnreadableImageError
from altaloud.vision import sandbox, signatures, sizes
from altaloud.vision.serving import OneByOne, serve

# The modules of the formats above, and what Pillow loads late (MPO: what some cameras write as JPEG; TIFF:
# how EXIF is written): no file can be opened once we are locked in.
_LOADED = (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    IcoImagePlugin,
    ImagePalette,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF", "BMP", "ICO")

# What Pillow raises, depending on the format, when a file is damaged.
_DAMAGED = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    LookupError,
    TypeError,
    ArithmeticError,
    RuntimeError,
    struct.error,
    zlib.error,
)
_TOO_LARGE = (Image.DecompressionBombWarning, Image.DecompressionBombError)

# A pixel takes at most 4 bytes in each of: the codec's own frame (twice), Pillow's image, its upright copy,
# the one on the page and the one without transparency.
_BYTES_A_PIXEL = 24
_BYTES_AT_REST = 512_000_000  # of address space: interpreter, codecs, the encoded image and the reply

_WHITE, _BLACK = (255, 255, 255), (0, 0, 0)
_UNSEEN = 31  # of 255, every channel of every pixel so near to the ground: contrast to white is under 1.3 : 1
_NEARLY_TRANSPARENT = 16  # of 255
_STRIP_ROWS = 256  # for the fingerprint, so that a large picture is not copied whole

# EXIF 2.32, tag Orientation: what makes the picture upright.
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def read(
    data: bytes, *, background: tuple[int, int, int] | None, max_pixels: int, longest_side: int
) -> tuple[dict[str, object], bytes]:
    """Return a description of the picture and its RGB pixels, as `pictures.Picture` has them.

    Raises:
        ImageError: One of its kinds.
    """
    name = signatures.format_of(data)
    if name is None:
        raise UnreadableImageError(signatures.why_not(data))
    try:
        with _opened(data, name, max_pixels) as image:
            image.load()
            return _described(_upright(image), background, longest_side, name)
    except _TOO_LARGE as error:
        raise ImageTooLargeError(
            f"the image has more than {max_pixels:,} pixels, the most that are accepted"
        ) from error
    except MemoryError as error:
        raise ImageTooLargeError("the image takes too much memory to decode") from error
    except _DAMAGED as error:
        raise DamagedImageError(f"the {name} image is damaged or ends early") from error


def _opened(data: bytes, name: str, max_pixels: int) -> ImageFile.ImageFile:
    """Return the image, its size checked before any pixel is decoded."""
    if name == "WEBP" and (size := signatures.webp_size(data)):
        _check_size(size, max_pixels)
    # An ICO is decoded as it is opened, so Pillow has to watch; else we do, and can tell the numbers.
    Image.MAX_IMAGE_PIXELS = max_pixels if name == "ICO" else None
    image = Image.open(io.BytesIO(data), formats=[name])
    _check_size(image.size, max_pixels)
    return image


def _check_size(size: tuple[int, int], max_pixels: int) -> None:
    width, height = size
    if width * height > max_pixels:
        raise ImageTooLargeError(
            f"the image has {width * height:,} pixels ({width} x {height}), and {max_pixels:,} are accepted"
        )


def _upright(image: Image.Image) -> Image.Image:
    """Return the image turned as its EXIF says; a damaged EXIF says nothing, as in browsers."""
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation)
    except _DAMAGED:
        return image
    if orientation in _UPRIGHT:
        return image.transpose(_UPRIGHT[orientation])
    return image


def _described(
    image: Image.Image, background: tuple[int, int, int] | None, longest_side: int, name: str
) -> tuple[dict[str, object], bytes]:
    shown, transparent = _as_shown(image, background)
    width, height = shown.size
    description = {
        "width": width,
        "height": height,
        "fingerprint": _fingerprint(shown).hex(),
        "transparent": transparent,
        "format": name,
    }
    smaller = sizes.kept(width, height, longest_side)
    if smaller != shown.size:
        # reducing_gap: first by a whole number, by averaging, which is quick and as good to the eye.
        shown = shown.resize(smaller, Image.Resampling.BICUBIC, reducing_gap=2.0)
    description["columns"], description["rows"] = shown.size
    return description, shown.tobytes()


def _as_shown(image: Image.Image, background: tuple[int, int, int] | None) -> tuple[Image.Image, float]:
    """Return the image as RGB on the page's background, and the share of transparent pixels."""
    image = _eight_bits(image)
    if not image.has_transparency_data:
        return image.convert("RGB"), 0.0
    image = image.convert("RGBA")
    alpha = image.getchannel("A")
    transparent = sum(alpha.histogram()[:_NEARLY_TRANSPARENT]) / (image.width * image.height)
    # A page that tells its colour may have something else behind the image, such as a picture: where nothing
    # at all would be seen on that colour, it is not what the drawing was made for.
    grounds = [_WHITE, _BLACK] if background is None else [background, _WHITE, _BLACK]
    shown = _on(grounds[0], image, alpha)
    if 0 < transparent < 1:
        for ground, other in itertools.pairwise(grounds):
            if not _is_unseen_on(ground, shown):
                break
            shown = _on(other, image, alpha)
    return shown, transparent


def _on(background: tuple[int, int, int], image: Image.Image, alpha: Image.Image) -> Image.Image:
    page = Image.new("RGB", image.size, background)
    page.paste(image.convert("RGB"), mask=alpha)
    return page


def _is_unseen_on(ground: tuple[int, int, int], shown: Image.Image) -> bool:
    return all(
        low >= colour - _UNSEEN and high <= colour + _UNSEEN
        for (low, high), colour in zip(_extrema(shown), ground, strict=True)
    )


def _extrema(image: Image.Image) -> list[tuple[float, float]]:
    """Return the lowest and highest value of each channel."""
    found: Any = image.getextrema()
    return [found] if len(image.getbands()) == 1 else list(found)


def _eight_bits(image: Image.Image) -> Image.Image:
    """Return the image with one byte a channel: grey of 16 or more bits is scaled, not cut off."""
    if not image.mode.startswith(("I", "F")):
        return image
    wide = image.convert("F")
    ((low, high),) = _extrema(wide)
    if image.mode.startswith("I;16") or 255 < high <= 65_535:
        low, high = 0.0, 65_535.0
    elif low >= 0 and high <= 255:
        low, high = 0.0, 255.0
    scale = 255 / (high - low) if high > low else 0.0
    # + 0.5: converting from F cuts fractions off.
    return wide.point(lambda value: value * scale + (0.5 - low * scale)).convert("L")


def _fingerprint(shown: Image.Image) -> bytes:
    digest = hashlib.sha256(b"%dx%d|" % shown.size)
    for top in range(0, shown.height, _STRIP_ROWS):
        strip = shown.crop((0, top, shown.width, min(top + _STRIP_ROWS, shown.height)))
        digest.update(strip.tobytes())
    return digest.digest()


def _warm_up() -> None:
    """Decode one small image of each format, so that every codec has loaded what it loads at first use."""
    for name in FORMATS:
        encoded = io.BytesIO()
        Image.new("RGB", (16, 16)).save(encoded, name)
        read(encoded.getvalue(), background=None, max_pixels=256, longest_side=8)


class _Decoder:
    """What the process does: lock itself in, then answer."""

    def __init__(self, max_pixels: int, longest_side: int) -> None:
        self._max_pixels = max_pixels
        self._longest_side = longest_side
        self._layers: tuple[str, ...] = ()

    def lock_in(self) -> None:
        self._layers = sandbox.lock_down(max_memory_bytes=_BYTES_AT_REST + _BYTES_A_PIXEL * self._max_pixels)

    def answer(self, header: dict[str, Any], body: bytes) -> tuple[Mapping[str, object], bytes]:
        if header["do"] == "hello":
            return {"sandbox": self._layers}, b""
        background = tuple(header["background"]) if header["background"] else None
        return read(body, background=background, max_pixels=self._max_pixels, longest_side=self._longest_side)


def main() -> None:
    """Run the process. Its arguments: most pixels accepted, longest side returned, idle seconds."""
    max_pixels, longest_side, idle_seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    warnings.simplefilter("ignore")
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # the sandbox allows no other
    _warm_up()
    decoder = _Decoder(max_pixels, longest_side)
    serve(OneByOne(decoder.answer), idle_seconds=idle_seconds, on_start=decoder.lock_in)


if __name__ == "__main__":
    main()
