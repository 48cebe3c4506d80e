"""The sentences of the product, one JSON file a language.

To add a language, add its file beside the others, with the same keys as `en.json`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Language:
    """The sentences of one language."""

    code: str  # BCP 47
    sentences: Mapping[str, str]

    def say(self, key: str, **values: object) -> str:
        """Return the sentence `key` with `values` in their places."""
        return self.sentences[key].format(**values)


class Languages:
    """Every language there is a file for."""

    def __init__(self) -> None:
        self._all = {
            file.name.removesuffix(".json"): Language(
                file.name.removesuffix(".json"), json.loads(file.read_text("utf-8"))
            )
            for file in resources.files(__package__).iterdir()
            if file.name.endswith(".json")
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
