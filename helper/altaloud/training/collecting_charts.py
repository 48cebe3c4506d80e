"""Charts by the libraries that pages draw them with, over made-up data; diagrams by Mermaid."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from altaloud.training.collecting_browser import Browser
from altaloud.training.collecting_packages import Packages
from altaloud.training.collecting_wear import compressed

TYPES = ("bar chart", "line chart", "pie chart", "scatter chart")
_PALETTES = (
    ["#4e79a7", "#f28e2b", "#e15759", "#76b7b2", "#59a14f", "#edc948"],
    ["#264653", "#2a9d8f", "#e9c46a", "#f4a261", "#e76f51", "#8ab17d"],
    ["#003f5c", "#58508d", "#bc5090", "#ff6361", "#ffa600", "#7a5195"],
    ["#1b1b1b", "#555555", "#8c8c8c", "#bdbdbd", "#dddddd", "#333333"],
    ["#0d6efd", "#6ea8fe", "#9ec5fe", "#cfe2ff", "#084298", "#3d8bfd"],
)
_LABELS = (
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    ["2014", "2015", "2016", "2017", "2018", "2019", "2020", "2021", "2022", "2023"],
    ["North", "South", "East", "West", "Centre", "Islands", "Coast"],
    ["Germany", "France", "Italy", "Spain", "Poland", "Austria", "Greece", "Sweden"],
    ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    ["Rent", "Food", "Transport", "Energy", "Clothes", "Leisure", "Savings"],
    ["0-9", "10-19", "20-29", "30-39", "40-49", "50-59", "60-69", "70+"],
)
_PAGE = "<!doctype html><body style='display: flex; flex-wrap: wrap; gap: 20px; align-items: start'></body>"
_AT_ONCE = 5  # of each type, in one page
_TITLES = (
    "Sales by month", "Population", "Mean temperature", "Visitors per year", "Share of energy", "Answers",
    "Latency, 95th percentile", "Budget 2023", "Rainfall in mm", "Members", "Unemployment rate", "Exports",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Library:
    """One library: what to load, and how it draws."""

    name: str
    split: str
    scripts: tuple[tuple[str, str], ...]  # npm package, file in it
    styles: tuple[tuple[str, str], ...] = ()
    types: tuple[str, ...] = TYPES


LIBRARIES = (
    Library("chartjs", "teach", (("chart.js", "dist/chart.umd.min.js"),)),
    Library("plotly", "tune", (("plotly.js-basic-dist-min", "plotly-basic.min.js"),)),
    Library("frappe", "teach", (("frappe-charts", "dist/frappe-charts.min.umd.js"),), types=TYPES[:3]),
    Library("echarts", "test", (("echarts", "dist/echarts.min.js"),)),
    Library("vega", "test", (("vega@5", "build/vega.min.js"), ("vega-lite@5", "build/vega-lite.min.js"))),
    Library(
        "billboard",
        "test",
        (("billboard.js", "dist/billboard.pkgd.min.js"),),
        (("billboard.js", "dist/billboard.min.css"),),
    ),
)


def charts(
    library: Library, most: int, browser: Browser, packages: Packages
) -> Iterator[tuple[str, Image.Image]]:
    """Yield `most` charts of each type that a library draws, each with its type."""
    script = (Path(__file__).parent / "collecting_charts.js").read_text(encoding="utf-8")
    chance = random.Random(library.name)  # noqa: S311  # not for secrets
    for start in range(0, most, _AT_ONCE):
        browser.write(_PAGE, width=1700)
        for name, file in library.styles:
            browser.add(style=packages.npm(name) / file)
        for name, file in library.scripts:
            browser.add(script=packages.npm(name) / file)
        kinds = [kind for kind in library.types for _ in range(min(_AT_ONCE, most - start))]
        browser.run(script, [{"library": library.name, **_data(kind, chance)} for kind in kinds])
        page = browser.shown()
        for kind, box in zip(kinds, browser.boxes(".collected"), strict=True):
            yield kind, compressed(page.crop(box), chance, share=0.25)


def _data(kind: str, chance: random.Random) -> dict[str, Any]:
    """Return what a chart shows, and how."""
    labels = chance.choice(_LABELS)
    labels = labels[: chance.randint(3, len(labels))]
    scale, trend = 10 ** chance.uniform(0, 5), chance.uniform(-0.1, 0.2)
    many = 1 if kind == "pie chart" else chance.choice([1, 1, 2, 3, 4])
    return {
        "kind": kind.split(maxsplit=1)[0],
        "variant": chance.randint(0, 5),
        "width": chance.choice([220, 280, 320, 400, 480, 560, 640, 720, 800]),
        "height": chance.choice([180, 220, 260, 300, 340, 400, 480]),
        "title": chance.choice([*_TITLES, ""]),
        "labels": labels,
        "series": [
            {
                "name": chance.choice(
                    ["2022", "2023", "Women", "Men", "Target", "Actual", "A", "B", "Total"]
                ),
                "values": [
                    round(scale * chance.uniform(0.3, 1) * (1 + trend * place), 1)
                    for place in range(len(labels))
                ],
                "points": [
                    [round(x, 2), round(scale * (x * trend + chance.gauss(1, 0.3)), 2)]
                    for x in (chance.uniform(0, 10) for _ in range(chance.choice([8, 20, 40, 90])))
                ],
            }
            for _ in range(many)
        ],
        "dark": chance.random() < 0.2,
        "legend": chance.random() < 0.6,
        "colours": chance.choice([None, *_PALETTES]),
    }
