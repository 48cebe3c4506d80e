"""The parts of a request that brings an image, never written to a disk.

Starlette's form would put an image of more than a megabyte into a temporary file, a private window's too.
"""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi import Request
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from altaloud.describing.description import DescriptionRequest, QuestionRequest
from altaloud.errors import RequestError, UnreadableImageError

Asked = TypeVar("Asked", DescriptionRequest, QuestionRequest)

_MOST_REQUEST_BYTES = 256 * 1024  # as much as the guard lets in beside the largest image


@dataclass(frozen=True, slots=True)
class Parts:
    """What came with `POST /v1/descriptions`."""

    image: bytes
    request: DescriptionRequest


@dataclass(frozen=True, slots=True)
class QuestionParts:
    """What came with `POST /v1/questions`."""

    image: bytes | None
    request: QuestionRequest


class _InMemory(MultiPartParser):
    spool_max_size = 0  # no limit: the guard has let in no more than may be held


async def read_parts(request: Request) -> Parts:
    """Return the parts of a description's request.

    Raises:
        RequestError: A part is missing, or is not what it should be.
        UnreadableImageError: The image is empty.
    """
    async with _form(request) as form:
        if "image" not in form:
            raise RequestError("the part `image` is missing, or has no file name")
        return Parts(await _image(form), await _request(form, DescriptionRequest))


async def read_question(request: Request) -> QuestionParts:
    """Return the parts of a question: `image`, and the fields as JSON in `request` or as parts of their own.

    Raises:
        RequestError: A part is missing, or is not what it should be.
        UnreadableImageError: The image is empty.
    """
    async with _form(request) as form:
        image = await _image(form) if "image" in form else None
        return QuestionParts(image, await _request(form, QuestionRequest, _plain_parts(form)))


@asynccontextmanager
async def _form(request: Request) -> AsyncIterator[FormData]:
    try:
        form = await _InMemory(request.headers, request.stream(), max_files=2, max_fields=4).parse()
    except (MultiPartException, KeyError) as error:  # a large image without a file name among them
        raise RequestError(
            "the parts of the request cannot be told apart, or are too many, or `image` has no file name"
        ) from error
    try:
        if len(form.multi_items()) != len(form):
            raise RequestError("a part came twice")
        yield form
    finally:
        await form.close()


async def _image(form: FormData) -> bytes:
    image = form["image"]
    if not isinstance(image, UploadFile):
        raise RequestError("the part `image` is missing, or has no file name")
    data = await image.read()
    if not data:
        raise UnreadableImageError("the image is empty")
    return data


async def _request(form: FormData, kind: type[Asked], more: Mapping[str, object] | None = None) -> Asked:
    """Return what is asked. A browser sends JSON with its type named as a file."""
    words: str | bytes | UploadFile = form.get("request", "{}")
    if isinstance(words, UploadFile):
        words = await words.read(_MOST_REQUEST_BYTES + 1)
    if len(words) > _MOST_REQUEST_BYTES:
        raise RequestError("the part `request` is too long")
    try:
        if not more:
            return kind.model_validate_json(words)
        told = json.loads(words)
        return kind.model_validate({**told, **more} if isinstance(told, dict) else told)
    except ValidationError as error:
        raise RequestError(explain(error.errors()[0])) from error
    except (ValueError, RecursionError) as error:
        raise RequestError("this is not JSON") from error


def _plain_parts(form: FormData) -> dict[str, object]:
    """Return the fields that came as parts of their own."""
    return {name: value for name, value in form.items() if name not in ("image", "request")}


def explain(problem: Mapping[str, Any]) -> str:
    """Return what is wrong with a field, one of pydantic's errors, without what was sent in it."""
    if problem["type"] == "extra_forbidden":
        return "a field that is not known"
    if problem["type"] == "json_invalid":
        return "this is not JSON"
    field = ".".join(str(part) for part in problem["loc"])
    return f"{field or 'the request'}: {problem['msg']}"
