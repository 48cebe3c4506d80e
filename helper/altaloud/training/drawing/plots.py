"""Charts by matplotlib, whose look is on half the scientific pages."""

import io
from typing import Any

import numpy as np
from PIL import Image

from altaloud.training.drawing.brush import Brush

_STYLES = ["default"] * 4 + ["ggplot", "seaborn-v0_8-whitegrid", "dark_background", "fivethirtyeight", "bmh"]
_STYLES += ["seaborn-v0_8", "classic", "grayscale", "Solarize_Light2", "seaborn-v0_8-darkgrid"]


def plot(brush: Brush, kind: str) -> Image.Image:
    """Draw a chart of a kind with matplotlib in one of its styles."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    with plt.style.context(brush.choice(_STYLES)):
        figure, axes = plt.subplots(
            figsize=(brush.uniform(2.0, 5.5), brush.uniform(1.6, 4)), dpi=brush.choice([50, 60, 80])
        )
        {"pie chart": _pie, "bar chart": _bars, "line chart": _lines, "scatter chart": _points}[kind](
            brush, axes
        )
        _label(brush, axes)
        drawn = io.BytesIO()
        figure.savefig(drawn, format="png", bbox_inches=brush.choice([None, "tight"]))
        plt.close(figure)
    return Image.open(drawn).convert("RGB")


def _label(brush: Brush, axes: Any) -> None:
    if brush.chance(0.6):
        axes.set_title(brush.words(1, 5), fontsize=brush.randint(8, 14))
    if brush.chance(0.5):
        axes.set_xlabel(brush.words(1, 2))
        axes.set_ylabel(brush.words(1, 2))
    if brush.chance(0.3):
        axes.grid(visible=brush.chance(0.7))
    if brush.chance(0.25):
        axes.spines[["top", "right"]].set_visible(False)
    if brush.chance(0.3) and axes.get_legend_handles_labels()[1]:
        axes.legend(fontsize=7)


def _pie(brush: Brush, axes: Any) -> None:
    parts = brush.randint(2, 9)
    axes.pie(
        brush.shares(parts, 2),
        labels=[brush.word() for _ in range(parts)] if brush.chance(0.6) else None,
        autopct="%d%%" if brush.chance(0.5) else None,
        wedgeprops={"width": brush.choice([1, 1, 0.4, 0.6])},
        startangle=brush.randint(0, 360),
    )


def _bars(brush: Brush, axes: Any) -> None:
    chance = brush.numbers
    groups, series = brush.randint(2, 16), brush.choice([1, 1, 2, 3])
    draw = brush.random()
    if draw < 0.25:
        axes.hist(chance.standard_normal(300), bins=brush.randint(8, 40))
    elif draw < 0.5:
        axes.barh(range(groups), chance.random(groups))
    elif draw < 0.65:
        base = np.zeros(groups)
        for number in range(series + 1):
            heights = chance.random(groups)
            axes.bar(range(groups), heights, bottom=base, label=f"series {number}")
            base += heights
    else:
        for number in range(series):
            places = np.arange(groups) + number * 0.8 / series
            axes.bar(places, chance.random(groups), 0.8 / series, label=f"series {number}")


def _lines(brush: Brush, axes: Any) -> None:
    chance = brush.numbers
    for number in range(brush.randint(1, 6)):
        size = brush.randint(5, 90)
        wave = np.sin(np.linspace(0, brush.uniform(3, 15), size) * brush.uniform(0.5, 1.5))
        curve = np.cumsum(chance.standard_normal(size)) if brush.chance(0.6) else wave
        axes.plot(curve, brush.choice(["-", "-", "-", "--", ".-", "o-"]), label=f"series {number}")
        if brush.chance(0.1):
            axes.fill_between(range(size), curve, alpha=0.3)


def _points(brush: Brush, axes: Any) -> None:
    chance = brush.numbers
    for number in range(brush.randint(1, 4)):
        size = brush.randint(15, 180)
        x = chance.standard_normal(size)
        y = x * brush.uniform(-1, 1) + chance.standard_normal(size) * brush.uniform(0.1, 1)
        axes.scatter(x, y, s=brush.uniform(4, 45), alpha=brush.uniform(0.4, 1), label=f"set {number}")
