"""The first look at a picture: what kind it is and which icon, in milliseconds.

Measurement decides what surely shows nothing; the starter model says the rest. Whether its `decorative` may
silence a picture depends on where the picture stands, so that is left to `describing`.
"""

from pathlib import Path

from altaloud.vision import kinds
from altaloud.vision.kinds import Kind, KindGuess
from altaloud.vision.pictures import Picture
from altaloud.vision.starter_model import KINDS_FILE, StarterModel

_FOLDER = Path(__file__).parent / "starter"

_LONG_PAGE = 3.0  # times as high as wide

# The shorter side, in pixels: below, nobody can read a chart or a page, though a sign may look like one.
_SMALLEST = {Kind.chart: 64, Kind.table: 48, Kind.screenshot: 64, Kind.photo: 24}
# Small pictures that are cut out are shaded signs, not photographs: pixels, and the transparent share.
_ICON_SIZE = 256
_CUT_OUT = 0.05

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
        is_plausible = _is_plausible(seen.kind, picture)
        return KindGuess(
            kind=seen.kind if is_plausible else Kind.unknown,
            confidence=round(seen.confidence, 4) if is_plausible else 0.0,
            evidence=kinds.STARTER,
            # What an icon says is its name: a magnifying glass is read as the letter Q.
            has_text=seen.icon is None and (measured.has_text or seen.kind in _WRITTEN),
            icon=seen.icon,
            chart=seen.chart,
        )


def _is_plausible(kind: Kind, picture: Picture) -> bool:
    """Return whether a picture can be what the starter model takes it for, by what is measured for sure."""
    shorter, longer = sorted((picture.width, picture.height))
    if kind is Kind.blank:
        return False  # it was measured not to be
    if kind is Kind.photo and longer <= _ICON_SIZE and picture.transparent >= _CUT_OUT:
        return False
    return shorter >= _SMALLEST.get(kind, 1)


def version() -> str:
    """Return the names and revisions of what looks: what is remembered is kept by them."""
    import hashlib

    digest = hashlib.sha256()
    for name in ("labels.json", KINDS_FILE, "starter.bin"):
        file = _FOLDER / name
        if file.is_file():  # else the look itself will say that it is missing
            digest.update(file.read_bytes())
    return f"{kinds.MODEL} starter@{digest.hexdigest()[:7]}"
