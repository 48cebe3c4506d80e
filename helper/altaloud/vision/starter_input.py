"""What the starter model is shown of a picture: 64 x 64 pixels in one canonical form.

Training and use call the same function, so the model never meets a form that it was not trained on: an even
border cut down to a small margin, the longer side fitted, and dark backgrounds turned light, as an icon
means the same in white on black.
"""

from typing import Any

SIDE = 64  # pixels; the model's own
_LARGEST = 320  # pixels looked at; a border is found as well in a reduced picture, in a tenth of the time
_LONGEST_SHAPE = 3.0  # a longer one is squeezed to this, else its short side would be a few pixels
_MARGIN = 0.06  # around the ink, as a share of its longer side
_EVEN = 20  # grey levels: closer than this to the border's median is the same colour
_MEAN, _SPREAD = 0.7, 0.3  # canonical backgrounds are light, so the mean is above the middle


def prepare(rgb: Any, side: int = SIDE) -> Any:
    """Return the canonical form of a picture.

    Args:
        rgb: uint8 (rows, columns, 3), as shown on its page.
        side: Of the result, in pixels; training draws at a larger one, to have room to move.

    Returns:
        uint8 (side, side, 3).
    """
    import numpy as np
    from PIL import Image

    image = Image.fromarray(rgb)
    if max(image.size) > _LARGEST:
        image.thumbnail((_LARGEST, _LARGEST), Image.Resampling.BOX, reducing_gap=2.0)
    pixels = np.asarray(image).astype(np.int16)
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    median = np.median(border, axis=0)
    even = bool((np.abs(border - median).max(axis=1) < _EVEN).mean() > 0.8)
    colour = (int(median[0]), int(median[1]), int(median[2]))
    if even and (box := _ink(_apart(pixels, median))) is not None:
        image = _cut(image, box, colour)
    columns, rows = _fitted(*image.size, side)
    canvas = Image.new("RGB", (side, side), colour)
    canvas.paste(
        image.resize((columns, rows), Image.Resampling.BICUBIC), ((side - columns) // 2, (side - rows) // 2)
    )
    shown = np.asarray(canvas)
    is_dark = even and float(median @ np.array([0.3, 0.59, 0.11])) < 128
    return 255 - shown if is_dark else shown


def normalise(pixels: Any) -> Any:
    """Turn canonical pixels, uint8 (pictures, side, side, 3), into float32 (pictures, 3, side, side)."""
    import numpy as np

    planes = np.ascontiguousarray(pixels.transpose(0, 3, 1, 2)).astype(np.float32)
    return (planes / 255 - _MEAN) / _SPREAD


def _apart(pixels: Any, colour: Any) -> Any:
    """Return by how much pixels differ from a colour in any channel, float32 (rows, columns)."""
    import numpy as np

    planes = (np.abs(pixels[..., channel] - np.float32(colour[channel])) for channel in range(3))
    return np.maximum(np.maximum(next(planes), next(planes)), next(planes))


def _ink(difference: Any) -> tuple[int, int, int, int] | None:
    """Return the box of what differs from the border, with a margin; None where nothing does."""
    import numpy as np

    strongest = int(difference.max())
    inked = difference > max(16, 0.15 * strongest)
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    if strongest <= 24 or np.count_nonzero(inked) <= 3:
        return None
    left, right, top, bottom = columns[0], columns[-1] + 1, rows[0], rows[-1] + 1
    margin = _MARGIN * max(right - left, bottom - top)
    return (
        int(np.floor(left - margin)),
        int(np.floor(top - margin)),
        int(np.ceil(right + margin)),
        int(np.ceil(bottom + margin)),
    )


def _cut(image: Any, box: tuple[int, int, int, int], colour: tuple[int, int, int]) -> Any:
    """Return the box cut out of the image; what lies outside the image is `colour`."""
    from PIL import Image

    left, top, right, bottom = box
    cut = Image.new("RGB", (max(1, right - left), max(1, bottom - top)), colour)
    cut.paste(image, (-left, -top))
    return cut


def _fitted(columns: int, rows: int, side: int) -> tuple[int, int]:
    """Return the size that fits into the square, keeping the shape up to the longest allowed."""
    shortest = max(1, round(side / _LONGEST_SHAPE))
    scale = side / max(columns, rows)
    return max(shortest, round(columns * scale)), max(shortest, round(rows * scale))
