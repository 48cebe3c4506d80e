"""What kind of image it is."""

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
