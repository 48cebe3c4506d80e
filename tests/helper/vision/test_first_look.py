"""The first look: measurement has the last word on what the starter model takes a picture for."""

import pytest
from PIL import Image, ImageDraw

from altaloud.vision.first_look import FirstLook, version
from altaloud.vision.kinds import STARTER, Kind
from altaloud.vision.pictures import Picture


def picture_of(image: Image.Image, *, transparent: float = 0.0) -> Picture:
    rgb = image.convert("RGB")
    return Picture(*rgb.size, bytes(32), *rgb.size, rgb.tobytes(), transparent, "PNG")


def bars(size: tuple[int, int]) -> Image.Image:
    image = Image.new("RGB", (320, 220), "white")
    draw = ImageDraw.Draw(image)
    draw.line([(30, 10), (30, 200), (310, 200)], fill="black", width=2)
    for number, height in enumerate([60, 110, 90, 150, 170, 120, 80, 140]):
        draw.rectangle([42 + number * 33, 199 - height, 64 + number * 33, 199], fill=(31, 119, 180))
    return image.resize(size, Image.Resampling.LANCZOS)


@pytest.fixture(scope="module")
def look() -> FirstLook:
    return FirstLook()


def test_what_shows_nothing_is_measured_and_not_guessed(look: FirstLook) -> None:
    guess = look.look(picture_of(Image.new("RGB", (40, 40), "white")))

    assert (guess.kind, guess.evidence) == (Kind.blank, "one_colour")


def test_a_chart_has_a_type_and_is_worth_reading(look: FirstLook) -> None:
    guess = look.look(picture_of(bars((320, 220))))

    assert (guess.kind, guess.evidence, guess.has_text) == (Kind.chart, STARTER, True)
    assert guess.chart in {"bar chart", None}  # None where the weights are not sure enough of the type


@pytest.mark.parametrize("size", [(24, 18), (60, 40)])
def test_nothing_as_small_as_a_sign_is_a_chart(look: FirstLook, size: tuple[int, int]) -> None:
    assert look.look(picture_of(bars(size))).kind is not Kind.chart


def test_a_long_page_is_suspected_to_hold_text(look: FirstLook) -> None:
    page = Image.new("RGB", (300, 6000), "white")
    draw = ImageDraw.Draw(page)
    for top in range(20, 5980, 22):
        draw.text((12, top), "The library opens at nine", fill="black", font_size=12)

    assert look.look(picture_of(page)).has_text


def test_the_version_names_the_measurement_and_the_weights() -> None:
    measured, weights = version().split()

    assert measured.startswith("measure@")
    assert weights.startswith("starter@")
