"""The NOTICE that goes with the weights: every collection used, its authors, its licence."""

import re
import tomllib
from pathlib import Path

from altaloud.training.collection import TEST_PACKS, Collection

_ROW = re.compile(r"^\| ([\w-]+) \| ([^|]+) \| ([^|]+) \| (\d+) \|$")


def notice(data: Path, collection: Collection) -> str:
    """Return the notice; packs that only measured the model are named apart."""
    given = (data / "NOTICE.md").read_text(encoding="utf-8")
    rows = [match.groups() for line in given.splitlines() if (match := _ROW.match(line))]
    splits = {icon.pack: icon.split for icon in collection.icons()}
    known = {row[0] for row in rows}
    missing = sorted(set(splits) - known)
    if missing:
        raise ValueError(f"no licence is known of: {', '.join(missing)}")
    trained = [row for row in rows if splits.get(row[0]) == "train"]
    others = [row for row in rows if splits.get(row[0]) in ("validation", "test")]
    taught = [f"{package.removeprefix('npm:')}: {whose}" for package, whose in credits_of_pictures().items()]
    return "\n".join([_HEAD, *_lines(trained), _APART, *_lines(others), _PICTURES, *taught, _PHOTOS, ""])


def credits_of_pictures() -> dict[str, str]:
    """Return makers and licences of the pictures that teach kinds, by Debian package, or "npm:" and name."""
    return tomllib.loads((Path(__file__).parent / "collecting_credits.toml").read_text(encoding="utf-8"))


def _lines(rows: list[tuple[str, ...]]) -> list[str]:
    return [
        f"{pack}: {author.strip()}, {licence.strip()}, {count} icons" for pack, licence, author, count in rows
    ]


_HEAD = """\
NOTICE of the starter model

The weights in this folder were trained on drawings rendered from the icon packs below, on the photographs
below, on pictures out of the packages below, and on pictures that our own program draws. No drawing and no
photograph is in this folder but for the small pictures in confusions.png, which show icons of the packs that
measured the model. The packs' SVG sources were rendered, scaled, coloured and distorted. CC-BY-4.0
(https://creativecommons.org/licenses/by/4.0/) asks to credit the authors named here.

Icon packs that trained the model
"""
_APART = f"""
Icon packs that tuned or measured the model and trained nothing ({len(TEST_PACKS)} of them measured it)
"""
_PICTURES = """
Debian's and npm's packages whose pictures, or pages of whose manuals, taught the kinds of images
"""
_PHOTOS = """
Photographs

Caltech-101: Fei-Fei Li, Marco Andreeto, Marc'Aurelio Ranzato, Pietro Perona, CC-BY-4.0
(doi:10.22002/D1.20086), shorter side reduced to 128 pixels Grocery Store Dataset: Marcus Klasson, Cheng
Zhang, Hedvig Kjellstroem, MIT (github.com/marcusklasson/GroceryStoreDataset), training part only, shorter
side reduced to 128 pixels

MIT, ISC and BSD packs: Permission is granted as in those licences, whose copyright lines are the authors
above; the texts are at https://spdx.org/licenses/. Apache-2.0 packs:
https://www.apache.org/licenses/LICENSE-2.0; changes as above. CC0-1.0 and Unlicense packs ask for nothing
and are named all the same."""
