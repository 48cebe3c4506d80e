"""Pictures that a random network sees differently."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Drawing:
    columns: int
    rows: int
    pixels: bytes


def drawing(seed: int, columns: int = 300, rows: int = 200) -> Drawing:
    """Return coloured rectangles: unlike noise, they differ after shrinking."""
    random = np.random.default_rng(seed)
    page = np.full((rows, columns, 3), random.integers(0, 255, 3), np.uint8)
    for _ in range(20):
        top, left = random.integers(0, rows), random.integers(0, columns)
        page[top : top + rows // 3, left : left + columns // 4] = random.integers(0, 255, 3)
    return Drawing(columns, rows, page.tobytes())
