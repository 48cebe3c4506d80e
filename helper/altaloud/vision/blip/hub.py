"""Files of one commit from the hub, over plain HTTPS, going on where an earlier try stopped.

Not huggingface_hub: since 2.x it downloads into a file of a random name for each process, so that a
gigabyte cut off at 99 % starts anew in the next run (its issue 4228); and it sends the user's hub
token and the versions installed. Here a file grows in our own folder, and every byte of it is checked
there before anything opens it.
"""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from altaloud.errors import DownloadError, ModelDamagedError
from altaloud.vision.blip.digests import Wanted
from altaloud.vision.blip.pins import Pin

if TYPE_CHECKING:
    import httpx

PUBLIC_HUB = "https://huggingface.co"

# Seconds before each further try. A cut that lasts longer is the user's to hear of; the next run goes on.
WAITS_SECONDS = (0.5, 1.0, 2.0, 4.0)
_REAL_PROGRESS_BYTES = 1 << 20  # a try that brought this much starts the count of tries anew
_MAX_METADATA_BYTES = 4 << 20
_BUSY = {408, 429, 500, 502, 503, 504}


class _CutError(Exception):
    """The connection ended, or the hub asks to come back: worth another try."""


class Hub(AbstractContextManager["Hub"]):
    """A connection to the hub at `endpoint`, such as "https://huggingface.co"."""

    def __init__(self, endpoint: str, *, waits_seconds: Sequence[float] = WAITS_SECONDS) -> None:
        import httpx

        self._endpoint = endpoint.rstrip("/")
        if not self._endpoint.startswith(("https://", "http://")):
            raise DownloadError(
                f"{endpoint} is no address of a hub",
                advice="Correct HF_ENDPOINT in the environment, or remove it to use the public hub.",
            )
        self._waits_seconds = waits_seconds
        self._client = httpx.Client(
            follow_redirects=True,  # large files lie on another host
            # Without compression: the bytes counted, resumed and checked are the file's own.
            headers={"User-Agent": "altaloud", "Accept-Encoding": "identity"},
            timeout=httpx.Timeout(30, connect=10),
            event_hooks={"request": [self._refuse_downgrade]},
        )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def metadata(self, pin: Pin) -> Mapping[str, Wanted]:
        """Return what the hub says about the pinned files at the pinned commit, by file name.

        Raises:
            DownloadError: The hub cannot be reached, answers nonsense, or lacks a file.
        """
        import httpx

        address = f"{self._endpoint}/api/models/{pin.repository}/revision/{pin.revision}?blobs=true"
        chunks: list[bytes] = []

        def read() -> None:
            chunks.clear()
            with self._get(address, {}) as answer:
                for chunk in answer.iter_raw():
                    chunks.append(chunk)
                    if sum(map(len, chunks)) > _MAX_METADATA_BYTES:
                        raise DownloadError("the hub's metadata is larger than any we know")

        self._keep_trying(read, lambda: 0)
        try:
            answer = httpx.Response(200, content=b"".join(chunks)).json()
            told = {entry["rfilename"]: entry for entry in answer["siblings"]}
            if answer["sha"] != pin.revision:
                raise DownloadError(f"the hub answered for another commit than {pin.revision}")
            return {file.name: _wanted(told[file.name]) for file in pin.files}
        except (ValueError, KeyError, TypeError) as error:
            raise DownloadError(f"the hub's metadata of {pin.name} cannot be understood") from error

    def fetch(self, pin: Pin, file: Wanted, path: Path, at: Callable[[int], None]) -> None:
        """Bring the file at `path` to its full size, going on behind what is there already.

        Args:
            at: Called with the file's size so far.

        Raises:
            DownloadError: It cannot be had.
            ModelDamagedError: The hub's file has another size.
        """
        address = f"{self._endpoint}/{pin.repository}/resolve/{pin.revision}/{file.name}"
        if _size(path) > file.size_bytes:
            path.unlink()
        path.touch()
        while _size(path) < file.size_bytes:
            self._keep_trying(lambda: self._append(pin, address, file, path, at), lambda: _size(path))
        at(file.size_bytes)

    def _append(self, pin: Pin, address: str, file: Wanted, path: Path, at: Callable[[int], None]) -> None:
        """Read what is missing, once."""
        have = _size(path)
        with self._get(address, {"Range": f"bytes={have}-"} if have else {}) as answer:
            _refuse_other(pin, file, answer, have)
            if answer.status_code != 206:
                have = 0  # it sends the whole file again
            with path.open("r+b") as out:
                out.truncate(have)
                out.seek(have)
                # As they come: a larger chunk of httpx's own would be lost in a cut.
                for chunk in answer.iter_raw():
                    have += len(chunk)
                    if have > file.size_bytes:
                        raise _other_file(pin, file)
                    out.write(chunk)
                    at(have)
                out.flush()
                os.fsync(out.fileno())
        if have < file.size_bytes:
            raise _CutError("the connection ended early")

    def _get(self, address: str, headers: Mapping[str, str]) -> "_Answer":
        return _Answer(self._client, address, headers)

    def _keep_trying(self, attempt: Callable[[], None], size: Callable[[], int]) -> None:
        """Run `attempt` until it succeeds or has been cut too often without bringing anything."""
        failures = 0
        while True:
            before = size()
            try:
                return attempt()
            except _CutError as error:
                failures = 1 if size() - before >= _REAL_PROGRESS_BYTES else failures + 1
                if failures > len(self._waits_seconds):
                    raise DownloadError(f"the hub cannot be reached: {error}") from error
                time.sleep(self._waits_seconds[failures - 1])

    def _refuse_downgrade(self, request: "httpx.Request") -> None:
        """Stop before a redirect leads from an encrypted connection to an open one."""
        if self._endpoint.startswith("https:") and request.url.scheme != "https":
            raise DownloadError("the hub redirects to a connection that is not encrypted")


