"""What kind of image, and which icon: the embedded starter model, run by OpenVINO.

It abstains. Below its thresholds, fitted for 97 % precision on packs it never saw, an icon has no name and
a picture is of unknown kind. Its `decorative` is one voice of two: silence needs other evidence (size,
emptiness, layout).
"""

import json
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from altaloud.errors import ModelDamagedError, ModelMissingError
from altaloud.vision import silent_openvino
from altaloud.vision.kinds import Kind
from altaloud.vision.pictures import Picture
from altaloud.vision.starter_input import normalise, prepare
from altaloud.vision.starter_kinds import KindHead
from altaloud.vision.starter_naming import Naming, near_names
from altaloud.vision.starter_traits import NAMES as TRAITS
from altaloud.vision.starter_traits import traits

# The trained kinds that the product calls otherwise.
_CHARTS = ("bar chart", "line chart", "pie chart", "scatter chart", "diagram")
_SURE_OF_TYPE = 0.8  # of the charts' share: all 152 types said so surely of tuning pictures were right
_ONE_COLOUR = 8 / 255  # by how much channels may differ in a picture of nothing
HEAD = "head.safetensors"  # of the stock model: "weight", (classes, width), and "bias"
KINDS_FILE = "kinds.npz"  # the arrays of the kind head
_UNNAMED = "illustration"  # trained, so that it is taken for nothing else, but not a kind of the product


@dataclass(frozen=True, slots=True)
class StarterGuess:
    """What the starter model makes of a picture."""

    kind: Kind
    icon: str | None  # the label of an icon that is named with enough confidence
    confidence: float  # 0..1, calibrated: of the icon's name if there is one, else of the kind
    chart: str | None  # of a chart: "bar chart", "line chart", "pie chart", "scatter chart", "diagram"


@dataclass(frozen=True, slots=True)
class Label:
    """What may be said for an icon."""

    spoken: str
    synonyms: tuple[str, ...]
    near: tuple[str, ...]  # labels whose drawings are much alike


