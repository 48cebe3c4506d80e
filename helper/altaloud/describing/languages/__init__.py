"""The sentences of the product and its words for icons, two JSON files a language.

To add a language, add its files beside the others, with the same keys as `en.json` and `icons/en.json`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Language:
    """The sentences of one language."""

    code: str  # BCP 47
    sentences: Mapping[str, str]
    icons: Mapping[str, tuple[str, str]]  # label -> what a control of this sign does, what the sign means

    def say(self, key: str, **values: object) -> str:
        """Return the sentence `key` with `values` in their places."""
        return self.sentences[key].format(**values)


class Languages:
    """Every language there is a file for."""

    def __init__(self) -> None:
        folder = resources.files(__package__)
        self._all = {
            code: Language(
                code, _read(folder / f"{code}.json"), _icons(_read(folder / "icons" / f"{code}.json"))
            )
            for code in (
                file.name.removesuffix(".json") for file in folder.iterdir() if file.name.endswith(".json")
            )
        }

    def choose(self, *wanted: str | None) -> Language:
        """Return the first of `wanted` (BCP 47) that there is, by its main part if need be; else English."""
        for tag in wanted:
            if tag and (found := self._all.get(tag) or self._all.get(tag.split("-")[0].lower())):
                return found
        return self._all[FALLBACK]

    def codes(self) -> list[str]:
        """Return the codes of all languages, sorted."""
        return sorted(self._all)


def _read(file: Traversable) -> dict[str, Any]:
    held: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return held


def _icons(held: Mapping[str, Mapping[str, str]]) -> dict[str, tuple[str, str]]:
    return {label: (words["action"], words["meaning"]) for label, words in held.items()}
