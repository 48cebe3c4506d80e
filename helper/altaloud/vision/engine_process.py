"""`python -m altaloud.vision.engine_process`: the process that holds the models.

Each model is loaded when it is first needed and kept. Work is done in steps, the most wanted first. After a
while without a question the process ends; BLIP, which takes most of the memory, may make it end earlier, and
the next question, if it is for a kind or an icon, then finds a small one.
"""

import json
import os
import sys
import time
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from altaloud.errors import ImageNeededError
from altaloud.vision.album import Album, Small, shrunk
from altaloud.vision.blip.opening import Options
from altaloud.vision.blip.preprocess import Pixels
from altaloud.vision.blip.runtime import Steps
from altaloud.vision.desk import Reply
from altaloud.vision.first_look import FirstLook
from altaloud.vision.pictures import Picture
from altaloud.vision.serving import serve
from altaloud.vision.talking import Talking

if TYPE_CHECKING:
    from altaloud.vision.reading import Reader

_ALBUM_BYTES = 32_000_000  # about fifteen pictures with what was seen in them
_QUIET_SECONDS = 2.0  # so long without a question, and a process whose BLIP has been idle may end
_QUICK, _SLOW = 0, 1  # ranks
_NICE = 3  # a third of a core that one other program wants, all of it where none does


@dataclass(slots=True)
class Asked:
    """One question, as it waits for its turn."""

    question: str
    header: Mapping[str, Any]
    picture: Picture | Small | None

    @property
    def name(self) -> str | None:
        """Under which the picture may be kept for further questions; None leaves nothing."""
        name: str | None = self.header["keep"]
        return name


class Models:
    """Does what `engine.Engine` asks. A header that it does not write ends the process."""

    def __init__(self, talking: Talking, album: Album, *, threads: int, idle_seconds: float) -> None:
        self._threads = threads
        self._idle_seconds = idle_seconds
        self._first_look = FirstLook()
        self._reader: Reader | None = None
        self._album = album
        self._talking = talking

    def accept(self, header: dict[str, Any], body: bytes) -> Asked:
        """Keep a question; of a picture that BLIP is to see, as little as it looks at."""
        question = header["question"]
        picture = _picture(header, body) if header["picture"] else None
        if question in ("kind", "read") or picture is None:
            return Asked(question, header, picture)
        return Asked(question, header, shrunk(picture, self._talking.side))

    def rank(self, job: Asked) -> int:
        """Tell what takes milliseconds and what takes longer."""
        return _QUICK if job.question == "kind" else _SLOW

    def together(self, job: Asked) -> tuple[Hashable, int]:
        """Begin captions together, as many as the runtime likes."""
        if job.question == "caption" and not job.header["best_of_several"]:
            return job.header["prompt"], self._talking.batch
        return None, 1

    def begin(self, jobs: Sequence[Asked]) -> Steps[Sequence[Reply]]:
        """Answer."""
        match jobs[0].question:
            case "kind":
                return self._kind(jobs[0])
            case "read":
                return self._read(jobs[0])
            case "caption":
                return self._captions(jobs)
            case "answer":
                return self._answer(jobs[0])
        raise ValueError("a question that nobody asks")

    def idle_seconds(self) -> float:
        """Tell after how long without a question the process is to end, from now on."""
        blip_used = self._talking.last_used
        if blip_used is None:
            return self._idle_seconds
        rest = self._idle_seconds - (time.monotonic() - blip_used)
        return min(max(rest, _QUIET_SECONDS), self._idle_seconds)

    def _kind(self, asked: Asked) -> Steps[Sequence[Reply]]:
        yield from ()
        picture = _whole(asked)
        if asked.name is not None:
            self._album.keep(asked.name, shrunk(picture, self._talking.side))
        return [({"kind": asdict(self._first_look.look(picture))}, b"")]

    def _read(self, asked: Asked) -> Steps[Sequence[Reply]]:
        if self._reader is None:
            from altaloud.vision.reading import Reader  # here: the first icon need not wait for it

            self._reader = Reader(threads=self._threads)
        found = yield from self._reader.read(_whole(asked))
        return [({"lines": [asdict(line) for line in found.lines]}, b"")]

    def _captions(self, asked: Sequence[Asked]) -> Steps[Sequence[Reply]]:
        pictures = [(each.name, self._kept(each)) for each in asked]
        if asked[0].header["best_of_several"]:
            said = [(yield from self._talking.best_caption(*pictures[0]))]
        else:
            said = list((yield from self._talking.captions(pictures, prompt=asked[0].header["prompt"])))
        about = {"blip": self._talking.state()}
        return [
            ({"caption": asdict(caption), "match": _fields(match), **about}, b"") for caption, match in said
        ]

    def _answer(self, asked: Asked) -> Steps[Sequence[Reply]]:
        picture = self._kept(asked)
        answer = yield from self._talking.answer(asked.name, picture, asked.header["words"])
        return [({"answer": asdict(answer)}, b"")]

    def _kept(self, asked: Asked) -> Pixels:
        """Return the picture of a question, sent now or kept from before; keep it if it may be kept."""
        if isinstance(asked.picture, Small):
            if asked.name is not None:
                self._album.keep(asked.name, asked.picture)
            return asked.picture
        kept = self._album.picture(asked.name) if asked.name is not None else None
        if kept is None:
            raise ImageNeededError("the helper no longer has this image at hand")
        return kept


def _fields(match: Any) -> dict[str, Any] | None:
    return asdict(match) if match is not None else None


def _whole(asked: Asked) -> Picture:
    if not isinstance(asked.picture, Picture):
        raise ValueError("a question without its picture")
    return asked.picture


def _picture(header: Mapping[str, Any], pixels: bytes) -> Picture:
    values = header["picture"]
    return Picture(**{**values, "fingerprint": bytes.fromhex(values["fingerprint"]), "pixels": pixels})


def main(arguments: Sequence[str]) -> None:
    """Be the process. Arguments: the models' folder, idle seconds, and `opening.Options` as JSON."""
    folder, idle_seconds, options = arguments
    _step_back()
    album = Album(max_bytes=_ALBUM_BYTES)
    how = Options(**json.loads(options))
    talking = Talking(Path(folder), how, album)
    models = Models(talking, album, threads=how.threads, idle_seconds=float(idle_seconds))
    serve(models, idle_seconds=models.idle_seconds)


def _step_back() -> None:
    """Let other programs, the screen reader first of all, have the processor before us."""
    if sys.platform == "win32":
        import ctypes

        below_normal = 0x4000  # BELOW_NORMAL_PRIORITY_CLASS, processthreadsapi.h
        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), below_normal)
    else:
        os.nice(_NICE)


if __name__ == "__main__":
    main(sys.argv[1:])
