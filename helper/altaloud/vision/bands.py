"""Where text is found in a large picture: at once if its letters are large, else band by band.

Finding takes memory by the area that is looked at, 340 MB for 1,280 x 736 pixels in float32. So a picture is
reduced to a bounded area first; where its letters become too small for that, it is cut into bands.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_AREA = 960 * 544  # pixels looked at, at once: 170 MB
_LONGEST_SIDE = 1280  # of what is looked at; no line of 12 px letters on a full-HD page is lost by it
_OVERLAP = 64  # pixels of what is looked at, more than most lines: each stands whole in one of two bands
_LARGE = 18.0  # pixels of what is looked at, as found, with some room: letters of 11 are surely read
_SMALL_ONES = 20  # percent of the lines, the smallest: they say whether the letters are large


@dataclass(slots=True)
class Found:
    """Lines as rapidocr tells them, in places of the whole picture."""

    boxes: "list[npt.NDArray[np.float32]]"  # each (4 corners clockwise from the top left, x and y), in pixels
    txts: list[str]
    scores: list[float]

    def add(self, part: Any, first: int, own_from: float, own_to: float) -> None:
        """Add those lines of a band whose middle is between two rows of the whole picture."""
        for at in range(0 if part.boxes is None else len(part.boxes)):
            box = part.boxes[at]
            box[:, 1] += first
            if own_from <= float(box[:, 1].mean()) < own_to:
                self.boxes.append(box)
                self.txts.append(part.txts[at])
                self.scores.append(part.scores[at])


def find_and_read(pixels: "npt.NDArray[np.uint8]", ocr: Any, *, use_cls: bool, most_characters: int) -> Found:
    """Return the lines of a picture.

    Args:
        pixels: uint8 (rows, columns, 3).
        ocr: A loaded `rapidocr.RapidOCR`, whose finder reduces what it looks at to its `limit_side_len`.
        use_cls: Whether lines may stand on their head.
        most_characters: When there are so many, no further band is read.
    """
    import numpy as np

    rows, columns = pixels.shape[:2]
    found = Found([], [], [])
    scale = min(1.0, sqrt(_AREA / (rows * columns)))
    ocr.text_det.limit_side_len = int(max(rows, columns) * scale)
    if scale == 1 or _are_large(ocr.text_det(pixels).boxes, scale):
        found.add(ocr(pixels, use_cls=use_cls), 0, 0, rows)
        return found
    ocr.text_det.limit_side_len = _LONGEST_SIDE
    for first, last, own_from, own_to in bands(rows, columns):
        part = ocr(np.ascontiguousarray(pixels[first:last]), use_cls=use_cls)
        found.add(part, first, own_from, own_to)
        if sum(map(len, found.txts)) >= most_characters:
            break
    return found


def bands(rows: int, columns: int) -> Iterator[tuple[int, int, float, float]]:
    """Yield each band's first row, the row after its last, and between which rows its lines are its own."""
    scale = min(1.0, _LONGEST_SIDE / columns)
    high = int(min(_LONGEST_SIDE, _AREA / (columns * scale)) / scale)
    overlap = int(_OVERLAP / scale)
    for first in range(0, max(1, rows - overlap), high - overlap):
        last = min(rows, first + high)
        own_from = first + overlap / 2 if first else 0.0
        own_to = last - overlap / 2 if last < rows else float(rows)
        yield first, last, own_from, own_to


def _are_large(boxes: Any, scale: float) -> bool:
    """Return whether nearly all lines are high enough to be found on a picture reduced by `scale`."""
    import numpy as np

    if boxes is None or len(boxes) == 0:
        return False
    sides = np.stack([boxes[:, 1] - boxes[:, 0], boxes[:, 3] - boxes[:, 0]])
    heights = np.hypot(sides[..., 0], sides[..., 1]).min(axis=0)
    return bool(np.percentile(heights, _SMALL_ONES) * scale >= _LARGE)
