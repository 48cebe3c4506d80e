"""Numbers that tell smooth backgrounds, lines and writing from all else, in milliseconds.

Arrays here: `rgb` is uint8, (rows, columns, 3); `luma` is brightness, uint8, (rows, columns).
"""

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt
    from PIL.Image import Image

    Pixels = npt.NDArray[np.uint8]
    Luma = npt.NDArray[np.uint8]

# Writing, tuned by hand on drawn and real pictures; on those same ones, found to have text are 100 % of the
# texts, memes and maps, 95 % of diagrams and tables (the rest have none), 42 % of icons, 28 % of the
# photographs of Caltech-101 and 14 % of the groceries (some of which do have text, on packets).
_TEXT_ROWS, _TEXT_COLUMNS = 8, 16  # of a cell, in pixels
_TEXT_OCTAVES = 4
_TEXT_CONTRAST = 28  # of 255, within a cell
_TEXT_TONE = 0.22  # of the contrast: as near to the darkest or lightest as this belongs to that tone
_TEXT_GROUND, _TEXT_TWO_TONES = 0.35, 0.55  # share of the larger tone, and of both
_TEXT_STEP, _TEXT_LEAST_STEP = 0.3, 10  # of the contrast, and of 255: a change that counts
_TEXT_ACROSS, _TEXT_DOWN = 2.0, 0.5  # changes in a row, and in a column, of a cell

_SMOOTH_ERROR = 6.0  # of 255: the noise of a JPEG, or steps of dithering
_SURFACE_ORDER = 6
_PIXELS_A_TERM = 4
_RULED_ERROR = 6


def has_text(luma: "Luma") -> bool:
    """Return whether something may be written there, at any of four sizes, level or turned by a quarter.

    Writing is what changes strongly, often, along both axes, between two tones of which one is the ground.
    Two neighbouring cells must look so. Meant to miss nothing; what it finds is for `reading` to decide.
    """
    for _ in range(_TEXT_OCTAVES):
        if _has_written_cells(luma) or _has_written_cells(np.ascontiguousarray(luma.T)):
            return True
        luma = _halved(luma)
    return False


def _has_written_cells(luma: "Luma") -> bool:
    """Return whether two neighbouring cells look like writing."""
    if luma.shape[0] < _TEXT_ROWS or luma.shape[1] < 2 * _TEXT_COLUMNS:
        return False
    written = _written_cells(luma)
    return bool(np.any(written[:, :-1] & written[:, 1:]))


def _written_cells(luma: "Luma") -> "npt.NDArray[np.bool_]":
    """Return for each cell of 8 x 16 pixels whether it looks like writing."""
    rows, columns = luma.shape[0] // _TEXT_ROWS, luma.shape[1] // _TEXT_COLUMNS
    cut = luma[: rows * _TEXT_ROWS, : columns * _TEXT_COLUMNS]
    # cells: (rows of cells, columns of cells, 8, 16)
    cells = cut.reshape(rows, _TEXT_ROWS, columns, _TEXT_COLUMNS).transpose(0, 2, 1, 3)
    low, high = cells.min(axis=(2, 3)), cells.max(axis=(2, 3))
    reach = high - low
    margin = (_TEXT_TONE * reach).astype(np.uint8)
    dark = np.mean(cells <= (low + margin)[..., None, None], axis=(2, 3))
    light = np.mean(cells >= (high - margin)[..., None, None], axis=(2, 3))
    least = np.maximum(_TEXT_LEAST_STEP, _TEXT_STEP * reach).astype(np.uint8)[..., None, None]
    across = np.sum(_steps(cells, 3) > least, axis=(2, 3)) / _TEXT_ROWS
    down = np.sum(_steps(cells, 2) > least, axis=(2, 3)) / _TEXT_COLUMNS
    written: npt.NDArray[np.bool_] = (
        (reach >= _TEXT_CONTRAST)
        & (np.maximum(dark, light) >= _TEXT_GROUND)
        & (dark + light >= _TEXT_TWO_TONES)
        & (across >= _TEXT_ACROSS)
        & (down >= _TEXT_DOWN)
    )
    return written


def _steps(cells: "Luma", axis: int) -> "Luma":
    """Return the differences between neighbours, without a sign."""
    before, after = (np.delete(cells, at, axis=axis) for at in (-1, 0))
    return np.maximum(before, after) - np.minimum(before, after)


def _halved(luma: "Luma") -> "Luma":
    rows, columns = luma.shape[0] // 2 * 2, luma.shape[1] // 2 * 2
    upper, lower = luma[0:rows:2, :columns].astype(np.uint16), luma[1:rows:2, :columns]
    pairs = upper + lower
    return ((pairs[:, 0::2] + pairs[:, 1::2]) >> 2).astype(np.uint8)


def is_smooth(rgb: "Pixels") -> bool:
    """Return whether a surface of sixth order explains the picture: a gradient, or a vignette."""
    rows, columns = rgb.shape[:2]
    down = np.polynomial.legendre.legvander(np.linspace(-1, 1, rows), min(_SURFACE_ORDER, rows - 1))
    across = np.polynomial.legendre.legvander(np.linspace(-1, 1, columns), min(_SURFACE_ORDER, columns - 1))
    orders = np.add.outer(np.arange(down.shape[1]), np.arange(across.shape[1])) <= _SURFACE_ORDER
    # terms: float64, (pixels, at most 28)
    terms = (down[:, None, :, None] * across[None, :, None, :])[:, :, orders].reshape(rows * columns, -1)
    if len(terms) < _PIXELS_A_TERM * terms.shape[1]:
        return False  # a surface explains any few pixels
    seen = rgb.reshape(-1, 3).astype(np.float64)
    # The normal equations: Legendre polynomials keep them well-conditioned, and an SVD takes 100 ms.
    surface = terms @ np.linalg.solve(terms.T @ terms, terms.T @ seen)
    return bool(np.abs(surface - seen).max() <= _SMOOTH_ERROR)


def largest_reach(image: "Image") -> int:
    """Return how far apart the lowest and the highest value of a channel are, at most (8-bit RGB)."""
    reaches: Any = image.getextrema()  # quicker than numpy, by ten times
    return max(int(high - low) for low, high in reaches)


def largest_step(rgb: "Pixels") -> int:
    """Return the largest change of a channel from one pixel to the next."""
    levels = rgb.astype(np.int16)
    steps = (np.abs(np.diff(levels, axis=axis)) for axis in (0, 1))
    return int(max((step.max() for step in steps if step.size), default=0))


def is_ruled(rgb: "Pixels") -> bool:
    """Return whether nothing changes along the longer side: a line or a border, whatever its profile."""
    along = 1 if rgb.shape[1] >= rgb.shape[0] else 0
    return bool(np.max(rgb.max(axis=along).astype(np.int16) - rgb.min(axis=along)) <= _RULED_ERROR)
