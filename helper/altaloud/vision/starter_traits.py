"""What counting says about a picture, beside what the starter model sees: size, colours, neighbours.

A photograph of a pair of scissors on white looks like an icon at 64 pixels; its thousands of colours tell it
apart.
"""

from typing import Any

from altaloud.vision import starter_layout

NAMES = (
    "width",
    "height",
    "shape",
    "longness",
    "colours",
    "commonest colour",
    "four commonest colours",
    "neighbours alike",
    "neighbours near",
    "neighbours apart",
    "neighbours far apart",
    "saturation",
    "brightness",
    "contrast",
    "lines of rows",
    "lines of columns",
    "range",
    *starter_layout.NAMES,
)

_MOST = 41_000  # pixels looked at, in whole rows, as neighbours are compared
_LARGEST = 8.0  # 2 to this power: from 256 pixels on, size says nothing more
_SMALLEST = 3.0


def traits(rgb: Any, canonical: Any) -> Any:
    """Return the traits in the order of `NAMES`, float64.

    Args:
        rgb: uint8 (rows, columns, 3), as shown on its page.
        canonical: The same picture as `starter_input.prepare` returns it.
    """
    import numpy as np

    rows, columns = rgb.shape[:2]
    # int16 (3, rows looked at, columns): numpy is several times faster with colours first
    planes = rgb[:: -(-rows * columns // _MOST)].transpose(2, 0, 1).astype(np.int16, order="C")
    shares = _colour_shares(planes)
    apart = np.abs(np.diff(planes, axis=2)).max(axis=0) if columns > 1 else np.zeros((1, 1))
    grey = 0.3 * planes[0] + 0.59 * planes[1] + 0.11 * planes[2]
    inked = np.abs(np.diff(canonical.astype(np.int32).mean(axis=2), axis=1)) > 24
    return np.array(
        [
            np.clip(np.log2(columns), _SMALLEST, _LARGEST),
            np.clip(np.log2(rows), _SMALLEST, _LARGEST),
            np.clip(np.log2(columns / rows), -3, 3),
            np.clip(abs(np.log2(columns / rows)), 0, 4),
            np.log10(len(shares)),
            shares[-1],
            shares[-4:].sum(),
            (apart == 0).mean(),
            ((apart > 0) & (apart <= 10)).mean(),
            ((apart > 10) & (apart <= 40)).mean(),
            (apart > 40).mean(),
            (planes.max(axis=0) - planes.min(axis=0)).mean() / 255,
            grey.mean() / 255,
            grey.std() / 128,
            inked.mean(axis=1).std() * 4,
            inked.mean(axis=0).std() * 4,
            # Of all pixels: a line of small print in a large empty picture must not be overlooked.
            _range(rgb) / 255,
            *starter_layout.layout(rgb),
        ]
    )


def _colour_shares(planes: Any) -> Any:
    """Return the shares of the colours, four bits a channel, rarest first."""
    import numpy as np

    coarse = planes >> 4
    counts = np.bincount(((coarse[0] << 8) | (coarse[1] << 4) | coarse[2]).ravel())
    counted = np.sort(counts[counts > 0])
    return counted / counted.sum()


def _range(rgb: Any) -> int:
    """Return by how much any channel varies, over all pixels; row by row first, as that is quick."""
    highest, lowest = rgb.max(axis=0).max(axis=0), rgb.min(axis=0).min(axis=0)
    return int((highest.astype(int) - lowest).max())
