"""The HTTP face: what a paired browser or program may ask, and how errors look on the wire.

`guard` stands in front of all this; a route converts and delegates.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Annotated, Any, Protocol, TypeVar

from fastapi import APIRouter, Depends, FastAPI, Header, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from altaloud.describing.description import Answered, Description, DescriptionRequest, QuestionRequest
from altaloud.errors import AltaloudError, MethodError, NotFoundError, RequestError, SpeechError
from altaloud.service.clients import Clients
from altaloud.service.multipart import Parts, QuestionParts, explain, read_parts, read_question
from altaloud.service.pairing import Codes, Sessions, encode
from altaloud.service.refusal import refusal
from altaloud.speech.words import LONGEST

Result = TypeVar("Result")


class Describing(Protocol):
    """What describes images: `describing.describe.Describer`."""

    async def describe(self, data: bytes, request: DescriptionRequest) -> Description:
        """Return what to say of an image."""

    async def ask(self, data: bytes | None, request: QuestionRequest) -> Answered:
        """Answer a question about an image."""

    def correct(self, description_id: str, alt: str) -> str:
        """Use the user's own words from now on; return them as they are kept."""


class Speaking(Protocol):
    """What speaks: `speech.voice.Speaker`."""

    async def say(self, text: str, *, language: str) -> None:
        """Begin to speak, in place of what is being spoken."""

    async def hush(self) -> None:
        """Be silent at once."""


class Downloading(Protocol):
    """What fetches models: `downloading.Downloads`."""

    def begin(self, name: str) -> AsyncIterator[bytes]:
        """Return the server-sent events of a download."""


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Hello(_Body):
    """Who wants to begin a session."""

    client: str = Field(max_length=64)
    nonce: str = Field(max_length=64)


class Pairing(_Body):
    """A code that the user heard or read."""

    code: str = Field(max_length=32)


class Correction(_Body):
    """The user's own words for a picture."""

    description_id: str = Field(max_length=64)
    alt: str = Field(min_length=1, max_length=2000)


class Speech(_Body):
    """What to say."""

    text: str = Field(min_length=1, max_length=LONGEST)
    language: str | None = Field(None, max_length=64)  # BCP 47; None: the user's own


def create_app(
    *,
    describer: Describing,
    speaker: Speaking,
    clients: Clients,
    sessions: Sessions,
    codes: Codes,
    downloads: Downloading,
    language: str,
    status: Callable[[], dict[str, Any]],
) -> FastAPI:
    """Build the app from parts already made; nothing here reads settings or globals."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    _explain_errors(app)
    app.include_router(_access(clients, sessions, codes))
    app.include_router(_descriptions(describer, speaker))
    app.include_router(_speech(speaker, language))

    @app.post("/v1/status")
    async def tell_status() -> dict[str, Any]:
        """Say what is loaded, what waits, and what is wrong."""
        return status()

    @app.post("/v1/models/{name}/download")
    async def download(name: str) -> StreamingResponse:
        """Fetch a model, and tell how far it is; it ends when the caller goes away, and can go on later."""
        return StreamingResponse(downloads.begin(name), media_type="text/event-stream")

    return app


def _access(clients: Clients, sessions: Sessions, codes: Codes) -> APIRouter:
    v1 = APIRouter(prefix="/v1")

    @v1.post("/hello")
    async def hello(asked: Hello, origin: Annotated[str | None, Header()] = None) -> dict[str, str]:
        """Begin a session: prove that this is the helper."""
        nonce, proof = sessions.hello(asked.client, asked.nonce, origin)
        return {"nonce": nonce, "proof": proof}

    @v1.post("/pairings")
    async def pair(asked: Pairing, origin: Annotated[str | None, Header()] = None) -> dict[str, str]:
        """Give a browser a key for a code."""
        client = codes.redeem(asked.code, origin, clients)
        return {"client": client.name, "key": encode(client.key)}

    return v1


def _descriptions(describer: Describing, speaker: Speaking) -> APIRouter:
    v1 = APIRouter(prefix="/v1")

    @v1.post("/descriptions")
    async def describe(request: Request, parts: Annotated[Parts, Depends(read_parts)]) -> Response:
        """Describe an image, and say it if that is asked."""
        description = await _while_asked(request, describer.describe(parts.image, parts.request))
        if description is None:
            return Response(status_code=204)  # nobody reads it
        words = _to_say(description, at_length=parts.request.detail == "long")
        spoken = await _spoken(speaker, words, description.language) if parts.request.speak else {}
        return JSONResponse(description.model_dump(mode="json") | spoken)

    @v1.post("/questions")
    async def ask(request: Request, parts: Annotated[QuestionParts, Depends(read_question)]) -> Response:
        """Answer a question about an image, and say the answer if that is asked."""
        answered = await _while_asked(request, describer.ask(parts.image, parts.request))
        if answered is None:
            return Response(status_code=204)  # nobody reads it
        spoken = await _spoken(speaker, answered.answer, answered.language) if parts.request.speak else {}
        return JSONResponse(answered.model_dump(mode="json") | spoken)

    @v1.post("/corrections")
    async def correct(asked: Correction) -> dict[str, str]:
        """Keep the user's own words for a picture."""
        kept = describer.correct(asked.description_id, asked.alt)
        return {"description_id": asked.description_id, "alt": kept}

    return v1


