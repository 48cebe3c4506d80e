"""What is written in a picture is read as a person reads it, and nothing is read that is not there."""

import logging
import socket
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from altaloud.plain_text import plain
from altaloud.vision import reading
from altaloud.vision.blip.runtime import finish
from altaloud.vision.pictures import Picture
from altaloud.vision.reading import Line, Reader, Reading
from altaloud.vision.reading_order import in_reading_order

FOX = ["The quick brown fox jumps", "over the lazy dog: 12,345", "Buy now and save 50%"]
LEFT = ["Once upon a time there lived", "a small bear in the woods", "who liked honey very much"]
RIGHT = ["The other column begins with", "another story about a fox", "that walked along the river"]

HEADLINE, FOOTER = "A headline across both columns of the page", "And below them a line as wide as the page"


@pytest.fixture(scope="module")
def reader() -> Reader:
    """One for all: loading takes as long as reading."""
    return Reader()


def picture_of(image: Image.Image) -> Picture:
    image = image.convert("RGB")
    return Picture(*image.size, bytes(32), *image.size, image.tobytes(), 0.0, "PNG")


def drawn(
    lines: list[str],
    size: int = 20,
    *,
    ink: str = "black",
    ground: str = "white",
    wide: int = 400,
    font_file: Path | None = None,
) -> Image.Image:
    font = ImageFont.truetype(font_file, size) if font_file else ImageFont.load_default(size)
    image = Image.new("RGB", (wide, round(size * 1.6 * (len(lines) + 1))), ground)
    for number, line in enumerate(lines):
        ImageDraw.Draw(image).text((12, round(size * (0.6 + 1.6 * number))), line, font=font, fill=ink)
    return image


def two_columns() -> Image.Image:
    image = Image.new("RGB", (760, 300), "white")
    image.paste(drawn(LEFT, wide=340), (10, 70))
    image.paste(drawn(RIGHT, wide=340), (390, 78))  # the lines of real columns are not level
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(28)
    draw.text((22, 20), HEADLINE, font=font, fill="black")
    draw.text((22, 240), FOOTER, font=font, fill="black")
    return image


@pytest.mark.parametrize(
    ("name", "image"),
    [
        ("plain", drawn(FOX)),
        ("light on dark", drawn(FOX, ink="white", ground="navy")),
        ("12 px", drawn(FOX, 12)),
        ("large", drawn(FOX, 60, wide=900)),
        ("turned to the left", drawn(FOX).rotate(90, expand=True)),
        ("turned to the right", drawn(FOX).rotate(270, expand=True)),
        ("upside down", drawn(FOX).rotate(180)),
        ("slanting", drawn(FOX).rotate(7, expand=True, fillcolor="white")),
    ],
)
def test_text_is_read(reader: Reader, name: str, image: Image.Image) -> None:
    found = finish(reader.read(picture_of(image)))

    assert found.text.split("\n") == FOX
    assert found.confidence > 0.9
    assert 0.05 < found.coverage < 0.8


def test_two_pictures_can_be_read_in_turn(reader: Reader) -> None:
    images = [two_columns().resize((1900, 750)), drawn(FOX)]
    pictures = [picture_of(image) for image in images]
    alone = [finish(reader.read(picture)) for picture in pictures]

    first, second = (reader.read(picture) for picture in pictures)
    next(first)
    next(second)

    assert [finish(second), finish(first)] == alone[::-1]


@pytest.mark.parametrize(("text", "size"), [("Read more about us", 12), ("Terms and conditions apply", 10)])
def test_a_strip_as_low_as_its_letters_is_read(reader: Reader, text: str, size: int) -> None:
    font = ImageFont.load_default(size)
    strip = Image.new("RGB", (int(font.getlength(text)) + 12, size + 8), "white")
    ImageDraw.Draw(strip).text((6, 3), text, font=font, fill="black")

    assert finish(reader.read(picture_of(strip))).text == text


