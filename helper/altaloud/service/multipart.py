"""The parts of a request that brings an image, never written to a disk.

Starlette's form would put an image of more than a megabyte into a temporary file, a private window's too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from altaloud.describing.description import DescriptionRequest
from altaloud.errors import RequestError, UnreadableImageError

_MOST_REQUEST_BYTES = 256 * 1024  # as much as the guard lets in beside the largest image


@dataclass(frozen=True, slots=True)
class Parts:
    """What came with `POST /v1/descriptions`."""

    image: bytes
    request: DescriptionRequest


class _InMemory(MultiPartParser):
    spool_max_size = 0  # no limit: the guard has let in no more than may be held


async def read_parts(request: Request) -> Parts:
    """Return the parts of a description's request.

    Raises:
        RequestError: A part is missing, or is not what it should be.
        UnreadableImageError: The image is empty.
    """
    try:
        form = await _InMemory(request.headers, request.stream(), max_files=2, max_fields=2).parse()
    except (MultiPartException, KeyError) as error:  # a large image without a file name among them
        raise RequestError(
            "the parts of the request cannot be told apart, or are too many, or `image` has no file name"
        ) from error
    try:
        if len(form.multi_items()) != len(form):
            raise RequestError("a part came twice")
        return Parts(await _image(form), await _request(form))
    finally:
        await form.close()


async def _image(form: FormData) -> bytes:
    image = form.get("image")
    if not isinstance(image, UploadFile):
        raise RequestError("the part `image` is missing, or has no file name")
    data = await image.read()
    if not data:
        raise UnreadableImageError("the image is empty")
    return data


async def _request(form: FormData) -> DescriptionRequest:
    """Return what is asked. A browser sends JSON with its type named as a file."""
    words: str | bytes | UploadFile = form.get("request", "{}")
    if isinstance(words, UploadFile):
        words = await words.read(_MOST_REQUEST_BYTES + 1)
    if len(words) > _MOST_REQUEST_BYTES:
        raise RequestError("the part `request` is too long")
    try:
        return DescriptionRequest.model_validate_json(words)
    except ValidationError as error:
        raise RequestError(explain(error.errors()[0])) from error


def explain(problem: Mapping[str, Any]) -> str:
    """Return what is wrong with a field, one of pydantic's errors, without what was sent in it."""
    if problem["type"] == "extra_forbidden":
        return "a field that is not known"
    if problem["type"] == "json_invalid":
        return "this is not JSON"
    field = ".".join(str(part) for part in problem["loc"])
    return f"{field or 'the request'}: {problem['msg']}"
