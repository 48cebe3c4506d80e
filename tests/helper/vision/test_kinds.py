"""Measurement silences only what surely says nothing, and suspects text wherever there may be some."""

import io
import math

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from altaloud.vision.kinds import Kind, KindGuess, measure
from altaloud.vision.pictures import Picture

NOISE = np.random.default_rng(0).integers(0, 256, (60, 60, 3))


def picture_of(image: Image.Image, *, transparent: float = 0.0) -> Picture:
    image = image.convert("RGB")
    width, height = image.size
    return Picture(width, height, bytes(32), width, height, image.tobytes(), transparent, "PNG")


def guess(image: Image.Image) -> KindGuess:
    return measure(picture_of(image))


def as_jpeg(image: Image.Image, quality: int = 60) -> Image.Image:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=quality)
    return Image.open(stream)


def blank(size: tuple[int, int] = (200, 150), colour: str = "#7799bb") -> Image.Image:
    return Image.new("RGB", size, colour)


def gradient(size: tuple[int, int] = (300, 200), *, is_radial: bool = False) -> Image.Image:
    y, x = np.mgrid[-1 : 1 : size[1] * 1j, -1 : 1 : size[0] * 1j]
    level = (1 - np.exp(-(x**2 + y**2))) if is_radial else (x + 2 * y + 3) / 6
    bands = [level * last + (1 - level) * first for first, last in ((20, 220), (90, 60), (200, 120))]
    return Image.fromarray(np.stack(bands, axis=2).astype(np.uint8))


def line(*, is_dashed: bool = False) -> Image.Image:
    image = Image.new("RGB", (600, 9), "white")
    draw = ImageDraw.Draw(image)
    for start in range(0, 600, 20):
        draw.line((start, 4, start + (10 if is_dashed else 20), 4), fill="#888888", width=3)
    return image


