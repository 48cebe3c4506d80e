"""Whether `precision = "fastest"` is good enough here: its errors on pictures that recorded no ranges.

The gate is that of the other precisions, against the same network in float32. How far it is off depends on
the processor, so the verdict lies beside the graphs and holds as long as that adds up bytes as it did.
`python -m altaloud.vision.blip.judging MODEL` reaches one.
"""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from altaloud.errors import ModelDamagedError
from altaloud.vision.blip import calibration, conversion, making
from altaloud.vision.blip.digests import write_json

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from altaloud.vision.blip.openvino_blip import OpenVinoAnswerer, OpenVinoCaptioner, OpenVinoMatcher
    from altaloud.vision.blip.preprocess import Pixels

    Runtime = OpenVinoCaptioner | OpenVinoAnswerer | OpenVinoMatcher
    Floats = npt.NDArray[np.float32]

GATE = 0.05  # of the features and of the first scores, relative

_VERDICT = "verdict.json"
_FORMAT = 1  # counts changes of how it is judged


@dataclass(frozen=True, slots=True)
class Verdict:
    """How far off "fastest" is here."""

    model: str  # such as "caption-base"
    feature_error: float  # of the pictures the worst
    score_error: float  # of the first word, as above
    pictures: int  # that were judged; the first beyond the gate is the last
    sums_are_exact: bool  # whether this processor adds up bytes without cutting the sum off

    @property
    def is_offered(self) -> bool:
        """Whether it may be used."""
        return self.feature_error <= GATE and self.score_error <= GATE

    @property
    def reason(self) -> str:
        """Why it may not, and what is used instead, in one sentence."""
        lacks = "" if self.sums_are_exact else ", which lacks the instructions for it"
        worst = 100 * max(self.feature_error, self.score_error)
        return (
            f'"fastest" is not offered for {self.model} on this processor{lacks}: it is {worst:.1f} percent '
            f'off, {100 * GATE:.0f} are allowed, and "fast" is used instead.'
        )


def verdict(model: Path) -> Verdict | None:
    """Return what was found for the model in the folder `model`; None if it is yet to be judged."""
    from altaloud.vision.blip.processor import sums_bytes_exactly

    try:
        kept = json.loads((calibration.folder_of(model) / _VERDICT).read_text("utf-8"))
        found = Verdict(**kept["verdict"])
        is_current = kept["format"] == _FORMAT
    except (OSError, ValueError, KeyError, TypeError):
        return None
    is_current = is_current and calibration.is_current(model)
    return found if is_current and found.sums_are_exact == sums_bytes_exactly() else None


def ensure(model: Path, at: Callable[[int, int], None] = lambda _done, _total: None) -> Verdict:
    """Calibrate and judge where that was not done yet; return what was found.

    Ending early, also by what `at` raises, leaves what was.

    Args:
        model: The folder of an installed model.
        at: Called with how many pictures were looked at and how many will be.

    Raises:
        ModelDamagedError: The weights are not those of a BLIP.
        DiskFullError: Too little room.
        ChildCrashedError: A process ended otherwise.
    """
    from filelock import FileLock

    from altaloud.vision.blip import samples

    conversion.ensure(model)
    first, second = calibration.looks(model), 2 * samples.JUDGED
    folder = calibration.folder_of(model)
    while True:
        calibration.ensure(model, lambda done: at(done, first + second))
        with FileLock(folder.with_name(f"{folder.name}.lock")):  # the one that calibrating holds
            if not calibration.is_current(model):
                continue  # found damaged since: the process that judges would wait for us to make them
            found = verdict(model)
            if found is None:
                making.run(__name__, model, at=lambda done: at(first + done, first + second))
                found = verdict(model)
            break
    if found is None:  # it was written a moment ago
        raise ModelDamagedError(f"{model.name}: what was found about its precision cannot be read")
    at(first + second, first + second)
    return found


def judge(model: Path, at: Callable[[int], None] = lambda _: None) -> None:
    """Compare on each picture with float32 and write the verdict; tell each time one was looked at."""
    from altaloud.vision.blip import samples
    from altaloud.vision.blip.processor import sums_bytes_exactly

    pictures = samples.judged()
    features, scores, count = 0.0, 0.0, 0
    for feature_error, score_error in errors(model, pictures, at):
        features, scores, count = max(features, feature_error), max(scores, score_error), count + 1
        if max(features, scores) > GATE:
            break
    found = Verdict(model.name, features, scores, count, sums_bytes_exactly())
    write_json(calibration.folder_of(model) / _VERDICT, {"format": _FORMAT, "verdict": asdict(found)})


def errors(
    model: Path, pictures: "Sequence[Pixels]", at: Callable[[int], None]
) -> Iterator[tuple[float, float]]:
    """Return for each picture how far features and first scores are off, relative."""
    exact = _runtime(model, "reference")
    expected = []
    for picture in pictures:
        expected.append(_seen(exact, picture))
        at(len(expected))
    del exact  # its memory goes before the other takes its own
    fastest = _runtime(model, "fastest")
    for index, (picture, (features, scores)) in enumerate(zip(pictures, expected, strict=True)):
        ours = _seen(fastest, picture)
        at(len(expected) + index + 1)
        yield _relative(ours[0], features), _relative(ours[1], scores)


def _runtime(model: Path, precision: Any) -> "Runtime":
    from altaloud.vision.blip import openvino_blip
    from altaloud.vision.blip.parts import task_of
    from altaloud.vision.blip.weights import Checkpoint

    runtimes: dict[str, Callable[..., Runtime]] = {
        "caption": openvino_blip.OpenVinoCaptioner,
        "answer": openvino_blip.OpenVinoAnswerer,
        "match": openvino_blip.OpenVinoMatcher,
    }
    runtime = runtimes[task_of(Checkpoint(model))]
    return runtime(model, model=model.name, precision=precision, keeps_compiled=False)


def _seen(runtime: "Runtime", picture: "Pixels") -> "tuple[Floats, Floats]":
    from altaloud.vision.blip.runtime import finish

    seen = finish(runtime.see([picture]))[0]
    scores = runtime.first_scores(seen)
    return seen.tokens, scores - scores.mean()  # what is added to all of them changes nothing


def _relative(ours: "Floats", expected: "Floats") -> float:
    """Return how far off ours are: 1 where nothing at all would be as good, or where it is no number."""
    import numpy as np

    error = float(np.linalg.norm(ours - expected) / np.linalg.norm(expected))
    return error if error < 1 else 1.0


def main(arguments: Sequence[str]) -> int:
    """Judge as the command line says; return the exit code."""
    (model,) = map(Path, arguments)
    return making.child(lambda at: judge(model, at))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
