"""What kind of image it is."""

from dataclasses import dataclass
from enum import StrEnum


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