def writing(
    text: str = "A headline", size: int = 24, *, ink: str = "black", ground: str = "white"
) -> Image.Image:
    font = ImageFont.load_default(size)
    image = Image.new("RGB", (int(font.getlength(text)) + 20, size * 2), ground)
    ImageDraw.Draw(image).text((10, size // 3), text, font=font, fill=ink)
    return image


def page(size: int = 12) -> Image.Image:
    image = Image.new("RGB", (1920, 1080), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(size)
    for top in range(40, 1000, size * 2):
        draw.text((40, top), "Some words of a page that nobody reads to the end", font=font, fill="#222222")
    return image


def icon() -> Image.Image:
    image = Image.new("RGB", (64, 64), "white")
    draw = ImageDraw.Draw(image)
    draw.ellipse((10, 10, 42, 42), outline="black", width=6)
    draw.line((40, 40, 58, 58), fill="black", width=8)
    return image


def chart() -> Image.Image:
    image = Image.new("RGB", (400, 300), "white")
    draw = ImageDraw.Draw(image)
    for at, height in enumerate((120, 200, 60, 150, 240)):
        draw.rectangle((30 + 70 * at, 280 - height, 80 + 70 * at, 280), fill="#1f77b4")
    draw.line((20, 10, 20, 281, 390, 281), fill="black", width=2)
    return image


def photograph(size: tuple[int, int] = (240, 180), seed: int = 1) -> Image.Image:
    """Return what has a photograph's statistics: detail at every scale (1/f), a camera's noise."""
    chance = np.random.default_rng(seed)
    width, height = size
    scene = np.zeros((height, width, 3))
    octave = 4
    while octave <= width:
        cells = chance.normal(size=(max(2, octave * height // width), octave, 3))
        shared = cells.mean(axis=2, keepdims=True) * 1.5 + cells * 0.5  # colours vary less than brightness
        for band in range(3):
            layer = Image.fromarray(shared[:, :, band].astype(np.float32))
            scene[:, :, band] += np.asarray(layer.resize(size, Image.Resampling.BICUBIC)) / octave
        octave *= 2
    scene = 128 + scene / scene.std() * 55 + chance.normal(size=scene.shape) * 2
    return Image.fromarray(np.clip(scene, 0, 255).astype(np.uint8))


@pytest.mark.parametrize(
    ("name", "image", "kind", "evidence"),
    [
        ("one colour", blank(), Kind.blank, "one_colour"),
        (
            "one colour with a JPEG's noise",
            Image.fromarray(np.uint8(NOISE % 5 + 90)),
            Kind.blank,
            "one_colour",
        ),
        ("a tracking pixel", blank((1, 1)), Kind.blank, "one_colour"),
        ("a spacer of two colours", gradient((300, 3)), Kind.decorative, "spacer"),
        ("a line", line(), Kind.decorative, "line"),
        ("a line from top to bottom", line().rotate(90, expand=True), Kind.decorative, "line"),
        ("a gradient", gradient(), Kind.decorative, "gradient"),
        ("a gradient as JPEG", as_jpeg(gradient(), 80), Kind.decorative, "gradient"),
        ("a vignette", gradient(is_radial=True), Kind.decorative, "gradient"),
    ],
)
def test_what_says_nothing_is_recognised(name: str, image: Image.Image, kind: Kind, evidence: str) -> None:
    found = guess(image)

    assert (found.kind, found.evidence, found.has_text) == (kind, evidence, False)
    assert found.confidence == 1.0


def test_a_picture_without_anything_to_see_is_blank() -> None:
    assert measure(picture_of(photograph(), transparent=1.0)).evidence == "transparent"


def with_dot(image: Image.Image) -> Image.Image:
    middle = (image.width // 2, image.height // 2)
    ImageDraw.Draw(image).ellipse((*middle, middle[0] + 4, middle[1] + 4), fill="red")
    return image


def faint(image: Image.Image) -> Image.Image:
    return Image.blend(image, Image.new("RGB", image.size, "white"), 0.93)


@pytest.mark.parametrize(
    ("name", "image"),
    [
        ("a dot on one colour", with_dot(blank())),
        ("a dot on a gradient", with_dot(gradient())),
        ("a dot on a large gradient", with_dot(gradient((2400, 1800)))),
        ("a faint tiny pattern", Image.fromarray(np.uint8(NOISE[:5, :5] % 13 + 90))),
        ("a dot on a line", with_dot(line())),
        ("a faint drawing", faint(icon())),
        (
            "a flag",
            Image.fromarray(np.repeat(np.repeat(np.eye(3, dtype=np.uint8) * 200, 90, 0)[None], 90, 0)),
        ),
        ("a banner with words", writing("A very long banner with words in it, all on one line", 12)),
        ("a banner with words, light on dark", writing("words " * 20, 12, ink="white", ground="navy")),
        ("an icon", icon()),
        ("a chart", chart()),
        ("a photograph out of focus", photograph().filter(ImageFilter.GaussianBlur(4))),
        ("a small button", writing("OK", 12)),
    ],
)
def test_content_is_never_silenced(name: str, image: Image.Image) -> None:
    assert guess(image).kind not in {Kind.blank, Kind.decorative}


def meme() -> Image.Image:
    image = photograph((400, 300))
    font = ImageFont.load_default(40)
    ImageDraw.Draw(image).text(
        (20, 240), "TOO LATE NOW", font=font, fill="white", stroke_width=3, stroke_fill=0
    )
    return image


@pytest.mark.parametrize(
    ("name", "image"),
    [
        *((f"{size} px", writing(size=size)) for size in (10, 12, 16, 24, 48, 100)),
        ("light on dark", writing(ink="#eeeeee", ground="#222233")),
        ("grey on grey", writing(ink="#777777", ground="#aaaaaa")),
        ("as JPEG", as_jpeg(writing(), 50)),
        ("a full page of 12 px", page(12)),
        ("rotated", writing().rotate(90, expand=True)),
        ("slanting", writing().rotate(10, expand=True, fillcolor="white")),
        ("on a gradient", Image.blend(gradient((140, 48)), writing().resize((140, 48)), 0.5)),
        ("a meme", meme()),
        ("a meme as JPEG", as_jpeg(meme(), 60)),
    ],
)
def test_text_is_suspected(name: str, image: Image.Image) -> None:
    assert guess(image).has_text


@pytest.mark.parametrize(
    ("name", "image"),
    [
        ("a gradient", gradient()),
        ("a chart without words", chart()),
        ("a photograph", photograph()),
        ("too low for letters", writing("Some words", size=11).crop((0, 3, 80, 18))),
    ],
)
def test_no_time_is_spent_on_reading_what_has_no_text(name: str, image: Image.Image) -> None:
    assert not guess(image).has_text


@pytest.mark.parametrize("size", [(1, 1), (1, 2000), (2000, 1), (4, 4), (7, 90), (31, 16), (2560, 9)])
def test_a_picture_of_any_shape_is_measured(size: tuple[int, int]) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)

    found = guess(Image.fromarray(noise))

    assert 0 <= found.confidence <= 1
    assert not math.isnan(found.confidence)
