"""The example images are what their page and their credits say."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from examples.draw import PICTURES, damaged

FOLDER = Path(__file__).parents[2] / "installer" / "examples"
IMAGES = sorted(path.name for path in FOLDER.iterdir() if path.suffix in {".png", ".webp", ".jpg", ".gif"})


@pytest.mark.parametrize("name", PICTURES)
def test_a_drawn_image_is_the_one_that_the_script_draws(name: str) -> None:
    with Image.open(FOLDER / name) as kept:
        assert kept.convert("RGBA").tobytes() == PICTURES[name]().convert("RGBA").tobytes()


def test_the_damaged_file_ends_early() -> None:
    kept = (FOLDER / "damaged.jpg").read_bytes()

    with Image.open(BytesIO(kept)) as image, pytest.raises(OSError, match="truncated"):
        image.load()
    with Image.open(BytesIO(damaged())) as drawn:
        assert drawn.size == image.size


@pytest.mark.parametrize("name", IMAGES)
def test_every_image_is_credited_and_on_the_page(name: str) -> None:
    page = (FOLDER / "index.html").read_text("utf-8") + (FOLDER / "late.js").read_text("utf-8")

    assert f"`{name}`" in (FOLDER / "CREDITS.md").read_text("utf-8")
    assert name in page


def test_what_the_page_names_is_there() -> None:
    page = (FOLDER / "index.html").read_text("utf-8")
    named = set(re.findall(r'(?:src|href)="([^":]+)"', page))

    assert len(named) > len(IMAGES) - 1
    assert {name for name in named if not (FOLDER / name).is_file()} == set()
