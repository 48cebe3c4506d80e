"""The first look at a picture: what kind it is and which icon, in milliseconds.

Measurement decides what surely shows nothing; the starter model says the rest. Whether its `decorative` may
silence a picture depends on where the picture stands, so that is left to `describing`.
"""

import hashlib
from pathlib import Path

from altaloud.vision import kinds
from altaloud.vision.kinds import Kind, KindGuess
from altaloud.vision.pictures import Picture
from altaloud.vision.starter_model import StarterModel

_FOLDER = Path(__file__).parent / "starter"

_LONG_PAGE = 3.0  # times as high as wide

# Worth reading even where the statistics see no writing, because the starter model does.
_WRITTEN = frozenset({Kind.text, Kind.screenshot, Kind.chart, Kind.table, Kind.logo})


class FirstLook:
    """Looks. The starter model is loaded with the first picture that measurement does not decide."""

    def __init__(self, folder: Path = _FOLDER) -> None:
        self._folder = folder
        self._starter: StarterModel | None = None

    def look(self, picture: Picture) -> KindGuess:
        """Return what a picture is.

        Raises:
            ModelMissingError, ModelDamagedError: The starter model cannot be used.
        """
        measured = kinds.measure(picture)
        if measured.kind is not Kind.unknown:
            return measured
        if self._starter is None:
            self._starter = StarterModel(self._folder)
        # A long page looks like one at its top; squeezed into a square, like nothing.
        seen = self._starter.look(kinds.top(picture, _LONG_PAGE))
        return KindGuess(
            kind=seen.kind,
            confidence=round(seen.confidence, 4),
            evidence=kinds.STARTER,
            # What an icon says is its name: a magnifying glass is read as the letter Q.
            has_text=seen.icon is None and (measured.has_text or seen.kind in _WRITTEN),
            icon=seen.icon,
            chart=seen.chart,
        )


def version() -> str:
    """Return the names and revisions of what looks: what is remembered is kept by them."""
    digest = hashlib.sha256()
    for name in ("labels.json", "starter.bin"):
        file = _FOLDER / name
        if file.is_file():  # else the look itself will say that it is missing
            digest.update(file.read_bytes())
    return f"{kinds.MODEL} starter@{digest.hexdigest()[:7]}"
