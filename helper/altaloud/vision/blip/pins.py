"""The checkpoints we know, each at one commit of the hub, with the digest of every file.

The weights change only with `pins.json`. A digest of null is not known to us: it is taken from the
hub's own metadata of that commit at the first download, and a later change is refused.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CAPTIONER = "caption-base"  # the model that captions
ANSWERER = "vqa-base"  # the one that answers questions
MATCHER = "itm-base"  # the one that judges whether a sentence fits
PICKLE = "pytorch_model.bin"
WEIGHTS = "model.safetensors"  # what is loaded; made from the pickle where the hub has no other


@dataclass(frozen=True, slots=True)
class PinnedFile:
    """One file as it was published."""

    name: str
    size_bytes: int | None  # None: only the hub's metadata knows
    sha256: str | None  # 64 hex digits; None as above


@dataclass(frozen=True, slots=True)
class Pin:
    """One checkpoint at one commit."""

    name: str  # ours, such as "caption-base"
    repository: str  # the hub's, such as "Salesforce/blip-image-captioning-base"
    revision: str  # 40 hex digits
    licence: str
    files: tuple[PinnedFile, ...]
    is_blip: bool = True  # else it only travels: nothing is made from it

    @property
    def model(self) -> str:
        """Name and revision: two captioners of the same name write the same sentence."""
        return f"{self.name}@{self.revision[:7]}"

    @property
    def download_bytes(self) -> int:
        """What a download fetches, as far as the sizes are known; the weights' size always is."""
        return sum(file.size_bytes or 0 for file in self.files)

    @property
    def installed_names(self) -> tuple[str, ...]:
        """The files of an installed model: those published, with the pickle made into safetensors."""
        return tuple(WEIGHTS if file.name == PICKLE else file.name for file in self.files)

    @property
    def has_pickle(self) -> bool:
        """Whether the weights have to be converted."""
        return any(file.name == PICKLE for file in self.files)


def load_pins() -> dict[str, Pin]:
    """Return the pins that ship with the product, by name."""
    text = Path(__file__).with_name("pins.json").read_text("utf-8")
    return {name: _pin(name, entry) for name, entry in json.loads(text).items()}


def _pin(name: str, entry: Mapping[str, Any]) -> Pin:
    files = tuple(
        PinnedFile(file, known["bytes"], known["sha256"]) for file, known in sorted(entry["files"].items())
    )
    return Pin(name, entry["repository"], entry["revision"], entry["licence"], files)