class _Answer(AbstractContextManager["httpx.Response"]):
    """One GET whose failures have been sorted into cuts, to be tried again, and refusals."""

    def __init__(self, client: "httpx.Client", address: str, headers: Mapping[str, str]) -> None:
        self._stream = client.stream("GET", address, headers=dict(headers))

    def __enter__(self) -> "httpx.Response":
        import httpx

        try:
            answer = self._stream.__enter__()
        except httpx.TransportError as error:
            raise _CutError(_reason(error)) from error
        except (httpx.TooManyRedirects, httpx.InvalidURL) as error:
            raise DownloadError("the hub redirects to nowhere") from error
        if answer.status_code in (200, 206):
            return answer
        self._stream.__exit__(None, None, None)
        if answer.status_code in _BUSY:
            raise _CutError(f"it answers {answer.status_code}")
        raise DownloadError(f"the hub answers {answer.status_code} for a file of the pinned commit")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        import httpx

        self._stream.__exit__(kind, error, trace)
        if isinstance(error, httpx.TransportError):
            raise _CutError(_reason(error)) from error


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__


def _wanted(entry: Mapping[str, Any]) -> Wanted:
    """Return one file of the hub's metadata; only large files ("lfs") come with a SHA-256."""
    if large := entry.get("lfs"):
        return Wanted(entry["rfilename"], int(large["size"]), str(large["sha256"]))
    return Wanted(entry["rfilename"], int(entry["size"]), None, str(entry["blobId"]))


def _refuse_other(pin: Pin, file: Wanted, answer: "httpx.Response", have: int) -> None:
    """Refuse before the first byte what cannot be the pinned file: another commit, another size."""
    for step in [*answer.history, answer]:
        if step.headers.get("X-Repo-Commit", pin.revision) != pin.revision:
            raise DownloadError(f"the hub answered for another commit than {pin.revision}")
    if answer.status_code == 206:
        span, _, total = answer.headers.get("Content-Range", "").removeprefix("bytes ").partition("/")
        if not span.startswith(f"{have}-"):
            raise DownloadError("the hub sent another part of the file than was asked for")
    else:
        total = answer.headers.get("Content-Length", "*")
    if total not in ("*", str(file.size_bytes)):
        raise _other_file(pin, file)


def _other_file(pin: Pin, file: Wanted) -> ModelDamagedError:
    return ModelDamagedError(
        f"{pin.name}: the hub's {file.name} does not have the {file.size_bytes:,} bytes that were pinned",
        advice="Try again later or on another network; something between you and the hub changes files.",
    )


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
