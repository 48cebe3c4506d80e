"""What counting says about how a picture is made: even areas, straight lines, rows of writing, grain.

At 64 pixels a window, a diagram and a photograph of a street look alike. At their own size they do not: what
a program draws is even and square, what a camera sees is neither.
"""

from typing import Any

_TILE = 48  # pixels: large enough for two lines of text, small enough to lie inside one thing
_ALONG = 3  # tiles along each side
_LARGEST = 256  # pixels of a side for lines and colours; every so manieth pixel of a larger picture
_SHARP, _SOFT = 40, 8  # grey levels between neighbours

_TILE_NAMES = ("even", "commonest", "four commonest", "sharp", "grainy", "colours")
_PLACES = (0.1, 0.5, 0.9)
NAMES = (
    *(f"{name} {place:.0%}" for name in _TILE_NAMES for place in _PLACES),
    "even tiles",
    "two-coloured tiles",
    "rich tiles",
    "upright edges",
    "level edges",
    "slanting edges",
    "longest level line",
    "longest upright line",
    "level lines",
    "upright lines",
    "rows begun",
    "columns begun",
    "empty rows",
    "empty columns",
    "border even",
    "border bright",
    "saturated",
    "hues",
    "fine commonest",
    "fine eight commonest",
    "saturated among them",
    "edges spread",
    "edges inside",
)


def layout(rgb: Any) -> Any:
    """Return the traits in the order of `NAMES`, float64, of uint8 (rows, columns, 3)."""
    import numpy as np

    step = -(-max(rgb.shape[:2]) // _LARGEST)
    few = np.ascontiguousarray(rgb[::step, ::step])
    red, green, blue = (few[..., channel].astype(np.int32) for channel in range(3))
    grey = ((77 * red + 151 * green + 28 * blue) >> 8).astype(np.int16)
    border = _border(grey)
    return np.concatenate(
        [_tiles(rgb), _lines(grey, border[0]), _colours(few, border[1]), _edges_by_place(grey)]
    )


def _tiles(rgb: Any) -> Any:
    """Return how even, sharp, grainy and colourful tiles at the picture's own size are."""
    import numpy as np

    side = min(_TILE, *rgb.shape[:2])
    rows, columns = (
        np.linspace(0, length - side, min(_ALONG, -(-length // side))).astype(int) for length in rgb.shape[:2]
    )
    counted = np.array([_tile(rgb[r : r + side, c : c + side]) for r in rows for c in columns])
    is_one = len(counted) == 1  # of an icon; then there is nothing to sort
    quantiles = (counted[[0] * len(_PLACES)] if is_one else np.quantile(counted, _PLACES, axis=0)).T.ravel()
    common, four = counted[:, 1], counted[:, 2]
    shares = [(common > 0.97).mean(), (four > 0.85).mean(), (four < 0.5).mean()]
    return np.concatenate([quantiles, shares])


def _tile(rgb: Any) -> list[float]:
    import numpy as np

    # numpy is several times faster with colours first
    red, green, blue = values = rgb.transpose(2, 0, 1).astype(np.int16, order="C")
    counts = np.bincount(((red >> 4 << 8) | (green >> 4 << 4) | (blue >> 4)).ravel())
    shares = np.sort(counts[counts > 0])[::-1] / red.size
    if min(red.shape) < 2:
        return [1.0, float(shares[0]), float(shares[:4].sum()), 0.0, 0.0, float(np.log10(len(shares)))]
    down, across = (np.abs(np.diff(values, axis=axis)).max(axis=0) for axis in (1, 2))
    apart = np.maximum(down[:, :-1], across[:-1])
    return [
        float((apart == 0).mean()),
        float(shares[0]),
        float(shares[:4].sum()),
        float((apart > _SHARP).mean()),
        float(((apart > 0) & (apart <= _SOFT)).mean()),
        float(np.log10(len(shares))),
    ]


def _lines(grey: Any, border_even: float) -> Any:
    """Return which way edges run, how long the straight ones are, and how rows and columns begin."""
    import numpy as np

    if min(grey.shape) < 3:
        return np.zeros(12)
    across = np.abs(np.diff(grey, axis=1))[:-1]
    down = np.abs(np.diff(grey, axis=0))[:, :-1]
    upright, level = (across > 24) & (down < _SOFT), (down > 24) & (across < _SOFT)
    slanting = (across > 16) & (down > 16)
    edges = max(1, int(upright.sum() + level.sum() + slanting.sum()))
    by_row, by_column = level.mean(axis=1), upright.mean(axis=0)
    inked = (across > 24) | (down > 24)
    rows, columns = inked.any(axis=1), inked.any(axis=0)
    return np.array(
        [
            upright.sum() / edges,
            level.sum() / edges,
            slanting.sum() / edges,
            by_row.max(),
            by_column.max(),
            (by_row > 0.3).mean() * 10,
            (by_column > 0.3).mean() * 10,
            np.log2(1 + (rows[1:] & ~rows[:-1]).sum()),
            np.log2(1 + (columns[1:] & ~columns[:-1]).sum()),
            1 - rows.mean(),
            1 - columns.mean(),
            border_even,
        ]
    )


def _border(grey: Any) -> tuple[float, float]:
    """Return how even the border is, and how bright."""
    import numpy as np

    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    middle = float(np.median(border))
    return float((np.abs(border - middle) < _SOFT).mean()), middle / 255


def _colours(few: Any, border_bright: float) -> Any:
    """Return the border's brightness, how much is saturated in how many hues, and what the commonest hold."""
    import numpy as np

    red, green, blue = few.reshape(-1, 3)[::2].T.astype(np.int16, order="C")
    highest, lowest = np.maximum(np.maximum(red, green), blue), np.minimum(np.minimum(red, green), blue)
    spread = highest - lowest
    vivid = spread > 60
    hues = 0.0
    if vivid.any():
        red_v, green_v, blue_v, top, span = (part[vivid] for part in (red, green, blue, highest, spread))
        sextant = np.where(
            red_v == top,
            (green_v - blue_v) / span % 6,
            np.where(green_v == top, (blue_v - red_v) / span + 2, (red_v - green_v) / span + 4),
        )
        counts = np.bincount((sextant * 2).astype(np.int16) % 12, minlength=12)
        hues = float((counts > 0.004 * vivid.size).sum())
    counts = np.bincount((red >> 4 << 8) | (green >> 4 << 4) | (blue >> 4), minlength=8)
    common = np.flatnonzero(counts)
    if len(common) > 8:
        common = np.argpartition(counts, -8)[-8:]
    many = counts[common]
    parts = np.stack([common >> 8, common >> 4 & 15, common & 15])
    strong = (parts.max(axis=0) - parts.min(axis=0) > 3) & (many > 0.003 * vivid.size)
    return np.array(
        [
            border_bright,
            vivid.mean(),
            hues / 4,
            many.max() / vivid.size,
            many.sum() / vivid.size,
            strong.sum() / 4,
        ]
    )


def _edges_by_place(grey: Any) -> Any:
    """Return how unevenly edges lie over a grid of nine, and how much of them lie in its middle."""
    import numpy as np

    if min(grey.shape) < 6:
        return np.zeros(2)
    edges = np.abs(np.diff(grey, axis=1)) > 24
    parts = [[part.mean() for part in np.array_split(band, 3, axis=1)] for band in np.array_split(edges, 3)]
    grid = np.array(parts)
    whole = grid.mean() + 1e-4
    return np.array([grid.std() / whole, grid[1, 1] / whole])