class StarterModel:
    """The loaded model; about 30 MB and a few milliseconds a picture on one core."""

    def __init__(self, folder: Path) -> None:
        """Load from `folder`: `labels.json`, `kinds.npz`, and either `starter.xml` or the stock model itself.

        Raises:
            ModelMissingError: A file is not there.
            ModelDamagedError: A file cannot be read, or model and labels do not fit.
        """
        ov = silent_openvino.load()
        network: Any = folder / "starter.xml"
        is_stock = not network.is_file() and (folder / HEAD).is_file()
        for name in ("labels.json", KINDS_FILE, *(() if is_stock else ("starter.xml", "starter.bin"))):
            if not (folder / name).is_file():
                raise ModelMissingError(
                    f"the starter model's {name} is missing", advice="Install Altaloud again."
                )
        # One thread: the pictures of a page come one by one, and other processes want the cores as well.
        settings = {
            "INFERENCE_NUM_THREADS": 1,
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_PRECISION_HINT": "f32",
        }
        try:
            self._read_labels(json.loads((folder / "labels.json").read_text(encoding="utf-8")))
            self._head = _kind_head(folder / KINDS_FILE)
            if is_stock:
                from altaloud.vision.starter_graph import scorer  # only where it is trained

                network = scorer(folder)
            self._network = ov.Core().compile_model(network, "CPU", settings)
        except (RuntimeError, ValueError, KeyError, TypeError, EOFError, BadZipFile, zlib.error) as error:
            raise ModelDamagedError(
                "the starter model cannot be read", advice="Install Altaloud again."
            ) from error
        classes = self._network.output(0).get_partial_shape()[1].get_length()
        kinds = len(self._kinds) + 1
        fits = classes == kinds + len(self._icons) and self._head.names == kinds
        if not fits or self._head.inputs != kinds + len(TRAITS):
            raise ModelDamagedError(
                "the starter model does not fit its labels", advice="Install Altaloud again."
            )

    def _read_labels(self, held: dict[str, Any]) -> None:
        entries = held["classes"]
        self._icons = tuple(entry["icon"] for entry in entries if entry.get("icon"))
        self._kinds = tuple(entry["kind"] for entry in entries if "kind" in entry)
        self.labels = {
            entry["icon"]: Label(entry["spoken"], tuple(entry["synonyms"]), tuple(entry["near"]))
            for entry in entries
            if entry.get("icon")
        }
        self._naming = Naming(
            held["naming"],
            near_names({name: label.near for name, label in self.labels.items()}, self._icons),
            [entry["reliability"] for entry in entries if entry.get("icon")],
        )
        self._icon_threshold = float(held["icon_threshold"])
        self._least_reliability = float(held["least_reliability"])  # of names that are said
        self._kind_threshold = float(held["kind_threshold"])
        self._decorative_threshold = float(held["decorative_threshold"])

    def look(self, picture: Picture) -> StarterGuess:
        """Return the kind of a picture, and the icon's name where it is sure enough."""
        import numpy as np

        rgb = np.frombuffer(picture.pixels, np.uint8).reshape(picture.rows, picture.columns, 3)
        canonical = prepare(rgb)
        return self.decide(self.probabilities(canonical), traits(rgb, canonical))

    def probabilities(self, canonical: Any) -> Any:
        """Return the network's probabilities of all classes, float64 (classes,), for a prepared picture."""
        import numpy as np

        scores = self._network(normalise(canonical[None]))[0][0].astype(np.float64)
        weights = np.exp(scores - scores.max())
        return weights / weights.sum()

    def decide(self, probabilities: Any, counted: Any) -> StarterGuess:
        """Return what to make of a picture by its probabilities and its traits."""
        if is_one_colour(counted):
            return StarterGuess(Kind.blank, None, 1.0, None)
        shares = self._kind_shares(probabilities, counted)
        sums: dict[Kind, float] = {}
        for name, share in shares.items():
            sums[_kind_of(name)] = sums.get(_kind_of(name), 0.0) + share
        kind = max(sums, key=lambda candidate: sums[candidate])
        if kind is Kind.icon and (named := self._named(probabilities)) is not None:
            return named
        needed = self._decorative_threshold if kind is Kind.decorative else self._kind_threshold
        # Blank is what counting says alone, above.
        if kind in (Kind.unknown, Kind.blank) or sums[kind] < needed:
            return StarterGuess(Kind.unknown, None, sums[kind], None)
        return StarterGuess(kind, None, sums[kind], _chart_of(shares) if kind is Kind.chart else None)

    def name(self, probabilities: Any) -> tuple[str, float]:
        """Return the likeliest name of an icon, whatever its kind, and how sure it is (calibrated)."""
        best, sureness = self._naming.name(probabilities)
        return self._icons[best], sureness

    def witnesses(self, probabilities: Any) -> tuple[int, Any]:
        """Return the likeliest name's place, and what speaks for it; for calibration."""
        return self._naming.witnesses(probabilities)

    def _named(self, probabilities: Any) -> StarterGuess | None:
        """Return the icon's name, if it may be said and is sure enough."""
        best, sureness = self._naming.name(probabilities)
        if sureness < self._icon_threshold or self._naming.reliability[best] < self._least_reliability:
            return None
        return StarterGuess(Kind.icon, self._icons[best], sureness, None)

    def _kind_shares(self, probabilities: Any, counted: Any) -> dict[str, float]:
        """Return the probability of "icon" and of every trained kind."""
        evidence = kind_evidence(probabilities, counted, len(self._icons))
        shares = self._head.shares(evidence[None])[0].tolist()
        return dict(zip((Kind.icon.value, *self._kinds), shares, strict=True))


def _kind_head(file: Path) -> KindHead:
    import numpy as np

    with file.open("rb") as opened, np.load(opened, allow_pickle=False) as held:
        return KindHead(dict(held))


def kind_evidence(probabilities: Any, counted: Any, icons: int) -> Any:
    """Return what kinds are told by: logarithms of the network's sums for icons and each kind, and traits."""
    import numpy as np

    sums = np.concatenate([[probabilities[: icons + 1].sum()], probabilities[icons + 1 :]])
    return np.concatenate([np.log(sums.clip(1e-5)), counted])


def is_one_colour(counted: Any) -> bool:
    """Return whether traits are those of a picture that shows nothing, give or take what compression adds."""
    return bool(counted[TRAITS.index("range")] <= _ONE_COLOUR)


def _chart_of(shares: dict[str, float]) -> str | None:
    """Return the type of a chart, if it is much surer than all other types together."""
    best = max(_CHARTS, key=lambda name: shares[name])
    return best if shares[best] > _SURE_OF_TYPE * sum(shares[name] for name in _CHARTS) else None


def _kind_of(name: str) -> Kind:
    """Return the product's kind for a trained one."""
    if name in _CHARTS:
        return Kind.chart
    return Kind.unknown if name == _UNNAMED else Kind(name)
