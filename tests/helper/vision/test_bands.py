"""A large picture is read in bands that overlap, and no line is lost or read twice by that."""

from itertools import pairwise

import pytest
from PIL import Image, ImageDraw, ImageFont

from altaloud.vision.bands import bands
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

    lines = Reader().read(picture).lines

    assert [line.text.split()[1] for line in lines] == [str(number + 10) for number in range(15)]
    assert [line.box[1] for line in lines] == pytest.approx(
        [(20 + 210 * n) / 3000 for n in range(15)], abs=0.01
    )
