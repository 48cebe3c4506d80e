"""Whatever bytes come, what goes on is an upright RGB picture of a bounded size, or one clear error."""

import asyncio
import io
import os
import signal
import struct
import subprocess
import sys
import zlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from altaloud.errors import DamagedImageError, ImageError, ImageTooLargeError, UnreadableImageError
from altaloud.vision import decoder, sizes
from altaloud.vision.pictures import LONGEST_SIDE, Picture, PictureReader

T = TypeVar("T")
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF", "BMP", "ICO")
MAX_PIXELS = 2_000_000
RED, WHITE, BLACK = (255, 0, 0), (255, 255, 255), (0, 0, 0)
ONLY_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")


def with_reader(use: Callable[[PictureReader], Awaitable[T]], *, max_pixels: int = MAX_PIXELS) -> T:
    async def run() -> T:
        reader = PictureReader(max_bytes=1_000_000, max_pixels=max_pixels)
        try:
            return await use(reader)
        finally:
            await reader.close()

    return asyncio.run(run())


def read(data: bytes, **options: Any) -> Picture:
    return with_reader(lambda reader: reader.read(data, **options))


def encoded(image: Image.Image, format_name: str = "PNG", **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, format_name, **options)
    return stream.getvalue()


def halves(left: object = RED, right: object = WHITE, mode: str = "RGB") -> Image.Image:
    """Return an image of 40 x 20 pixels, its left half of one colour and its right half of another."""
    image = Image.new(mode, (40, 20), right)  # type: ignore[arg-type]
    image.paste(Image.new(mode, (20, 20), left), (0, 0))  # type: ignore[arg-type]
    return image


def colour_at(picture: Picture, column: int, row: int) -> tuple[int, ...]:
    start = (row * picture.columns + column) * 3
    return tuple(picture.pixels[start : start + 3])


def is_near(colour: tuple[int, ...], wanted: tuple[int, ...], tolerance: int = 12) -> bool:
    return all(abs(a - b) <= tolerance for a, b in zip(colour, wanted, strict=True))


def png_declaring(width: int, height: int) -> bytes:
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    return b"\x89PNG\r\n\x1a\n" + chunk + b"\0\0\0\0IDAT"


def webp_declaring(width: int, height: int) -> bytes:
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    chunk = b"VP8X" + struct.pack("<I", 10) + b"\x02\0\0\0" + size
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


def ico_holding(png: bytes) -> bytes:
    return struct.pack("<HHH", 0, 1, 1) + struct.pack("<BBBBHHII", 16, 16, 0, 0, 1, 32, len(png), 22) + png


@pytest.mark.parametrize("format_name", FORMATS)
def test_every_format_of_the_web_is_read(format_name: str) -> None:
    options = {"sizes": [(40, 20)]} if format_name == "ICO" else {}

    picture = read(encoded(halves(), format_name, **options))

    assert (picture.width, picture.height, picture.format) == (40, 20, format_name)
    assert (picture.columns, picture.rows, len(picture.pixels)) == (40, 20, 2400)
    assert is_near(colour_at(picture, 4, 10), RED)
    assert is_near(colour_at(picture, 35, 10), WHITE)
    assert picture.transparent == 0


@pytest.mark.parametrize(
    ("mode", "left", "seen"),
    [
        ("1", 0, BLACK),
        ("L", 100, (100, 100, 100)),
        ("LA", (100, 255), (100, 100, 100)),
        ("P", 5, None),
        ("I;16", 100 * 257, (100, 100, 100)),
        ("I;16", 200, (1, 1, 1)),
        ("RGBA", (255, 0, 0, 255), RED),
        ("RGBA", (0, 0, 0, 0), WHITE),
        ("LA", (0, 128), (127, 127, 127)),
        ("RGBA", (255, 0, 0, 128), (255, 127, 127)),
    ],
)
def test_every_kind_of_pixel_is_shown_as_on_a_page(
    mode: str, left: object, seen: tuple[int, ...] | None
) -> None:
    right = {"1": 255, "L": 255, "P": 7, "I;16": 65_535, "LA": (255, 255), "RGBA": (0, 0, 255, 255)}[mode]
    image = halves(left, right, mode)
    if mode == "P":
        image.putpalette([index for value in range(256) for index in (value, 2 * value % 256, 9)])
        seen = (5, 10, 9)

    picture = read(encoded(image))

    assert seen is not None
    assert is_near(colour_at(picture, 4, 10), seen, tolerance=1)