def _speech(speaker: Speaking, language: str) -> APIRouter:
    v1 = APIRouter(prefix="/v1")

    @v1.post("/speech")
    async def say(asked: Speech) -> dict[str, bool]:
        """Say a text, in place of what is being said."""
        await speaker.say(asked.text, language=asked.language or language)
        return {"speaking": True}

    @v1.delete("/speech")
    async def hush() -> dict[str, bool]:
        """Be silent at once."""
        await speaker.hush()
        return {"speaking": False}

    return v1


def _explain_errors(app: FastAPI) -> None:
    @app.exception_handler(AltaloudError)
    async def ours(_request: Request, error: AltaloudError) -> Response:
        return _response(error)

    @app.exception_handler(Exception)
    async def mistakes(_request: Request, _error: Exception) -> Response:
        return _response(AltaloudError("the helper made a mistake"))  # the guard logs which

    @app.exception_handler(RequestValidationError)
    async def of_fields(_request: Request, error: RequestValidationError) -> Response:
        return _response(RequestError(explain(error.errors()[0])))

    @app.exception_handler(HTTPException)
    async def of_the_framework(_request: Request, error: HTTPException) -> Response:
        """Put it into our words; the framework's own may repeat what was sent."""
        ours = {404: NotFoundError("there is no such route"), 405: MethodError("not that method")}
        return _response(ours.get(error.status_code, RequestError("the request cannot be read")))


async def _while_asked(request: Request, work: Coroutine[Any, Any, Result]) -> Result | None:
    """Return what `work` returns; None, and the work ended, if the caller goes away."""
    task = asyncio.create_task(work)
    gone = asyncio.create_task(_gone(request))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        return await task if task.done() else None
    finally:
        for other in (task, gone):
            other.cancel()
        await asyncio.gather(task, gone, return_exceptions=True)


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _to_say(description: Description, *, at_length: bool) -> str:
    """Return the words for the ear; at length also the reason why they do not say more."""
    if at_length and description.alt and description.reason:
        return f"{description.alt}. {description.reason}"
    return description.alt or description.reason or ""


async def _spoken(speaker: Speaking, words: str, language: str) -> dict[str, Any]:
    """Say what was found. A voice that fails must not cost the words: why is told beside them."""
    try:
        await speaker.say(words, language=language)
    except SpeechError as error:
        return {"spoken": False, "speech_error": error.fields()}
    return {"spoken": True, "speech_error": None}


def _response(error: AltaloudError) -> Response:
    answer = refusal(error)
    headers = {name.decode(): value.decode() for name, value in answer.headers}
    return Response(answer.body, answer.status, headers)
