"""How far a picture is reduced: enough to bound memory and time, and no small print of a long page is lost.

A screenshot of a long page, 900 x 14,000, would be a strip of 165 pixels if its longer side alone counted.
"""

from math import sqrt

# Of a picture that is higher than wide, in multiples of the longest side of any other: a width of so much is
# kept, as long as the area (in its square) and the height stay below these.
_SHORTER = 1 / 2
_AREA = 2.0
_LONGEST = 6.4


def kept(width: int, height: int, longest_side: int) -> tuple[int, int]:
    """Return the columns and rows of the picture after reducing; never more than it has."""
    scale = longest_side / max(width, height)
    if height > width:
        as_long = min(
            longest_side * _SHORTER / width,
            longest_side * sqrt(_AREA / (width * height)),
            longest_side * _LONGEST / height,
        )
        scale = max(scale, as_long)
    if scale >= 1:
        return width, height
    return max(1, round(width * scale)), max(1, round(height * scale))


def is_bounded(columns: int, rows: int, longest_side: int) -> bool:
    """Return whether a picture is no larger than `kept` leaves any, but for rounding."""
    most = (_AREA * longest_side + 2 * _LONGEST) * longest_side
    return columns <= longest_side and rows <= longest_side * _LONGEST and columns * rows <= most
