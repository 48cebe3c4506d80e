"""`python -m altaloud.training collect TARGET`: real pictures by kind, to learn from, to tune on, to test on.

TARGET/{teach,tune,test}/KIND/SOURCE__N.png, as `samples.real` reads them; no maker is in two of them. Anyone
can make them again on a Debian machine: package files, and pages of package files and chart libraries as
Chromium shows them. A source that is there already is left alone; delete its files to make them anew.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from PIL import Image

from altaloud.training import collecting_charts, collecting_css, collecting_files, collecting_sites
from altaloud.training.collecting_browser import Browser, browser
from altaloud.training.collecting_packages import Packages

Labelled = tuple[str, Image.Image]  # a kind and a picture of it
_CHARTS_A_TYPE = 14
_MORE = {"teach": 3}  # times as many pictures as of a maker that tunes or tests
_DECORATIONS = {"teach": 120, "tune": 80, "test": 60}
_WRITING = {"teach": 100, "tune": 70, "test": 50}


def collect(target: Path, unpacked: Path, only: str | None, report: Callable[[str], None]) -> None:
    """Make what is not there yet.

    Args:
        target: The folder of pictures.
        unpacked: The folder that packages are fetched to.
        only: A source's name, or None for all.
        report: Takes lines of progress.

    Raises:
        CollectingError: A package, Chromium or what drives it is missing.
    """
    packages = Packages(unpacked, report)
    for source in collecting_files.sources():
        if only in (None, source.name):
            most = source.most * _MORE.get(source.split, 1)
            made = ((source.kind, image) for image in collecting_files.pictures(source, most, packages))
            keep(target / source.split, source.name, [source.kind], made, report)
    with browser() as shown:
        for split, name, kinds, pictures in _drawn(shown, packages):
            if only in (None, name):
                keep(target / split, name, kinds, pictures, report)


def _drawn(
    shown: Browser, packages: Packages
) -> Iterator[tuple[str, str, Iterable[str], Iterator[Labelled]]]:
    """Yield split, name, kinds and pictures of what Chromium draws when it is asked for."""
    for library in collecting_charts.LIBRARIES:
        many = _CHARTS_A_TYPE * _MORE.get(library.split, 1)
        charts = collecting_charts.charts(library, many, shown, packages)
        yield library.split, library.name, library.types, charts
    for split, many in _DECORATIONS.items():
        more = _MORE.get(split, 1)
        made = collecting_css.css(split, many * more, _WRITING[split] * more, shown)
        yield split, f"css-{split}", ("decorative", "text", "blank"), made
    for site in collecting_sites.sites():
        kinds = ("screenshot", "table", "text")
        more = _MORE.get(site.split, 1)
        yield site.split, site.name, kinds, collecting_sites.views(site, more, shown, packages)


def keep(
    folder: Path, name: str, kinds: Iterable[str], made: Iterator[Labelled], report: Callable[[str], None]
) -> None:
    """Write pictures as PNG, unless the source is there."""
    if any(any((folder / kind).glob(f"{name}__*.png")) for kind in kinds):
        return
    counted: dict[str, int] = {}
    for kind, image in made:
        number = counted[kind] = counted.get(kind, 0) + 1
        (folder / kind).mkdir(parents=True, exist_ok=True)
        image.save(folder / kind / f"{name}__{number}.png", compress_level=1)
    report(f"{folder.name} {name}: " + ", ".join(f"{many} {kind}" for kind, many in counted.items()))