def test_a_transparent_colour_of_a_palette_lets_the_page_through() -> None:
    image = halves(0, 1, "P")
    image.putpalette([0, 0, 0, 0, 0, 255])

    picture = read(encoded(image, "GIF", transparency=0), background=(10, 200, 30))

    assert colour_at(picture, 4, 10) == (10, 200, 30)
    assert colour_at(picture, 35, 10) == (0, 0, 255)
    assert picture.transparent == 0.5


def test_a_white_drawing_is_seen_on_a_dark_page() -> None:
    white_on_nothing = halves((255, 255, 255, 255), (0, 0, 0, 0), "RGBA")

    picture = read(encoded(white_on_nothing))

    assert colour_at(picture, 4, 10) == WHITE
    assert colour_at(picture, 35, 10) == BLACK


@pytest.mark.parametrize(
    ("ink", "page", "ground"),
    [
        (WHITE, (20, 30, 40), (20, 30, 40)),  # as the page shows it
        (WHITE, WHITE, BLACK),  # a picture behind it, of which the page's colour tells nothing
        ((20, 30, 40), (10, 20, 30), WHITE),
    ],
)
def test_a_drawing_is_seen_on_its_page_unless_nothing_is(
    ink: tuple[int, int, int], page: tuple[int, int, int], ground: tuple[int, int, int]
) -> None:
    drawing = encoded(halves((*ink, 255), (0, 0, 0, 0), "RGBA"))

    picture = read(drawing, background=page)

    assert (colour_at(picture, 4, 10), colour_at(picture, 35, 10)) == (ink, ground)
    assert picture.fingerprint != read(drawing, background=RED).fingerprint


def test_cmyk_is_read_as_browsers_read_it() -> None:
    ink = Image.new("CMYK", (16, 16), (0, 255, 255, 0))

    picture = read(encoded(ink, "JPEG", quality=95))

    assert is_near(colour_at(picture, 8, 8), RED)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_turned_upright(format_name: str, orientation: int) -> None:
    upright = halves()
    # What the camera stored, for the viewer to undo what the tag says.
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(undo[orientation]) if orientation in undo else upright
    exif = Image.Exif()
    exif[0x0112] = orientation

    picture = read(encoded(stored, format_name, exif=exif))

    assert (picture.width, picture.height) == (40, 20)
    assert is_near(colour_at(picture, 4, 10), RED)
    assert is_near(colour_at(picture, 35, 10), WHITE)


