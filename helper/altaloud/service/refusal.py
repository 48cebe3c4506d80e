"""How an error looks on the wire: the one table from our errors to status codes.

`error` is for programs; `message` and `advice` are for people.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from altaloud import errors
from altaloud.errors import AltaloudError

# Status, and after how many seconds to come back where that makes sense. The nearest base class counts.
_STATUS: dict[type[AltaloudError], tuple[int, int | None]] = {
    errors.AltaloudError: (500, None),
    errors.ImageError: (400, None),
    errors.UnreadableImageError: (415, None),
    errors.ImageTooLargeError: (413, None),
    errors.ModelError: (503, 60),
    errors.UnknownModelError: (404, None),
    errors.ChildError: (503, 1),
    errors.SpeechError: (503, 10),
    errors.RememberingError: (503, 10),
    errors.RequestError: (400, None),
    errors.NotFoundError: (404, None),
    errors.MethodError: (405, None),
    errors.BodyTooLargeError: (413, None),
    errors.BodyTypeError: (415, None),
    errors.TooSlowError: (408, None),
    errors.TooManyRequestsError: (429, 2),
    errors.TooManyCodesError: (429, 60),
    errors.NotPairedError: (401, None),
    errors.ForbiddenError: (403, None),
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that says no."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


def error_from(said: Mapping[str, Any]) -> AltaloudError:
    """Return the error that `AltaloudError.fields` was made from; of an unknown type, the general one."""
    kind = getattr(errors, str(said["error"]), None)
    if not (isinstance(kind, type) and issubclass(kind, AltaloudError)):
        kind = AltaloudError
    return kind(str(said["message"]), advice=str(said["advice"]))


def refusal(error: AltaloudError) -> Refusal:
    """Return the answer for an error."""
    status, retry_seconds = next(_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS)
    body = json.dumps(error.fields(), ensure_ascii=False).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    if retry_seconds is not None:
        headers.append((b"retry-after", str(retry_seconds).encode()))
    return Refusal(status, tuple(headers), body)
