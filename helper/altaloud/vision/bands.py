"""Where text is found in a large picture, and reading it piece by piece: at once if its letters are large,
else band by band.

Finding takes memory by the area that is looked at, 340 MB for 1,280 x 736 pixels in float32. So a picture is
reduced to a bounded area first; where its letters become too small for that, it is cut into bands. A page
takes many seconds, so whoever reads it yields after each look and each line.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import sqrt
from typing import TYPE_CHECKING, Any

from altaloud.vision.blip.runtime import Steps

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Pixels = npt.NDArray[np.uint8]  # (rows, columns, blue green red)
    Box = npt.NDArray[np.float32]  # (4 corners clockwise from the top left, x and y), in pixels

_AREA = 960 * 544  # pixels looked at, at once: 170 MB
_LONGEST_SIDE = 1280  # of what is looked at; no line of 12 px letters on a full-HD page is lost by it
_OVERLAP = 64  # pixels of what is looked at, more than most lines: each stands whole in one of two bands
_LARGE = 18.0  # pixels of what is looked at, as found, with some room: letters of 11 are surely read
_SMALL_ONES = 20  # percent of the lines, the smallest: they say whether the letters are large
_LOW, _WIDE = 30, 8  # rows, and times as wide as high: the finder sees no line that fills the picture
_ROOM = 32  # pixels above and below such a strip
_AT_ONCE = 6  # lines whose direction is looked at together, as rapidocr does it
_LONGEST = 160  # times as long as high: a rule, and reading it would take hundreds of megabytes
_MOST_LOOKED_AT = 800  # what may be a line, in all: leaves are taken for letters by the thousand


@dataclass(slots=True)
class Found:
    """Lines, in places of the whole picture."""

    boxes: "list[Box]" = field(default_factory=list)
    txts: list[str] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    looked_at: int = 0  # what was taken for a line, read or not


class Finder:
    """Finds and reads the lines of pictures.

    Args:
        ocr: A loaded `rapidocr.RapidOCR`, whose finder reduces what it looks at to its `limit_side_len`. Its
            parts are called one by one: as a whole it takes minutes for a page, and cannot be put aside.
    """

    def __init__(self, ocr: Any) -> None:
        self._ocr = ocr

    def read(self, pixels: "Pixels", *, may_be_turned: bool, most_characters: int) -> Steps[Found]:
        """Return the lines of a picture.

        Args:
            pixels: The picture.
            may_be_turned: Whether lines may stand on their head.
            most_characters: When there are so many, no further band is read.
        """
        rows, columns = pixels.shape[:2]
        found = Found()
        scale = min(1.0, sqrt(_AREA / ((rows + 2 * _room(pixels)) * columns)))
        boxes = self._find(pixels, int(max(rows, columns) * scale))
        yield
        if scale == 1 or _are_large(boxes, scale):
            yield from self._read(pixels, 0, boxes, found, may_be_turned=may_be_turned)
            return found
        for first, last, own_from, own_to in bands(rows, columns):
            band = pixels[first:last]
            boxes = [
                box
                for box in self._find(band, _LONGEST_SIDE)
                if own_from <= first + float(box[:, 1].mean()) < own_to
            ]
            yield
            yield from self._read(band, first, boxes, found, may_be_turned=may_be_turned)
            if sum(map(len, found.txts)) >= most_characters or found.looked_at >= _MOST_LOOKED_AT:
                break
        return found

    def are_on_their_head(self, crops: "Sequence[Pixels]", sureness: float) -> list[bool]:
        """Return for each line that was cut out whether it surely is."""
        directions = self._ocr.text_cls(list(crops)).cls_res
        return [label == "180" and score > sureness for label, score in directions]

    def _find(self, pixels: "Pixels", longest_side: int) -> "list[Box]":
        """Return the boxes of lines, looking at a copy of which no side is longer."""
        import cv2

        self._ocr.text_det.limit_side_len = longest_side  # each time: several pictures may be under way
        room = _room(pixels)
        looked_at = pixels
        if room:
            looked_at = cv2.copyMakeBorder(pixels, room, room, 0, 0, cv2.BORDER_CONSTANT)
        boxes = self._ocr.text_det(looked_at).boxes
        if boxes is None:
            return []
        boxes[:, :, 1] -= room
        return [box for box in boxes if _longness(box) <= _LONGEST]

    def _read(
        self, pixels: "Pixels", first: int, boxes: "Sequence[Box]", found: Found, *, may_be_turned: bool
    ) -> Steps[None]:
        """Add what is written in `boxes`; `first` is the row of the whole picture where `pixels` begins."""
        boxes = boxes[: _MOST_LOOKED_AT - found.looked_at]
        found.looked_at += len(boxes)
        by_length = sorted(boxes, key=_longness)  # OpenVINO prepares itself anew whenever that changes
        for start in range(0, len(by_length), _AT_ONCE):
            part = by_length[start : start + _AT_ONCE]
            crops = [cut_out(pixels, box) for box in part]
            if may_be_turned:
                crops = self._ocr.text_cls(crops).img_list
            for box, crop in zip(part, crops, strict=True):
                text, score = self._written(crop)
                if text.strip() and score >= self._ocr.text_score:
                    box[:, 1] += first
                    found.boxes.append(box)
                    found.txts.append(text)
                    found.scores.append(score)
                yield

    def _written(self, crop: "Pixels") -> tuple[str, float]:
        from rapidocr.ch_ppocr_rec import TextRecInput

        read = self._ocr.text_rec(TextRecInput(img=[crop], return_word_box=False))
        return read.txts[0], float(read.scores[0])


def cut_out(pixels: "Pixels", box: "Box") -> "Pixels":
    """Return one line, level; one that is tall is turned by a quarter anticlockwise."""
    from rapidocr.utils.process_img import get_rotate_crop_image

    cut: npt.NDArray[np.uint8] = get_rotate_crop_image(pixels, box.copy())
    return cut


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


def _room(pixels: "Pixels") -> int:
    """Return how many rows are added above and below before the finder looks."""
    rows, columns = pixels.shape[:2]
    return _ROOM if rows <= _LOW or columns > _WIDE * rows else 0


def _are_large(boxes: "Sequence[Box]", scale: float) -> bool:
    """Return whether nearly all lines are high enough to be found on a picture reduced by `scale`."""
    import numpy as np

    heights = [min(_sides(box)) for box in boxes]
    return bool(heights) and bool(np.percentile(heights, _SMALL_ONES) * scale >= _LARGE)


def _longness(box: "Box") -> float:
    return max(_sides(box)) / max(1.0, min(_sides(box)))


def _sides(box: "Box") -> tuple[float, float]:
    """Return how wide and how high a box is."""
    import numpy as np

    return float(np.hypot(*(box[1] - box[0]))), float(np.hypot(*(box[3] - box[0])))
