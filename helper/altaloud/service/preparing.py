"""What an update left outdated is made anew when the helper starts, and not when an image waits for it.

A process of its own does it, after everything else that wants the processor. Run as `python -m
altaloud.service.preparing FOLDER PRECISION`, it is that process, and prints how far it is as lines of JSON.
"""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from altaloud.errors import AltaloudError
from altaloud.service.child_lines import child_lines
from altaloud.vision.blip import conversion, judging, making
from altaloud.vision.blip.checkpoint import Checkpoints

_NICE = 10
_FASTEST = "fastest"


@dataclass(frozen=True, slots=True)
class Step:
    """How far it is with one model."""

    model: str
    percent: int


class Preparing:
    """Makes the graphs of the models in one folder, where they are not those of this version."""

    def __init__(self, models: Path, precision: str) -> None:
        self._models = models
        self._precision = precision
        self._step: Step | None = None
        self._problem: str | None = None

    def status(self) -> dict[str, object]:
        """Return which model is at it and how far, and what went wrong if something did."""
        return {"now": asdict(self._step) if self._step else None, "problem": self._problem}

    async def run(self) -> None:
        """Do it; cancelling ends the process, and the next start goes on."""
        outdated = list(_outdated(Checkpoints(self._models), self._precision))
        if not outdated:
            return
        try:
            async with child_lines(__name__, str(self._models), self._precision) as child:
                async for said in child:
                    self._problem = said.get("problem", self._problem)
                    self._step = Step(**said["step"]) if "step" in said else None
                code = await child.code()
            if code != 0 and self._problem is None:
                model = self._step.model if self._step else outdated[0]
                self._problem = f"preparing {model} ended with code {code}. {making.try_again(model)}"
        finally:
            self._step = None


def _outdated(checkpoints: Checkpoints, precision: str) -> Iterator[str]:
    """Return the names of the models that are to be looked at."""
    for entry in checkpoints.list():
        if not entry.is_installed or not checkpoints.is_blip(entry.name):
            continue
        # "fastest" is looked at in any case: only the other process tells whether the processor is another.
        if precision == _FASTEST or not conversion.is_current(checkpoints.installed_folder(entry.name)):
            yield entry.name


def main() -> None:
    """Prepare the models of the folder that the arguments name, for their precision."""
    folder, precision = Path(sys.argv[1]), sys.argv[2]
    lines = making.own_stdout()
    if hasattr(os, "nice"):
        os.nice(_NICE)
    checkpoints = Checkpoints(folder)
    for name in _outdated(checkpoints, precision):

        def at(done: int, total: int, name: str = name) -> None:
            # When the helper is gone, so is the pipe: this raises, and the work ends.
            print(json.dumps({"step": asdict(Step(name, 100 * done // total))}), file=lines, flush=True)

        try:
            conversion.ensure(checkpoints.installed_folder(name), at)
            if precision == _FASTEST:
                judging.ensure(checkpoints.installed_folder(name), at)
        except AltaloudError as error:
            print(json.dumps({"problem": f"{error}. {error.advice}"}), file=lines, flush=True)


if __name__ == "__main__":
    main()
