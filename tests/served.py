"""The helper's real server on a real socket, with small stand-ins for what needs models and a sound card."""

import asyncio
import contextlib
import json
import secrets
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from altaloud.describing.description import Answered, Description, DescriptionRequest, QuestionRequest
from altaloud.errors import NotFoundError, SpeechError
from altaloud.service import pairing
from altaloud.service.api import create_app
from altaloud.service.clients import Client, Clients
from altaloud.service.downloading import Downloads
from altaloud.service.guard import Guard
from altaloud.service.pairing import Codes, Sessions
from altaloud.service.server import server
from altaloud.vision.kinds import Kind

MAX_IMAGE_BYTES = 100_000


@dataclass
class FakeDescriber:
    """Says the same of every image, when it is allowed to."""

    asked: list[tuple[bytes, DescriptionRequest]] = field(default_factory=list)
    questions: list[tuple[bytes | None, QuestionRequest]] = field(default_factory=list)
    corrected: list[tuple[str, str]] = field(default_factory=list)
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)
    was_cancelled: bool = False
    error: Exception | None = None
    changes: dict[str, Any] = field(default_factory=dict)  # to what it says

    def __post_init__(self) -> None:
        self.may_answer.set()

    async def describe(self, data: bytes, request: DescriptionRequest) -> Description:
        self.asked.append((data, request))
        try:
            await self.may_answer.wait()
        except asyncio.CancelledError:
            self.was_cancelled = True
            raise
        if self.error is not None:
            raise self.error
        example = json.loads(Path(__file__).with_name("contract").joinpath("description.json").read_text())
        return Description.model_validate(example["reply"] | {"kind": Kind.text} | self.changes)

    async def ask(self, data: bytes | None, request: QuestionRequest) -> Answered:
        self.questions.append((data, request))
        if self.error is not None:
            raise self.error
        example = json.loads(Path(__file__).with_name("contract").joinpath("question.json").read_text())
        return Answered.model_validate(example["reply"])

    def correct(self, description_id: str, alt: str) -> str:
        if description_id == "unknown":
            raise NotFoundError("no such description")
        self.corrected.append((description_id, alt))
        return alt


@dataclass
class FakeSpeaker:
    """Remembers what it was told to say."""

    said: list[tuple[str, str]] = field(default_factory=list)
    hushed: int = 0
    error: SpeechError | None = None

    async def say(self, text: str, *, language: str) -> None:
        if self.error is not None:
            raise self.error
        self.said.append((text, language))

    async def hush(self) -> None:
        self.hushed += 1


@dataclass
class Clock:
    """A clock that a test sets."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        fields = json.loads(self.body)
        assert isinstance(fields, dict)
        return fields


@dataclass
class Served:
    """A running server and its parts."""

    port: int
    clients: Clients
    sessions: Sessions
    codes: Codes
    describer: FakeDescriber
    speaker: FakeSpeaker
    clock: Clock

    async def raw(self, data: bytes) -> Answer:
        """Send these bytes and read one answer until the server closes or the answer is whole."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(data)
            return await read_answer(reader)
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    def request(
        self,
        path: str,
        body: bytes = b"",
        *,
        method: str = "POST",
        headers: Mapping[str, str] | None = None,
    ) -> bytes:
        wanted = {"Host": f"127.0.0.1:{self.port}", **(headers or {})}
        if body:
            wanted = {"Content-Type": "application/json", **wanted, "Content-Length": str(len(body))}
        lines = "".join(f"{name}: {value}\r\n" for name, value in wanted.items())
        return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body

    async def ask(
        self,
        path: str,
        fields: object = None,
        *,
        method: str = "POST",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        body = b"" if fields is None else json.dumps(fields).encode()
        return await self.raw(self.request(path, body, method=method, headers=headers))

    async def session(self, client: Client) -> dict[str, str]:
        """Say hello as that client; return the headers that its requests then carry."""
        origin = {"Origin": client.origin} if client.origin else {}
        nonce = pairing.encode(secrets.token_bytes(32))
        answer = await self.ask("/v1/hello", {"client": client.name, "nonce": nonce}, headers=origin)
        assert answer.status == 200, answer
        words = pairing.transcript(client.name, nonce, answer.json["nonce"], self.port)
        assert answer.json["proof"] == pairing.proof(client.key, words)
        return {"Authorization": f"Bearer {client.name}.{pairing.session(client.key, words)}", **origin}

    async def describe(
        self, image: bytes, request: Mapping[str, object] | None, headers: Mapping[str, str]
    ) -> Answer:
        return await self.raw(self.description(image, request, headers))

    def description(
        self, image: bytes, request: Mapping[str, object] | None, headers: Mapping[str, str]
    ) -> bytes:
        parts = [(b'name="image"; filename="blob"', image)]
        if request is not None:
            parts.append((b'name="request"', json.dumps(request).encode()))
        return self.multipart("/v1/descriptions", parts, headers)

    def multipart(self, path: str, parts: Sequence[tuple[bytes, bytes]], headers: Mapping[str, str]) -> bytes:
        body = b"".join(
            b"--XX\r\nContent-Disposition: form-data; " + about + b"\r\n\r\n" + content + b"\r\n"
            for about, content in parts
        )
        kind = {"Content-Type": "multipart/form-data; boundary=XX"}
        return self.request(path, body + b"--XX--\r\n", headers={**kind, **headers})


async def read_answer(reader: asyncio.StreamReader) -> Answer:
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
    first, *lines = head.decode("latin-1").strip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = await asyncio.wait_for(reader.readexactly(int(headers.get("content-length", "0"))), 10)
    return Answer(int(first.split()[1]), headers, body)


@contextlib.asynccontextmanager
async def served(folder: Path) -> AsyncIterator[Served]:
    """Run the server on a free port for the length of a test."""
    with socket.socket() as listener, contextlib.ExitStack() as files:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        clock = Clock()
        clients = Clients(folder / "clients.sqlite3")
        files.callback(clients.close)
        codes = Codes(folder / "clients.sqlite3", clock=clock)
        files.callback(codes.close)
        sessions = Sessions(clients, port=port, clock=clock)
        describer, speaker = FakeDescriber(), FakeSpeaker()
        app = create_app(
            describer=describer,
            speaker=speaker,
            clients=clients,
            sessions=sessions,
            codes=codes,
            downloads=Downloads(folder / "models"),
            language="en",
            status=lambda: {"version": "test"},
        )
        guard = Guard(app, port=port, sessions=sessions, max_image_bytes=MAX_IMAGE_BYTES)
        ready = asyncio.Event()
        running = server(guard, ready.set)
        task = asyncio.create_task(running.serve(sockets=[listener]))
        await asyncio.wait_for(ready.wait(), 10)
        try:
            yield Served(port, clients, sessions, codes, describer, speaker, clock)
        finally:
            running.end()
            await asyncio.wait_for(task, 10)
