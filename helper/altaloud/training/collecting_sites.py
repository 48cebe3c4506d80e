"""Manuals as a browser shows them: windows, tables, passages of text; in their own styles and in others'."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image

from altaloud.training.collecting_browser import Box, Browser
from altaloud.training.collecting_packages import Packages
from altaloud.training.collecting_wear import figure

_MOST_PAGES = 60
_LARGEST = 1600  # pixels a side, of a part
_SHAPES = {"table": (60, 6.0), "text": (14, 12.0)}  # least height in pixels, most width as a share of it
_MOST_BYTES = 400_000  # of a page: longer ones take long to draw
_MOST_OF_A_PAGE = 4  # tables, and as many texts: more would be too much alike
_WINDOWS = (
    (1280, 800),
    (1280, 720),
    (1024, 768),
    (800, 600),
    (640, 480),
    (390, 780),
    (360, 640),
    (1600, 900),
)
_TABLES = (
    "table:not(table table, .variablelist table):has(tr:nth-child(3)):has(td:nth-child(2), th:nth-child(2))"
)
_WRITING = "p, pre, blockquote, ul:not(nav ul), ol, dl, h1, h2, h3"
# Says what a styled page says, with the classes by which frameworks find their parts.
_CLASSED = """() => {
  for (const old of document.querySelectorAll("link[rel~=stylesheet], style")) old.remove();
  for (const one of document.querySelectorAll("[style], [class], [bgcolor], table[border], table[width]"))
    for (const name of ["style", "class", "bgcolor", "border", "width", "cellspacing", "cellpadding"])
      if (!["IMG", "COL"].includes(one.tagName)) one.removeAttribute(name);
  for (const table of document.querySelectorAll("table"))
    table.className = "table table-striped ui celled table pure-table pure-table-bordered is-striped";
}"""


@dataclass(frozen=True, slots=True)
class Site:
    """One manual, and how many pictures of it: windows, tables, writing."""

    name: str
    split: str
    package: str
    glob: str
    windows: int
    tables: int
    writing: int
    style: tuple[str, str] | None = None  # npm package and file that take the place of its own style
    unless: str = "genindex"


SITES = (
    Site("python", "teach", "python3.11-doc", "usr/share/doc/python3.11/html/*/*.html", 30, 30, 40),
    Site("rust", "teach", "rust-doc", "usr/share/doc/rust-doc/html/book/*.html", 26, 6, 40),
    Site("django", "teach", "python-django-doc", "usr/share/doc/python-django-doc/html/*/*.html", 8, 6, 10),
    Site("apache", "teach", "apache2-doc", "usr/share/doc/apache2-doc/manual/en/*/*.html", 8, 8, 10),
    Site("git", "tune", "git-doc", "usr/share/doc/git/html/*.html", 12, 12, 30),
    Site("sqlite", "teach", "sqlite3-doc", "usr/share/doc/sqlite3/*.html", 22, 30, 30),
    Site("eigen", "tune", "libeigen3-doc", "usr/share/doc/libeigen3-dev/html/group__*.html", 22, 0, 24),
    Site("node", "test", "nodejs-doc", "usr/share/doc/nodejs/api/*.html", 22, 12, 34),
    Site("cmake", "test", "cmake-doc", "usr/share/doc/cmake-data/html/*/*.html", 22, 6, 30),
    Site("postgres", "test", "postgresql-doc-15", "usr/share/doc/postgresql-doc-15/html/*.html", 16, 36, 30),
    Site(
        "boost",
        "test",
        "libboost1.81-doc",
        "usr/share/doc/libboost1.81-doc/doc/html/boost*/*.html",
        16,
        24,
        24,
    ),
)

# The same words in other clothes: a table looks like its framework, whatever stands in it.
_CLOTHES = (
    ("bootstrap", "teach", ("bootstrap", "dist/css/bootstrap.min.css")),
    ("pico", "teach", ("@picocss/pico", "css/pico.min.css")),
    ("water-dark", "teach", ("water.css", "out/dark.min.css")),
    ("pure", "tune", ("purecss", "build/pure-min.css")),
    ("spectre", "tune", ("spectre.css", "dist/spectre.min.css")),
    ("foundation", "teach", ("foundation-sites", "dist/css/foundation.min.css")),
    ("bulma", "test", ("bulma", "css/bulma.min.css")),
    ("semantic", "test", ("semantic-ui-css", "components/table.min.css")),
    ("milligram", "test", ("milligram", "dist/milligram.min.css")),
    ("water-light", "test", ("water.css", "out/light.min.css")),
)
# Fewer of each: what helps is that there are many makers.
_MORE_CLOTHES = (
    ("uikit", "teach", ("uikit", "dist/css/uikit.min.css")),
    ("materialize", "teach", ("materialize-css", "dist/css/materialize.min.css")),
)
_CLOTHED = {
    "teach": ("sqlite3-doc", "usr/share/doc/sqlite3/*.html"),
    "tune": ("sqlite3-doc", "usr/share/doc/sqlite3/*.html"),
    "test": ("postgresql-doc-15", "usr/share/doc/postgresql-doc-15/html/*.html"),
}


def sites() -> list[Site]:
    """Return the manuals, and manuals in the clothes of frameworks."""
    clothed = [Site(name, split, *_CLOTHED[split], 6, 22, 14, style) for name, split, style in _CLOTHES]
    more = [Site(name, split, *_CLOTHED[split], 3, 8, 5, style) for name, split, style in _MORE_CLOTHES]
    return [*SITES, *clothed, *more]


def views(site: Site, more: int, browser: Browser, packages: Packages) -> Iterator[tuple[str, Image.Image]]:
    """Yield pictures of a manual, `more` times as many as it says, each with its kind."""
    chance = random.Random(site.name)  # noqa: S311  # not for secrets
    wanted = {"screenshot": site.windows, "table": site.tables, "text": site.writing}
    wanted = {kind: many * more for kind, many in wanted.items()}
    files = [f for f in sorted(packages.debian(site.package).glob(site.glob)) if site.unless not in f.name]
    chance.shuffle(files)
    for file in files[: _MOST_PAGES * more]:
        if not any(wanted.values()):
            return
        size = chance.choice(_WINDOWS)
        leads_away = b'http-equiv="refresh"' in file.read_bytes()
        if leads_away or file.stat().st_size > _MOST_BYTES or not browser.open(file, width=size[0]):
            continue
        if site.style is not None:
            browser.run(_CLASSED)
            browser.add(style=packages.npm(site.style[0]) / site.style[1])
        for kind, image in _of_page(wanted, size, browser, chance):
            wanted[kind] -= 1
            yield kind, figure(image, chance)


def _of_page(
    wanted: dict[str, int], size: tuple[int, int], browser: Browser, chance: random.Random
) -> Iterator[tuple[str, Image.Image]]:
    """Yield what is still wanted of a page: windows at several places, and some of its parts."""
    page = browser.shown()
    for kind, selector in (("table", _TABLES), ("text", _WRITING)):
        boxes = [box for box in browser.boxes(selector) if _is_a_picture(box, page, kind)]
        chance.shuffle(boxes)
        for box in boxes[: min(wanted[kind], _MOST_OF_A_PAGE)]:
            yield kind, page.crop(box)
    for place in (0.0, chance.random())[: wanted["screenshot"]]:
        top = round(place * max(0, page.height - size[1]))
        yield "screenshot", page.crop((0, top, size[0], min(page.height, top + size[1])))


def _is_a_picture(box: Box, page: Image.Image, kind: str) -> bool:
    """Return whether a part has a size and a shape that images of it have, and was drawn whole."""
    width, height = box[2] - box[0], box[3] - box[1]
    lowest, longest = _SHAPES[kind]
    is_inside = box[0] >= 0 and box[2] <= page.width and box[3] <= page.height
    return is_inside and 60 < width < _LARGEST and lowest < height < _LARGEST and width < longest * height