def test_a_damaged_exif_is_no_reason_to_refuse_a_picture() -> None:
    picture = read(encoded(halves(), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\x01\x12"))

    assert picture.width == 40


def test_an_animation_is_its_first_frame() -> None:
    data = encoded(halves(), "GIF", save_all=True, append_images=[halves(BLACK, BLACK)] * 3)

    assert is_near(colour_at(read(data), 4, 10), RED)


def test_what_libraries_load_late_is_there_in_the_sandbox() -> None:
    """A 3D photograph (MPO), comments, colour profiles, EXIF and animations decode as they do outside it."""
    exif = Image.Exif()
    exif[0x010E] = "a description"
    extras: dict[str, Any] = {"exif": exif, "icc_profile": b"x" * 200, "comment": b"words", "xmp": b"<x/>"}
    text = PngImagePlugin.PngInfo()
    text.add_itxt("Comment", "wörds", zip=True)
    text.add_text("Other", "words", zip=True)
    samples = [
        encoded(halves(), "MPO", save_all=True, append_images=[halves()]),
        encoded(halves(), "JPEG", progressive=True, **extras),
        encoded(halves(mode="P", left=1, right=2), "PNG", pnginfo=text, transparency=b"\x00\x80\xff"),
        encoded(halves(mode="L", left=1, right=2), "PNG", transparency=1),
        encoded(halves(), "PNG", save_all=True, append_images=[halves(BLACK)], **extras),
        encoded(halves(), "WEBP", save_all=True, append_images=[halves(BLACK)], **extras),
        encoded(halves(), "GIF", save_all=True, append_images=[halves(BLACK)], disposal=2, comment=b"words"),
        encoded(halves(RED, (1, 2, 3, 4), "RGBA"), "AVIF", **extras),
        encoded(halves(RED, (1, 2, 3, 4), "RGBA"), "ICO", bitmap_format="bmp", sizes=[(40, 20)]),
        encoded(halves(RED, (1, 2, 3, 4), "RGBA"), "BMP"),
    ]

    async def use(reader: PictureReader) -> list[bytes]:
        return [(await reader.read(data)).fingerprint for data in samples]

    inside = with_reader(use)

    options: dict[str, Any] = {"background": None, "max_pixels": MAX_PIXELS, "longest_side": LONGEST_SIDE}
    outside = [bytes.fromhex(str(decoder.read(data, **options)[0]["fingerprint"])) for data in samples]
    assert inside == outside


def test_an_icon_file_gives_its_largest_size() -> None:
    data = encoded(Image.new("RGBA", (64, 64), RED), "ICO", sizes=[(16, 16), (64, 64), (32, 32)])

    assert read(data).width == 64


def test_a_large_picture_is_reduced_and_remembers_its_size() -> None:
    picture = read(encoded(Image.new("L", (6000, 300), 77)))

    assert (picture.width, picture.height) == (6000, 300)
    assert (picture.columns, picture.rows) == (LONGEST_SIDE, 128)
    assert set(picture.pixels) == {77}


@pytest.mark.parametrize(
    ("size", "kept"),
    [
        ((900, 14_000), (900, 14_000)),  # a page's screenshot: its letters stay as they are
        ((1280, 40_000), (524, 16_384)),
        ((3000, 4000), (1920, 2560)),
        ((1920, 5000), (1280, 3333)),
        ((4, 60_000), (1, 16_384)),
        ((60_000, 4), (2560, 1)),
    ],
)
def test_a_long_page_is_reduced_less(size: tuple[int, int], kept: tuple[int, int]) -> None:
    reduced = sizes.kept(*size, LONGEST_SIDE)

    assert reduced == pytest.approx(kept, rel=0.01)
    assert sizes.is_bounded(*reduced, LONGEST_SIDE)
    assert not sizes.is_bounded(reduced[0] * 2, reduced[1] * 2, LONGEST_SIDE) or max(reduced) < LONGEST_SIDE


def test_reducing_does_not_make_patterns_of_its_own() -> None:
    stripes = Image.new("L", (4000, 8), 0)
    for column in range(0, 4000, 2):
        stripes.paste(255, (column, 0, column + 1, 8))

    picture = read(encoded(stripes))

    assert max(picture.pixels) - min(picture.pixels) < 160  # lines of one pixel each become grey


@pytest.mark.parametrize("format_name", ["WEBP", "BMP", "PNG"])
def test_the_same_pixels_have_the_same_fingerprint_however_they_came(format_name: str) -> None:
    noise = Image.effect_noise((60, 40), 80).convert("RGB")
    options = {"lossless": True} if format_name == "WEBP" else {}

    async def use(reader: PictureReader) -> list[bytes]:
        changed = noise.copy()
        changed.putpixel((59, 39), (1, 2, 3))
        variants = [
            encoded(noise, compress_level=0),
            encoded(noise, format_name, **options),
            encoded(noise.convert("RGBA")),
            encoded(changed),
            encoded(noise.transpose(Image.Transpose.ROTATE_90)),
            encoded(Image.new("RGB", (60, 40))),
            encoded(Image.new("RGB", (40, 60))),
        ]
        return [(await reader.read(data)).fingerprint for data in variants]

    first, again, with_alpha, *others = with_reader(use)

    assert first == again == with_alpha
    assert len({first, *others}) == 5
    assert len(first) == 32


@pytest.mark.parametrize(
    ("name", "data", "error", "words"),
    [
        ("nothing", b"", UnreadableImageError, "the file is empty"),
        ("text", b"BM is how this text begins", UnreadableImageError, "this is not an image"),
        ("a web page", b"\n<!DOCTYPE html><svg>", UnreadableImageError, "this is a web page, not an image"),
        ("SVG", b"<?xml version='1.0'?>\n<svg/>", UnreadableImageError, "an SVG drawing, a format that is"),
        ("PDF", b"%PDF-1.7", UnreadableImageError, "a PDF document, not an image"),
        ("HEIC", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", UnreadableImageError, "a HEIF image"),
        ("MP4", b"\0\0\0\x18ftypisom\0\0\0\0isommp42", UnreadableImageError, "a video, not an image"),
        ("TIFF", encoded(halves(), "TIFF"), UnreadableImageError, "a TIFF image, a format that is not read"),
        ("PPM", encoded(halves(), "PPM"), UnreadableImageError, "this is not an image"),
        ("only a signature", b"\xff\xd8\xff", DamagedImageError, "the JPEG image is damaged or ends early"),
        ("too many bytes", bytes(1_000_001), ImageTooLargeError, "1,000,001 bytes, and 1,000,000 are acc"),
        ("a PNG bomb", png_declaring(60_000, 60_000), ImageTooLargeError, "3,600,000,000 pixels"),
        ("a WEBP bomb", webp_declaring(16_384, 16_384), ImageTooLargeError, "268,435,456 pixels"),
        ("a bomb in an ICO", ico_holding(png_declaring(60_000, 60_000)), ImageTooLargeError, "2,000,000"),
        ("just above", encoded(Image.new("1", (2001, 1000))), ImageTooLargeError, r"\(2001 x 1000\)"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_clear_line(
    name: str, data: bytes, error: type[ImageError], words: str
) -> None:
    with pytest.raises(error, match=words) as caught:
        read(data)

    assert "\n" not in str(caught.value)
    assert caught.value.advice


@pytest.mark.parametrize("format_name", FORMATS)
def test_an_image_that_ends_early_is_called_damaged(format_name: str) -> None:
    whole = encoded(Image.effect_noise((100, 100), 80).convert("RGB"), format_name)

    with pytest.raises(DamagedImageError):
        read(whole[: len(whole) // 2])


def test_a_picture_of_exactly_the_limit_is_read() -> None:
    assert read(encoded(Image.new("1", (2000, 1000)))).width == 2000


SAMPLES = [encoded(Image.effect_noise((24, 24), 80).convert("RGB"), name) for name in FORMATS]
SAMPLES.append(encoded(halves((9, 9, 9, 80), (0, 0, 0, 0), "RGBA"), "GIF"))


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    data = bytearray(draw(st.sampled_from(SAMPLES)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data) - 1))
        data[at : at + draw(st.integers(0, 3))] = draw(st.binary(max_size=4))
        data = data or bytearray(b"x")
    return bytes(data)


def test_no_bytes_bring_the_reader_down() -> None:
    """One decoder for all: what one image does to it must not reach the next."""
    reader = PictureReader(max_bytes=1_000_000, max_pixels=MAX_PIXELS)

    async def outcome(data: bytes) -> Picture | None:
        try:
            return await reader.read(data)
        except ImageError:
            return None

    with asyncio.Runner() as runner:

        @settings(max_examples=300, deadline=10_000, suppress_health_check=list(HealthCheck), database=None)
        @given(st.binary(max_size=200) | mutated())
        def every_outcome_is_one_of_ours(data: bytes) -> None:
            picture = runner.run(outcome(data))
            assert picture is None or len(picture.pixels) == picture.columns * picture.rows * 3

        try:
            every_outcome_is_one_of_ours()
            assert runner.run(outcome(SAMPLES[0])) is not None
        finally:
            runner.run(reader.close())


def test_a_decoder_that_dies_costs_one_picture() -> None:
    async def use(reader: PictureReader) -> None:
        await reader.start()
        assert reader.pid is not None
        os.kill(reader.pid, signal.SIGSTOP)
        reading = asyncio.create_task(reader.read(encoded(halves())))
        await asyncio.sleep(0.1)
        os.kill(reader.pid, signal.SIGKILL)
        with pytest.raises(DamagedImageError, match="cannot be decoded safely"):
            await reading
        assert (await reader.read(encoded(halves()))).width == 40

    with_reader(use)


@ONLY_LINUX
def test_a_large_picture_does_not_stay_in_memory() -> None:
    async def use(reader: PictureReader) -> int:
        await reader.read(encoded(Image.new("RGBA", (6000, 5000), (1, 2, 3, 200))))
        status = Path(f"/proc/{reader.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))

    resident_kilobytes = with_reader(use, max_pixels=40_000_000)

    assert resident_kilobytes < 60_000


@ONLY_LINUX
def test_the_reader_says_what_locks_its_decoder_in() -> None:
    async def use(reader: PictureReader) -> tuple[str, ...]:
        assert reader.sandbox == ()
        await reader.read(encoded(halves()))
        return reader.sandbox

    assert {"limits", "seccomp"} <= set(with_reader(use))


ATTACKS = {
    "reads a file": "open('/etc/hostname')",
    "writes a file": "open('stolen', 'w')",
    "lists a folder": "os.listdir('/')",
    "makes a socket": "socket.socket()",
    "makes a Unix socket": "socket.socket(socket.AF_UNIX)",
    "starts a process": "os.fork()",
    "becomes another program": "os.execv('/bin/true', ['true'])",
    "starts a thread": "_thread.start_new_thread(print, ())",
    "signals its parent": "os.kill(os.getppid(), 0)",
    "makes a pipe": "os.pipe()",
    "takes all memory": "bytearray(2_000_000_000)",
}


@ONLY_LINUX
@pytest.mark.parametrize("name", ATTACKS)
def test_a_decoder_that_was_taken_over(name: str) -> None:
    program = f"""if True:
        import _thread, os, socket
        from altaloud.vision import sandbox
        sandbox.lock_down(max_memory_bytes=1_000_000_000)
        try:
            {ATTACKS[name]}
        except (PermissionError, MemoryError, RuntimeError, OSError) as error:
            os.write(1, type(error).__name__.encode())
        else:
            os.write(1, b"it could")
        os._exit(0)
    """

    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    wanted = {"takes all memory": b"MemoryError", "starts a thread": b"RuntimeError"}
    assert ended.stdout == wanted.get(name, b"PermissionError"), ended.stderr


LANDLOCK_ALONE = {
    "reads a file": "open('/etc/hostname')",
    "connects": "socket.socket().connect(('127.0.0.1', 9))",
}


@ONLY_LINUX
@pytest.mark.parametrize("name", LANDLOCK_ALONE)
def test_landlock_holds_where_the_filter_does_not(name: str) -> None:
    program = f"""if True:
        import os, socket
        from altaloud.vision import sandbox
        sandbox.platform.machine = lambda: "an unknown machine"
        sandbox._limit_resources = lambda max_memory_bytes: False
        layers = sandbox.lock_down(max_memory_bytes=1_000_000_000)
        try:
            {LANDLOCK_ALONE[name]}
        except OSError as error:
            os.write(1, type(error).__name__.encode() if layers else b"no landlock")
    """

    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    if ended.stdout == b"no landlock":
        pytest.skip("this kernel has no Landlock")
    assert ended.stdout == b"PermissionError", ended.stderr
