"""Collecting real pictures: the tables hold, a seed makes the same picture, makers are kept apart."""

import json
import random
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from altaloud.training import collecting_charts, collecting_css, collecting_files, collecting_sites
from altaloud.training.classes import KINDS
from altaloud.training.collecting import keep
from altaloud.training.collecting_files import Source
from altaloud.training.collecting_packages import Packages
from altaloud.training.collecting_wear import WEARS
from altaloud.training.notice import credits_of_pictures


def drawing(colour: str = "black") -> Image.Image:
    image = Image.new("RGBA", (40, 30))
    ImageDraw.Draw(image).rectangle([5, 5, 30, 20], fill=colour)
    return image


def packages(folder: Path) -> Packages:
    return Packages(folder, lambda line: pytest.fail(f"nothing is to be fetched: {line}"))


def chance() -> random.Random:
    return random.Random(3)  # noqa: S311  # not for secrets


def test_the_table_names_kinds_and_wears_that_there_are() -> None:
    sources = collecting_files.sources()

    assert sources
    for source in sources:
        assert source.split in ("teach", "tune", "test")
        assert source.kind in (*KINDS, "icon")
        assert source.wear in WEARS
    assert len({(one.split, one.kind, one.name) for one in sources}) == len(sources)


def test_who_teaches_never_tunes_and_who_does_either_never_tests() -> None:
    makers: dict[str, set[str]] = {"teach": set(), "tune": set(), "test": set()}
    for source in collecting_files.sources():
        makers[source.split].add(source.package)
    for site in collecting_sites.sites():
        makers[site.split] |= {site.package, str(site.style)}
    for library in collecting_charts.LIBRARIES:
        makers[library.split].add(library.scripts[0][0])
    for split in makers:
        makers[split] |= set(collecting_css.stock(split).decorative)

    assert (makers["teach"] | makers["tune"]) & makers["test"] <= {"None"}
    # Each logo has a maker of its own, and what a clothed table says matters less than its clothes.
    shared = {"None", "npm:@iconify-json/logos", "sqlite3-doc"}
    assert makers["teach"] & makers["tune"] <= shared


def test_everybody_who_teaches_is_credited() -> None:
    taught = {source.package for source in collecting_files.sources() if source.split == "teach"}
    for site in collecting_sites.sites():
        if site.split == "teach":
            taught |= {site.package} | ({f"npm:{site.style[0]}"} if site.style else set())
    taught |= {f"npm:{one.scripts[0][0]}" for one in collecting_charts.LIBRARIES if one.split == "teach"}

    assert taught == set(credits_of_pictures())


@pytest.mark.parametrize("wear", list(WEARS))
def test_a_worn_picture_shows_something_and_is_the_same_twice(wear: str) -> None:
    once, again = WEARS[wear](drawing(), chance()), WEARS[wear](drawing(), chance())

    assert once.mode == "RGB"
    assert once.tobytes() == again.tobytes()
    low, high = once.convert("L").getextrema()
    assert isinstance(low, int)
    assert isinstance(high, int)
    assert high - low > 40


@pytest.mark.parametrize("colour", ["black", "white"])
def test_an_icon_stands_out_from_its_ground(colour: str) -> None:
    for seed in range(20):
        shown = WEARS["icon"](drawing(colour), random.Random(seed)).convert("L")  # noqa: S311  # not for secrets
        low, high = shown.getextrema()
        assert isinstance(low, int)
        assert isinstance(high, int)
        assert high - low > 60


def test_files_of_a_package_become_pictures_but_for_what_is_left_out_or_damaged(tmp_path: Path) -> None:
    folder = tmp_path / "debian" / "theme" / "icons"
    folder.mkdir(parents=True)
    for name in ("good", "small", "unwanted", "empty"):
        drawing().save(folder / f"{name}.png")
    Image.new("RGBA", (8, 8), "black").save(folder / "small.png")
    Image.new("RGBA", (40, 30)).save(folder / "empty.png")
    (folder / "damaged.png").write_bytes(b"no picture")
    (folder / "drawn.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 2"><path d="M0 0h2v1z"/></svg>',
        encoding="utf-8",
    )
    source = Source(
        "theme", "tune", "icon", "theme", ["icons/*"], "figure", 9, unless=["*unwanted*"], smallest=9
    )

    made = list(collecting_files.pictures(source, source.most, packages(tmp_path)))

    assert len(made) == 2
    assert max(image.width / image.height for image in made) == pytest.approx(2, abs=0.1)


def test_a_collection_of_iconify_is_drawn(tmp_path: Path) -> None:
    folder = tmp_path / "npm" / "@iconify-json-logos" / "node_modules" / "@iconify-json" / "logos"
    folder.mkdir(parents=True)
    (folder / "icons.json").write_text(
        json.dumps(
            {
                "width": 30,
                "height": 10,
                "icons": {"one": {"body": '<path d="M1 1h20v8z"/>'}, "two-icon": {"body": ""}},
            }
        ),
        encoding="utf-8",
    )
    source = Source(
        "logos", "tune", "logo", "npm:@iconify-json/logos", ["*"], "as it is", 9, unless=["*-icon"]
    )

    (image,) = collecting_files.pictures(source, source.most, packages(tmp_path))

    assert image.width / image.height == pytest.approx(3, abs=0.05)


def test_what_is_there_is_not_made_again(tmp_path: Path) -> None:
    said: list[str] = []
    keep(tmp_path, "maker", ["logo"], iter([("logo", drawing()), ("logo", drawing())]), said.append)
    keep(tmp_path, "maker", ["logo"], iter([("logo", drawing())] * 9), said.append)

    assert sorted(path.name for path in tmp_path.glob("logo/*")) == ["maker__1.png", "maker__2.png"]
    assert said == [f"{tmp_path.name} maker: 2 logo"]