def test_accents_are_read(reader: Reader) -> None:
    candidates = [Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"), Path("C:/Windows/Fonts/arial.ttf")]
    font_file = next((file for file in candidates if file.exists()), None)
    if font_file is None:
        pytest.skip("no font with accents")

    found = finish(reader.read(picture_of(drawn(["Schöne Grüße aus Köln, ça va?"], 24, font_file=font_file))))

    assert found.text == "Schöne Grüße aus Köln, ça va?"


@pytest.mark.parametrize("degrees", [0, 90, 180])
def test_a_page_is_read_column_by_column(reader: Reader, degrees: int) -> None:
    image = two_columns().rotate(degrees, expand=True)

    assert finish(reader.read(picture_of(image))).text.split("\n") == [HEADLINE, *LEFT, *RIGHT, FOOTER]


def test_a_price_list_is_read_row_by_row(reader: Reader) -> None:
    image = Image.new("RGB", (500, 180), "white")
    font = ImageFont.load_default(20)
    for row, (name, price) in enumerate((("Coffee with milk", "3.50"), ("Tea", "2.80"), ("Cocoa", "4.10"))):
        ImageDraw.Draw(image).text((20, 20 + 50 * row), name, font=font, fill=0)
        ImageDraw.Draw(image).text((400, 20 + 50 * row), price, font=font, fill=0)

    found = finish(reader.read(picture_of(image)))

    assert found.text.split("\n") == ["Coffee with milk", "3.50", "Tea", "2.80", "Cocoa", "4.10"]


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_line_is_found_where_it_stands(reader: Reader, degrees: int) -> None:
    image = Image.new("RGB", (400, 300), "white")
    image.paste(drawn(["Top left"], 24, wide=150), (0, 0))

    (line,) = finish(reader.read(picture_of(image.rotate(degrees, expand=True)))).lines

    middle = ((line.box[0] + line.box[2]) / 2, (line.box[1] + line.box[3]) / 2)
    corner = {0: (0, 0), 90: (0, 1), 180: (1, 1), 270: (1, 0)}[degrees]
    assert abs(middle[0] - corner[0]) < 0.25
    assert abs(middle[1] - corner[1]) < 0.25


@pytest.mark.parametrize(
    ("name", "image"),
    [
        ("nothing", Image.new("RGB", (300, 200), "white")),
        ("noise", Image.effect_noise((300, 200), 90)),
        ("a drawing", Image.radial_gradient("L")),
        ("a line", Image.new("RGB", (2000, 3))),
        ("one pixel", Image.new("RGB", (1, 1))),
        ("a very long strip", Image.new("RGB", (2560, 9), "red")),
        ("a very tall strip", Image.effect_noise((20, 10_000), 90)),
        ("the tallest strip", Image.effect_noise((8, 16_384), 90)),
        ("a strip of stripes", Image.linear_gradient("L").resize((30, 64)).resize((30, 16_384))),
    ],
)
def test_nothing_is_read_where_nothing_is_written(reader: Reader, name: str, image: Image.Image) -> None:
    found = finish(reader.read(picture_of(image)))

    assert found == Reading()
    assert (found.text, found.confidence, found.coverage) == ("", 0, 0)


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    tried: list[object] = []

    def refuse(self: socket.socket, address: object) -> None:
        tried.append(address)
        raise OSError("there is no network in this test")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    yield tried
    assert tried == []


def test_the_models_are_never_downloaded_and_nothing_is_printed(
    no_network: list[object], capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    assert finish(Reader().read(picture_of(drawn(["A secret"])))).text == "A secret"

    out, err = capfd.readouterr()
    assert "secret" not in out + err + caplog.text
    assert (out, err) == ("", "")


def test_pictures_of_many_sizes_do_not_pile_up_in_memory(reader: Reader) -> None:
    """rapidocr's own sessions keep kernels for each size of input: 200 MB after forty pictures."""
    finish(reader.read(picture_of(drawn(["A line of text"]))))

    assert reader._finder is not None
    ocr = reader._finder._ocr
    parts = (ocr.text_det, ocr.text_cls, ocr.text_rec)
    assert {type(part.session) for part in parts} == {reading._Session}


def test_hostile_text_is_plain_and_bounded() -> None:
    assert plain("Blumen\u00adstrau\u00df") == "Blumenstrau\u00df"
    assert plain("\U0001f469\u200d\U0001f4bb \u200d") == "\U0001f469\u200d\U0001f4bb"
    assert plain(" \u200c\u202e\u200d ") == ""
    assert plain("a\u202eb\u0007c\u200bd\ue000e\x1b[31m  f\n") == "ab cd e [31m f"
    many = [Line("word " * 90, 0.9, (0, 0, 1, 1))] * 100
    assert sum(len(line.text) for line in reading._bounded(many)) <= 10_000


@pytest.mark.parametrize(
    ("text", "confidence", "is_kept"),
    [("A", 0.95, True), ("A", 0.7, False), ("OK", 0.7, True), ("...", 0.99, False), ("", 0.99, False)],
)
def test_ornaments_are_not_text(text: str, confidence: float, is_kept: bool) -> None:
    lines = [Line("Some words", 0.9, (0, 0, 1, 1)), Line(text, confidence, (0, 0, 1, 1))]

    assert len(reading._bounded(lines)) == 1 + is_kept


def test_a_drawing_that_looks_like_one_letter_is_not_text() -> None:
    """A magnifying glass is read as "Q", with full confidence."""
    assert reading._bounded([Line("'Q", 1.0, (0, 0, 1, 1))]) == ()


def test_long_lines_count_more_for_the_confidence() -> None:
    found = Reading((Line("x" * 30, 0.9, (0, 0, 0.5, 0.5)), Line("x" * 10, 0.5, (0.5, 0.5, 1, 1))))

    assert found.confidence == pytest.approx(0.8)
    assert found.coverage == pytest.approx(0.5)


def quad(left: float, top: float, right: float, bottom: float) -> list[list[float]]:
    return [[left, top], [right, top], [right, bottom], [left, bottom]]


@pytest.mark.parametrize(
    ("name", "boxes", "order"),
    [
        ("one line", [(0, 0, 90, 10)], [0]),
        ("words of a line, and a line", [(60, 1, 90, 11), (0, 0, 50, 10), (0, 20, 90, 30)], [1, 0, 2]),
        (
            "three columns",
            [(x, y, x + 80, y + 10) for y in (0, 20) for x in (0, 100, 200)],
            [0, 3, 1, 4, 2, 5],
        ),
        (
            "a headline, columns, a footer",
            [(0, 0, 180, 15), (0, 30, 80, 40), (100, 30, 180, 40), (0, 50, 80, 60), (0, 80, 180, 90)],
            [0, 1, 3, 2, 4],
        ),
        ("cells of a table", [(x, y, x + 30, y + 10) for y in (0, 20) for x in (0, 100)], [0, 1, 2, 3]),
    ],
)
def test_boxes_are_put_into_reading_order(
    name: str, boxes: list[tuple[float, float, float, float]], order: list[int]
) -> None:
    assert in_reading_order(np.array([quad(*box) for box in boxes], dtype=np.float32)) == order


def test_a_slanting_page_is_read_line_by_line() -> None:
    """Each line ends lower than the next one begins."""
    boxes = [(0, 0, 30, 10), (370, 0, 400, 10), (0, 20, 30, 30), (370, 20, 400, 30)]
    level = np.array([quad(*box) for box in boxes], dtype=np.float32)
    slanting = level @ np.array([[1, 0.1], [-0.1, 1]], dtype=np.float32)

    assert in_reading_order(slanting) == [0, 1, 2, 3]
