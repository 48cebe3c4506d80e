"""What kind of image it is."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from altaloud.vision.pictures import Picture


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
    """What measuring a picture says about it."""

    kind: Kind
    confidence: float  # 0..1
    evidence: str  # a short fixed code, such as "one_colour"
    has_text: bool  # the statistics suggest text, so reading it is worth its time


MODEL = "measure@0"


def measure(picture: "Picture") -> KindGuess:
    """Return the kind by the spread of colours; a first cut."""
    import numpy as np

    pixels = np.frombuffer(picture.pixels, np.uint8).reshape(-1, 3)
    if picture.transparent > 0.99 or int(np.ptp(pixels, axis=0).max()) <= 8:
        return KindGuess(Kind.blank, 1.0, "one_colour", has_text=False)
    colours = len(np.unique(pixels // 16, axis=0))
    if colours > 150:
        return KindGuess(Kind.photo, 0.8, "photographic", has_text=False)
    return KindGuess(Kind.unknown, 0.5, "flat_colours", has_text=min(picture.width, picture.height) >= 16)
