"""What kind of image, and which icon: the embedded starter model, run by OpenVINO.

It abstains. Below its thresholds, fitted for 97 % precision on packs it never saw, an icon has no name and a picture
is of unknown kind. Its `decorative` is one voice of two: silence needs other evidence (size, emptiness, layout).
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from altaloud.errors import ModelDamagedError, ModelMissingError
from altaloud.vision.kinds import Kind
from altaloud.vision.pictures import Picture
from altaloud.vision.starter_input import normalise, prepare

# The trained kinds that the product calls otherwise.
_CHARTS = ("bar chart", "line chart", "pie chart", "scatter chart", "diagram")
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
        """Load from `folder`, which holds `labels.json` and `starter.xml`.

        Raises:
            ModelMissingError: A file is not there.
            ModelDamagedError: A file cannot be read, or model and labels do not fit.
        """
        import openvino as ov

        for name in ("labels.json", "starter.xml", "starter.bin"):
            if not (folder / name).is_file():
                raise ModelMissingError(f"the starter model's {name} is missing", advice="Install Altaloud again.")
        # One thread: the pictures of a page come one by one, and other processes want the cores as well.
        settings = {"INFERENCE_NUM_THREADS": 1, "PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32"}
        try:
            self._read_labels(json.loads((folder / "labels.json").read_text(encoding="utf-8")))
            self._network = ov.Core().compile_model(folder / "starter.xml", "CPU", settings)
        except (RuntimeError, ValueError, KeyError, TypeError) as error:
            raise ModelDamagedError("the starter model cannot be read", advice="Install Altaloud again.") from error
        if self._network.output(0).get_partial_shape()[1].get_length() != len(self._kinds) + len(self._icons) + 1:
            raise ModelDamagedError("the starter model does not fit its labels", advice="Install Altaloud again.")

    def _read_labels(self, held: dict[str, Any]) -> None:
        entries = held["classes"]
        self._icons = tuple(entry["icon"] for entry in entries if entry.get("icon"))
        self._kinds = tuple(entry["kind"] for entry in entries if "kind" in entry)
        self.labels = {
            entry["icon"]: Label(entry["spoken"], tuple(entry["synonyms"]), tuple(entry["near"]))
            for entry in entries
            if entry.get("icon")
        }
        self._temperature = float(held["temperature"])
        self._icon_threshold = float(held["icon_threshold"])
        self._kind_threshold = float(held["kind_threshold"])
        self._decorative_threshold = float(held["decorative_threshold"])

    def look(self, picture: Picture) -> StarterGuess:
        """Return the kind of a picture, and the icon's name where it is sure enough."""
        import numpy as np

        rgb = np.frombuffer(picture.pixels, np.uint8).reshape(picture.rows, picture.columns, 3)
        return self.decide(self.probabilities(prepare(rgb)))

    def probabilities(self, canonical: Any) -> Any:
        """Return calibrated probabilities of all classes, float64 (classes,), for a prepared picture."""
        import numpy as np

        scores = self._network(normalise(canonical[None]))[0][0].astype(np.float64) / self._temperature
        weights = np.exp(scores - scores.max())
        return weights / weights.sum()

    def decide(self, probabilities: Any) -> StarterGuess:
        """Return what to make of the probabilities: a kind by their sums, a name by the best icon's."""
        many = len(self._icons)
        sums = {Kind.icon: float(probabilities[: many + 1].sum())}
        for name, probability in zip(self._kinds, probabilities[many + 1 :], strict=True):
            kind = _kind_of(name)
            sums[kind] = sums.get(kind, 0.0) + float(probability)
        kind = max(sums, key=lambda candidate: sums[candidate])
        needed = self._decorative_threshold if kind is Kind.decorative else self._kind_threshold
        if kind is Kind.icon:
            best = int(probabilities[:many].argmax())
            sureness = float(probabilities[best])
            if sureness >= self._icon_threshold:
                return StarterGuess(kind, self._icons[best], sureness, None)
        if sums[kind] < needed:
            return StarterGuess(Kind.unknown, None, sums[kind], None)
        return StarterGuess(kind, None, sums[kind], self._chart(probabilities) if kind is Kind.chart else None)

    def _chart(self, probabilities: Any) -> str | None:
        """Return the type of a chart, if it is surer than all other types together."""
        shares = {
            name: float(probability)
            for name, probability in zip(self._kinds, probabilities[len(self._icons) + 1 :], strict=True)
            if name in _CHARTS
        }
        best = max(shares, key=lambda name: shares[name])
        return best if shares[best] > 0.5 * sum(shares.values()) else None


def _kind_of(name: str) -> Kind:
    """Return the product's kind for a trained one."""
    if name in _CHARTS:
        return Kind.chart
    return Kind.unknown if name == _UNNAMED else Kind(name)
