"""What each file must be, byte for byte, and what was found.

`digests.json` in a model's folder says what was installed. `first-seen.json` beside the folders keeps
what the hub's metadata said where our pins know nothing; it outlives the model, so that a later change
of a commit that cannot change is noticed.
"""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from altaloud.errors import ModelDamagedError

RECORD = "digests.json"
FIRST_SEEN = "first-seen.json"

_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file as it has to arrive."""

    name: str
    size_bytes: int
    sha256: str | None  # of the content; None for a small file of which the hub only tells the git blob
    git_blob: str | None = None  # SHA-1 over git's header and the content, where there is no sha256

    def matches(self, path: Path, at: Callable[[int], None] = lambda _: None) -> bool:
        """Return whether the file at `path` is this one; calls `at` with the bytes read so far."""
        if path.stat().st_size != self.size_bytes:
            return False
        if self.sha256 is not None:
            return sha256(path, at) == self.sha256
        import hashlib

        # SHA-1 because git names its blobs so; only for files whose SHA-256 nobody publishes.
        git = hashlib.sha1(b"blob %d\0" % self.size_bytes, usedforsecurity=False)
        return self.git_blob is not None and _digest(path, git, at) == self.git_blob

    def is_in(self, folder: Path, at: Callable[[str, int, int], None]) -> bool:
        """Return whether it is there; calls `at` with its name, the bytes read so far, and all of them."""
        path = folder / self.name
        return path.is_file() and self.matches(path, lambda done: at(self.name, done, self.size_bytes))


@dataclass(frozen=True, slots=True)
class Record:
    """What is in an installed model's folder."""

    repository: str
    revision: str
    files: dict[str, dict[str, Any]]  # name -> {"bytes": int, "sha256": 64 hex digits}
    converted_from: str | None  # the pickle's SHA-256, where there was one

    @classmethod
    def read(cls, folder: Path) -> "Record | None":
        """Return the record in `folder`, or None if there is none that can be read."""
        try:
            value = json.loads((folder / RECORD).read_text("utf-8"))
            return cls(value["repository"], value["revision"], dict(value["files"]), value["converted_from"])
        except (FileNotFoundError, NotADirectoryError, KeyError, TypeError, ValueError):
            return None

    def write(self, folder: Path) -> None:
        """Write the record, whole or not at all."""
        write_json(folder / RECORD, asdict(self))

    def wanted(self) -> tuple[Wanted, ...]:
        """Return the files that must be there."""
        return tuple(Wanted(name, file["bytes"], file["sha256"]) for name, file in self.files.items())


def sha256(path: Path, at: Callable[[int], None] = lambda _: None) -> str:
    """Return the SHA-256 of a file as 64 hex digits; calls `at` with the bytes read so far."""
    import hashlib

    return _digest(path, hashlib.sha256(), at)


def _digest(path: Path, digest: Any, at: Callable[[int], None]) -> str:
    done = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
            done += len(chunk)
            at(done)
    return str(digest.hexdigest())


def refuse_change(models: Path, model: str, wanted: Mapping[str, Wanted]) -> None:
    """Note what the hub says about `model` at the first time, and compare ever after.

    Raises:
        ModelDamagedError: The hub now says something else about the same commit.
    """
    path = models / FIRST_SEEN
    try:
        seen = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        seen = {}
    except ValueError as error:
        raise ModelDamagedError(
            f"{path} is damaged, and with it what is known of {model}",
            advice="Delete that file and download the model again.",
        ) from error
    now = {name: asdict(file) for name, file in wanted.items()}
    if seen.setdefault(model, now) != now:
        raise ModelDamagedError(
            f"{model}: the hub now tells other digests for the same commit than at the first download",
            advice="Do not use it; report this to Altaloud's developers.",
        )
    write_json(path, seen)


def write_json(path: Path, value: object) -> None:
    """Write `value` to `path`, whole or not at all, even if the power goes."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(value, file, indent=2, sort_keys=True)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
