"""In which order a person reads lines of text that stand on a page: column by column, tables row by row."""

from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_TALL = 1.5  # times as high as wide: the line runs up or down
_COLUMN_GAP = 0.8  # of a line's height: less is a gap between words
_COLUMN_LINE = 5.0  # times as wide as high: a column of shorter things belongs to a table or a list


@dataclass(frozen=True, slots=True)
class _Box:
    """A line's place on the page turned upright, and its place in the list given."""

    index: int
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


def is_tall(quad: "npt.NDArray[np.float32]") -> bool:
    """Return whether the line runs up or down: quad is (4 corners clockwise from the top left, x and y)."""
    import numpy as np

    width, height = np.hypot(*(quad[1] - quad[0])), np.hypot(*(quad[3] - quad[0]))
    return bool(height > _TALL * width)


def in_reading_order(quads: "npt.NDArray[np.float32]") -> list[int]:
    """Return the indices of `quads` in the order in which they are read on an upright, perhaps skewed page.

    Args:
        quads: (lines, 4 corners clockwise from the one at the top left, x and y), in pixels.
    """
    return [box.index for box in _ordered(_level(quads))]


def _level(quads: "npt.NDArray[np.float32]") -> list[_Box]:
    """Return the boxes as they stand when the page is turned so that its lines are level."""
    import numpy as np

    along, down = quads[:, 1] - quads[:, 0], quads[:, 3] - quads[:, 0]  # (lines, x and y)
    angle = float(np.median(np.arctan2(along[:, 1], along[:, 0])))
    cosine, sine = np.cos(angle), np.sin(angle)
    turned = quads @ np.array([[cosine, -sine], [sine, cosine]])
    lefts, rights = turned[:, :, 0].min(axis=1), turned[:, :, 0].max(axis=1)
    # The median angle is not each line's own: a line's height is that of its quad, not of its bounds.
    middles, halves = turned[:, :, 1].mean(axis=1), np.hypot(*down.T) / 2
    columns = (lefts, middles - halves, rights, middles + halves)
    return [_Box(at, *(float(column[at]) for column in columns)) for at in range(len(quads))]


def _ordered(boxes: list[_Box]) -> list[_Box]:
    """Return the boxes band by band, each band's columns one after the other."""
    ordered: list[_Box] = []
    for band, gap in _bands(_rows(boxes)):
        if gap is None:
            ordered += [box for row in band for box in row]
        else:
            cells = [box for row in band for box in row]
            ordered += _ordered([box for box in cells if box.right <= gap])
            ordered += _ordered([box for box in cells if box.right > gap])
    return ordered


def _rows(boxes: list[_Box]) -> list[list[_Box]]:
    """Return the boxes from top to bottom, those on one level together from left to right."""
    rows: list[list[_Box]] = []
    for box in sorted(boxes, key=lambda box: box.middle):
        if rows and box.middle < rows[-1][0].bottom - rows[-1][0].height / 4:
            rows[-1].append(box)
        else:
            rows.append([box])
    return [sorted(row, key=lambda box: box.left) for row in rows]


def _bands(rows: list[list[_Box]]) -> list[tuple[list[list[_Box]], float | None]]:
    """Return runs of rows, each with the place of a gap that divides all of it into columns, or None."""
    bands: list[tuple[list[list[_Box]], float | None]] = []
    start = 0
    while start < len(rows):
        end, gap = start + 1, None
        for stop in range(start + 2, len(rows) + 1):
            if (found := _gap(rows[start:stop])) is None:
                # One wide line may be followed by columns; a gap once found ends where it is crossed.
                break
            end, gap = stop, found
        bands.append((rows[start:end], gap))
        start = end
    return bands


def _gap(rows: list[list[_Box]]) -> float | None:
    """Return where the widest gap through all rows begins, if both sides of it are columns of lines."""
    boxes = sorted((box for row in rows for box in row), key=lambda box: box.left)
    least = _COLUMN_GAP * median(box.height for box in boxes)
    best, place, reach = least, None, boxes[0].right
    for before, after in pairwise(boxes):
        reach = max(reach, before.right)
        if after.left - reach >= best:
            best, place = after.left - reach, reach
    if place is None:
        return None
    left, right = ([box for box in boxes if (box.right <= place) is side] for side in (True, False))
    return place if _is_column(left) and _is_column(right) else None


def _is_column(boxes: list[_Box]) -> bool:
    return median((box.right - box.left) / max(box.height, 1) for box in boxes) >= _COLUMN_LINE
