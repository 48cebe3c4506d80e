"""The frames that the helper and its child processes speak over pipes.

A frame is two big-endian 32-bit lengths, then a JSON object of the first length, then raw bytes of the
second. Nothing is ever unpickled: a child may have been taken over by the image it decoded, so no length,
type or name is believed.
"""

import json
import struct
from collections.abc import Mapping
from typing import Any

from altaloud import errors
from altaloud.errors import AltaloudError, ChildCrashedError, ChildError

LENGTHS = struct.Struct(">II")
_MAX_HEADER_BYTES = 4_000_000
_MAX_BODY_BYTES = 512_000_000
_MAX_MESSAGE_CHARACTERS = 500  # of an error, which a person hears


def head(header: Mapping[str, object], body: bytes) -> bytes:
    """Return the lengths and the header; the body is sent after it by itself, so that it is not copied."""
    encoded = json.dumps(header, ensure_ascii=False).encode()
    if len(encoded) > _MAX_HEADER_BYTES or len(body) > _MAX_BODY_BYTES:
        raise ChildError(f"{len(encoded) + len(body):,} bytes are more than one request may have")
    return LENGTHS.pack(len(encoded), len(body)) + encoded


def checked_lengths(lengths: bytes) -> tuple[int, int]:
    """Return how many bytes of header and of body follow.

    Raises:
        ValueError: More than a frame may have.
    """
    header_bytes, body_bytes = LENGTHS.unpack(lengths)
    if header_bytes > _MAX_HEADER_BYTES or body_bytes > _MAX_BODY_BYTES:
        raise ValueError("longer than a frame may be")
    return header_bytes, body_bytes


def checked_header(encoded: bytes) -> dict[str, Any]:
    """Return the header.

    Raises:
        ValueError: Not a JSON object.
        RecursionError: Nested without end.
    """
    header = json.loads(encoded)
    if not isinstance(header, dict):
        raise ValueError("the header is not an object")
    return header


def reported_error(header: Mapping[str, Any]) -> AltaloudError:
    """Return the error that a child reports, as the type it names if that is one of ours."""
    name = header["error"]
    kind = getattr(errors, name, None) if isinstance(name, str) else None
    if not (isinstance(kind, type) and issubclass(kind, AltaloudError)):
        kind = ChildCrashedError
    advice = header.get("advice")
    return kind(
        str(header.get("message", ""))[:_MAX_MESSAGE_CHARACTERS],
        advice=str(advice)[:_MAX_MESSAGE_CHARACTERS] if advice else None,
    )
