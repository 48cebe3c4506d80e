"""A large picture is read in bands that overlap, and no line is lost or read twice by that."""

from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from altaloud.vision.bands import Finder, bands
from altaloud.vision.blip.runtime import finish
from altaloud.vision.pictures import Picture
from altaloud.vision.reading import Reader

_MOST_AT_ONCE = 960 * 544 * 1.01  # pixels


@pytest.mark.parametrize(
    "size", [(14_000, 900), (1080, 1920), (2560, 2560), (3000, 40), (16_384, 524), (733, 733)]
)
def test_bands_cover_all_and_each_row_belongs_to_one(size: tuple[int, int]) -> None:
    rows, columns = size
    scale = min(1.0, 1280 / columns)

    cut = list(bands(rows, columns))

    assert cut[0][0] == cut[0][2] == 0
    assert cut[-1][1] == cut[-1][3] == rows
    for (_, last, _, own_to), (first, _, own_from, _) in pairwise(cut):
        assert own_to == pytest.approx(own_from, abs=1)
        assert first < own_from < last
    for first, last, _, _ in cut:
        assert (last - first) * scale * columns * scale <= _MOST_AT_ONCE


def test_a_long_page_is_read_to_its_end_in_order() -> None:
    page = Image.new("RGB", (620, 3000), "white")
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(15)
    for number in range(15):
        draw.text((30, 20 + 210 * number), f"Shelf {number + 10} holds travel books", font=font, fill="black")
    picture = Picture(*page.size, bytes(32), *page.size, page.tobytes(), 0.0, "PNG")

    lines = finish(Reader().read(picture)).lines

    assert [line.text.split()[1] for line in lines] == [str(number + 10) for number in range(15)]
    assert [line.box[1] for line in lines] == pytest.approx(
        [(20 + 210 * n) / 3000 for n in range(15)], abs=0.01
    )


class Misled:
    """A rapidocr that takes a thousand things of every band for lines, all of one width."""

    text_score = 0.7

    def __init__(self, width: int) -> None:
        self.text_det = self.Finder(width)
        self.read = 0

    class Finder:
        limit_side_len = 0

        def __init__(self, width: int) -> None:
            self.width = width

        def __call__(self, pixels: Any) -> Any:
            corner = np.array([[0, 0], [self.width, 0], [self.width, 10], [0, 10]], np.float32)
            places = np.random.default_rng(0).integers(0, pixels.shape[0] - 10, 1000)
            moved = [corner + np.array([0, place], np.float32) for place in places]
            return SimpleNamespace(boxes=np.stack(moved))

    def text_cls(self, crops: list[Any]) -> Any:
        return SimpleNamespace(img_list=crops)

    def text_rec(self, _asked: Any) -> Any:
        self.read += 1
        return SimpleNamespace(txts=("",), scores=(0.1,))


@pytest.mark.parametrize("size", [(14_000, 900), (400, 600)])
def test_a_picture_of_leaves_is_given_up(size: tuple[int, int]) -> None:
    ocr = Misled(width=20)

    found = finish(
        Finder(ocr).read(np.zeros((*size, 3), np.uint8), may_be_turned=True, most_characters=10_000)
    )

    assert found.txts == []
    assert ocr.read == 800


def test_a_rule_is_not_read() -> None:
    ocr = Misled(width=2000)

    found = finish(
        Finder(ocr).read(np.zeros((250, 2000, 3), np.uint8), may_be_turned=True, most_characters=9)
    )

    assert (found.txts, ocr.read) == ([], 0)
