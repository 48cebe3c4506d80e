"""Icons drawn once and kept: transparency masks of single-colour icons, RGBA of the coloured ones.

resvg draws (a correct and quick SVG renderer); the ink is cut to a small margin, so that what training
moves and scales is the sign itself. One file of arrays in the cache folder; made anew when the icons' text
changed.
"""

import hashlib
import io
from collections.abc import Sequence
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from altaloud.training.collection import Icon
from altaloud.vision.starter_input import SIDE

_DRAWN = 96  # pixels; then reduced to SIDE with its ink filling it
_MARGIN = 0.06


def rendered(icons: Sequence[Icon], cache: Path) -> NDArray[np.uint8]:
    """Return uint8 (icons, SIDE, SIDE, 4), RGBA; a single-colour icon is black with its mask as alpha.

    An icon that resvg cannot draw, or that is empty, comes back fully transparent.
    """
    digest = hashlib.sha256("\0".join(icon.svg for icon in icons).encode()).hexdigest()[:16]
    path = cache / f"icons-{digest}.npy"
    if path.exists():
        return np.load(path, mmap_mode="r")  # type: ignore[no-any-return]  # numpy's own annotation is Any
    cache.mkdir(parents=True, exist_ok=True)
    with get_context("spawn").Pool(2) as workers:
        drawn = workers.map(draw, [icon.svg for icon in icons], chunksize=256)
    pixels = np.stack(drawn)
    partial = path.with_suffix(".part.npy")
    np.save(partial, pixels)
    partial.replace(path)
    return pixels


def draw(svg: str, side: int = SIDE) -> NDArray[np.uint8]:
    """Return one icon's ink, fitted to a square of `side` pixels: uint8 (side, side, 4)."""
    import resvg_py

    blank = np.zeros((side, side, 4), np.uint8)
    try:
        drawn = Image.open(
            io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=svg, width=_DRAWN, height=_DRAWN)))
        )
    except ValueError:  # what resvg does not understand
        return blank
    image = drawn.convert("RGBA")
    box = image.getchannel("A").point(lambda alpha: 255 if alpha > 16 else 0).getbbox()
    if box is None:
        return blank
    return np.asarray(_fitted(image, box, side))


def _fitted(image: Image.Image, box: tuple[int, int, int, int], side: int) -> Image.Image:
    left, top, right, bottom = box
    longest = max(right - left, bottom - top) * (1 + 2 * _MARGIN)
    middle = ((left + right) / 2, (top + bottom) / 2)
    source = (
        middle[0] - longest / 2,
        middle[1] - longest / 2,
        middle[0] + longest / 2,
        middle[1] + longest / 2,
    )
    around = Image.new("RGBA", (_DRAWN * 3, _DRAWN * 3))
    around.paste(image, (_DRAWN, _DRAWN))
    shifted: Any = tuple(edge + _DRAWN for edge in source)
    return around.resize((side, side), Image.Resampling.BICUBIC, box=shifted)
