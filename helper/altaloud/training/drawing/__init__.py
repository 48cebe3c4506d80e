"""Pictures of every kind but icons and photographs: charts, tables, texts, pages, logos, decoration."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from altaloud.training.drawing.brush import Brush
from altaloud.training.drawing.charts import chart
from altaloud.training.drawing.decorations import blank, decoration
from altaloud.training.drawing.illustrations import illustration
from altaloud.training.drawing.logos import logo
from altaloud.training.drawing.pages import screenshot
from altaloud.training.drawing.plots import plot
from altaloud.training.drawing.sheets import diagram, table
from altaloud.training.drawing.writing import text

_DRAWS = {
    "diagram": diagram,
    "table": table,
    "text": text,
    "screenshot": screenshot,
    "logo": logo,
    "illustration": illustration,
    "decorative": decoration,
    "blank": blank,
}
_BY_MATPLOTLIB = 0.35  # share of the charts; its look is one of many


def drawn(kind: str, seed: int, fonts: tuple[str, ...]) -> NDArray[np.uint8]:
    """Draw one picture of a kind and wear it as pages do: uint8 (rows, columns, 3). The seed says all."""
    brush = Brush(seed, fonts)
    if kind in _DRAWS:
        image = _DRAWS[kind](brush)
    else:
        image = plot(brush, kind) if brush.chance(_BY_MATPLOTLIB) else chart(brush, kind)
    return np.asarray(_worn(brush, image))


def _worn(brush: Brush, image: Image.Image) -> Image.Image:
    """Return the picture as it arrives: rescaled, turned dark, compressed."""
    if brush.chance(0.25) and min(image.size) > 24:
        share = brush.uniform(0.3, 1.0)
        smaller = max(8, round(image.width * share)), max(8, round(image.height * share))
        image = image.resize(smaller, brush.choice([Image.Resampling.BILINEAR, Image.Resampling.LANCZOS]))
    if brush.chance(0.06):
        image = Image.eval(image, lambda channel: 255 - channel)
    if brush.chance(0.06):
        image = image.convert("L").convert("RGB")
    if brush.chance(0.4) and min(image.size) > 4:
        stored = io.BytesIO()
        image.save(stored, brush.choice(["JPEG", "JPEG", "WEBP"]), quality=brush.randint(30, 92))
        image = Image.open(stored).convert("RGB")
    return image
