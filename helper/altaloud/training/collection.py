"""The data folder, read: icons with their labels and packs, and photographs.

Nothing else knows how that folder looks. Which packs train, tune and test is decided here, once.
"""

import json
import lzma
from dataclasses import dataclass
from pathlib import Path

from altaloud.training.classes import OTHER, Classes

# Ours, held out from training and from tuning. Drawing styles apart from one another and without a relative
# among the others: filled, thin, pixels, two colours, hand-made curves of 2010, a word processor's.
TEST_PACKS = frozenset(
    [
        "clarity",
        "eva",
        "griddy-icons",
        "lineicons",
        "marketeq",
        "pixel",
        "qlementine-icons",
        "raphael",
        "system-uicons",
        "vaadin",
    ]
)
# Photographs by subject, so that no test photograph shows what a training one shows.
TEST_SUBJECTS = frozenset(
    [
        "barrel",
        "buddha",
        "butterfly",
        "car side",
        "cellphone",
        "chair",
        "cougar face",
        "dalmatian",
        "ewer",
        "flamingo",
        "grand piano",
        "hedgehog",
        "ketch",
        "lotus",
        "saxophone",
        "soccer ball",
        "umbrella",
        "wrench",
    ]
)
VALIDATION_SUBJECTS = frozenset(
    [
        "binocular",
        "ceiling fan",
        "crab",
        "dragonfly",
        "headphone",
        "lamp",
        "scissors",
        "strawberry",
        "wheelchair",
    ]
)
SPLITS = ("train", "validation", "test")


@dataclass(frozen=True, slots=True)
class Icon:
    """One drawing of a pack."""

    pack: str
    name: str  # the pack's own
    label: str
    enclosed: bool  # the sign sits in a circle or square
    svg: str
    is_coloured: bool
    split: str


@dataclass(frozen=True, slots=True)
class Photo:
    """One photograph."""

    path: Path
    subject: str
    source: str
    split: str


@dataclass(frozen=True, slots=True)
class Label:
    """What may be said for a class of icons."""

    spoken: str
    synonyms: tuple[str, ...]
    near: tuple[str, ...]  # labels easily confused


class Collection:
    """The data folder's contents."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        described = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
        self.labels = {
            name: Label(entry["spoken"], tuple(entry["synonyms"]), tuple(entry["near"]))
            for name, entry in described.items()
            if name != OTHER
        }
        self.classes = Classes(tuple(self.labels))
        self._validation = frozenset(json.loads((folder / "splits.json").read_text("utf-8"))["validation"])

    def icons(self) -> list[Icon]:
        """Return every icon, in the file's order."""
        with lzma.open(self._folder / "icons.jsonl.xz", "rt", encoding="utf-8") as lines:
            return [self._icon(json.loads(line)) for line in lines]

    def photos(self) -> list[Photo]:
        """Return every photograph, in the file's order."""
        lines = (self._folder / "photos.jsonl").read_text(encoding="utf-8").splitlines()
        return [self._photo(json.loads(line), number) for number, line in enumerate(lines)]

    def _icon(self, entry: dict[str, str | int | bool]) -> Icon:
        body = str(entry["body"])
        size = f'width="{entry["width"]}" height="{entry["height"]}"'
        return Icon(
            pack=str(entry["set"]),
            name=str(entry["name"]),
            label=str(entry["label"]),
            enclosed=bool(entry["enclosed"]),
            svg=f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {size} '
            f'viewBox="0 0 {entry["width"]} {entry["height"]}" color="black">{body}</svg>',
            is_coloured="currentColor" not in body,
            split=self._split_of_pack(str(entry["set"])),
        )

    def _split_of_pack(self, pack: str) -> str:
        if pack in TEST_PACKS:
            return "test"
        return "validation" if pack in self._validation else "train"

    def _photo(self, entry: dict[str, str], number: int) -> Photo:
        subject = entry["fine"]
        if entry["source"] != "caltech101":
            # Groceries come without subjects apart enough: every eighth picture is held out.
            split = {0: "test", 1: "validation"}.get(number % 16, "train")
        elif subject in TEST_SUBJECTS:
            split = "test"
        else:
            split = "validation" if subject in VALIDATION_SUBJECTS else "train"
        return Photo(self._folder / "photos" / entry["file"], subject, entry["source"], split)
