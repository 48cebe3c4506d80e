"""A model's download as a stream of events, done by a process of its own: it may take an hour, or be ended.

Run as `python -m altaloud.service.downloading FOLDER NAME PRECISION`, it is that process, and prints its
events as lines of JSON.
"""

import json
import sys
from collections.abc import AsyncIterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from altaloud.errors import AltaloudError, ChildCrashedError
from altaloud.service.child_lines import child_lines
from altaloud.vision.blip.checkpoint import Checkpoints, Progress


class Downloads:
    """Downloads into one folder of models, for one precision."""

    def __init__(self, models: Path, precision: str = "fast") -> None:
        self._models = models
        self._precision = precision

    def begin(self, name: str) -> AsyncIterator[bytes]:
        """Return the download's events as they happen; it ends when nobody reads them any more.

        Raises:
            UnknownModelError: No model of that name.
        """
        total = Checkpoints(self._models).size(name)
        return self._events(name, total)

    async def _events(self, name: str, total: int) -> AsyncIterator[bytes]:
        yield _event("size", {"model": name, "total_bytes": total})
        async with child_lines(__name__, str(self._models), name, self._precision) as child:
            last = ""
            async for said in child:
                last = said["event"]
                yield _event(last, said["data"])
            await child.code()
        if last not in ("done", "error"):
            yield _event("error", ChildCrashedError("the download ended without a word").fields())


def main() -> None:
    """Download the model that the arguments name; what is fetched is kept if this is ended."""
    folder, name, precision = sys.argv[1:]
    try:
        Checkpoints(Path(folder)).download(name, _report, precision=precision)
    except AltaloudError as error:
        _say("error", error.fields())
    else:
        _say("done", {"model": name})


def _report(progress: Progress) -> None:
    # When the helper is gone, so is the pipe: this raises, and the download ends.
    _say("progress", asdict(progress))


def _say(event: str, data: dict[str, Any]) -> None:
    print(json.dumps({"event": event, "data": data}), flush=True)


def _event(name: str, data: dict[str, Any]) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n".encode()


if __name__ == "__main__":
    main()
