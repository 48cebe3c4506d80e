"""What kind of image it is, as far as measuring its pixels can tell for sure.

Silence is for what surely says nothing: blank and decorative are decided here by what every pixel shows,
never by likeness. All else is for the starter model to say (`first_look`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from altaloud.vision.pictures import Picture

if TYPE_CHECKING:
    from PIL.Image import Image

    from altaloud.vision.measuring import Pixels

MODEL = "measure@2"  # what is remembered is kept by it: raise it when a measurement changes


class Kind(StrEnum):
    """The kinds that the product tells apart."""

    photo = "photo"
    icon = "icon"
    text = "text"
    screenshot = "screenshot"
    chart = "chart"
    table = "table"
    logo = "logo"
    decorative = "decorative"
    blank = "blank"
    unknown = "unknown"


@dataclass(frozen=True, slots=True)
class KindGuess:
    """What the first look at a picture says about it."""

    kind: Kind
    confidence: float  # 0..1: of the icon's name if there is one, else of the kind
    evidence: str  # what decided: the code of a measurement, such as "one_colour", or STARTER
    has_text: bool  # reading it is worth its time
    icon: str | None = None  # the label of an icon that is named with enough confidence
    chart: str | None = None  # of a chart, its type: "bar chart", "line chart" ...


STARTER = "starter"

_ONE_COLOUR = 6  # of 255: the noise of a JPEG
_SPACER_SIDE = 3  # pixels
_LINE_ASPECT = 12
_SMALLEST_TO_READ = 16  # pixels a side: below, nothing can be read
_SMOOTH_STEP = 12  # of 255, from pixel to pixel: less cannot be seen as an edge
_SMALL_SIDE = 32  # of the copy that a surface is fitted to
_SMOOTH_STEP_SMALL = 64  # from pixel to pixel of that copy: more is no gradient, and need not be fitted

_LONG_PAGE = 2.0  # times as high as wide
_MOST_PARTS = 6  # of a long page, looked at for text
_TEXT_SIDE = 768  # 12 px letters of a full-HD page are still 5 px there


def measure(picture: Picture) -> KindGuess:
    """Return what the pixels alone can tell: nothing to see, an ornament, or unknown.

    Takes 2 ms for small pictures, 30 ms for large ones.
    """
    import numpy as np

    rgb = np.frombuffer(picture.pixels, dtype=np.uint8).reshape(picture.rows, picture.columns, 3)
    if guess := _empty(picture, rgb):
        return guess
    has_text = _may_have_text(picture)
    if not has_text and (guess := _smooth(picture, rgb)):
        return guess
    return KindGuess(Kind.unknown, 0.0, "none", has_text)


def _empty(picture: Picture, rgb: "Pixels") -> KindGuess | None:
    """Return the guess if there is nothing to see, or nothing but a line."""
    from altaloud.vision import measuring

    if picture.transparent == 1.0:
        return KindGuess(Kind.blank, 1.0, "transparent", has_text=False)
    if measuring.largest_reach(_image(picture)) <= _ONE_COLOUR:
        return KindGuess(Kind.blank, 1.0, "one_colour", has_text=False)
    shorter, longer = sorted((picture.width, picture.height))
    if shorter <= _SPACER_SIDE:
        return KindGuess(Kind.decorative, 1.0, "spacer", has_text=False)
    if longer >= _LINE_ASPECT * shorter and measuring.is_ruled(rgb):
        return KindGuess(Kind.decorative, 1.0, "line", has_text=False)
    return None


def _smooth(picture: Picture, rgb: "Pixels") -> KindGuess | None:
    """Return the guess if there is a gradient and no edge in it."""
    import numpy as np

    from altaloud.vision import measuring

    small = np.asarray(_reduced(picture, _SMALL_SIDE))
    if measuring.largest_step(small) > _SMOOTH_STEP_SMALL or not measuring.is_smooth(small):
        return None
    if measuring.largest_step(rgb) <= _SMOOTH_STEP:
        return KindGuess(Kind.decorative, 1.0, "gradient", has_text=False)
    return None


def _may_have_text(picture: Picture) -> bool:
    import numpy as np

    from altaloud.vision import measuring

    if min(picture.width, picture.height) < _SMALLEST_TO_READ:
        return False
    return any(
        measuring.has_text(np.asarray(_reduced(part, _TEXT_SIDE).convert("L"))) for part in _parts(picture)
    )


def top(picture: Picture, longness: float) -> Picture:
    """Return the upper part of a picture that is higher than so many times its width, else itself."""
    rows = int(longness * picture.columns)
    if picture.rows <= max(rows, _TEXT_SIDE):
        return picture
    return _rows(picture, 0, rows)


def _parts(picture: Picture) -> Iterator[Picture]:
    """Yield the picture, or of a long page some parts, whose letters stay large enough to be suspected."""
    rows = max(_TEXT_SIDE, int(_LONG_PAGE * picture.columns))
    if picture.rows <= rows:
        yield picture
        return
    step = max(rows, picture.rows // _MOST_PARTS)
    for first in range(0, picture.rows - rows + 1, step):
        yield _rows(picture, first, rows)


def _rows(picture: Picture, first: int, rows: int) -> Picture:
    row_bytes = 3 * picture.columns
    pixels = picture.pixels[first * row_bytes : (first + rows) * row_bytes]
    height = max(1, round(picture.height * rows / picture.rows))
    return replace(picture, rows=rows, height=height, pixels=pixels)


def _image(picture: Picture) -> "Image":
    from PIL import Image

    return Image.frombuffer("RGB", (picture.columns, picture.rows), picture.pixels, "raw", "RGB", 0, 1)


def _reduced(picture: Picture, side: int) -> "Image":
    """Return the picture with the longer side at most `side`, by averaging; both sides at least 4."""
    from PIL import Image

    image = _image(picture)
    scale = side / max(image.size)
    if scale >= 1:
        return image
    size = (max(4, round(image.width * scale)), max(4, round(image.height * scale)))
    return image.resize(size, Image.Resampling.BOX)
