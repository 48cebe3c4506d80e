"""A model is fetched over HTTP with its progress told, by a process that ends with whoever asked."""

import asyncio
import json
import os
import re
from pathlib import Path

import psutil
import pytest

from altaloud.vision.blip.pins import load_pins
from checkpoints import install_random
from hub import Hub
from served import Served, served

PIN = load_pins()["caption-base"]
TOLD = {file.name: file.sha256 for file in PIN.files if file.sha256}


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A repository whose files have the right sizes and the wrong bytes."""
    folder = tmp_path / "published"
    folder.mkdir()
    for file in PIN.files:
        (folder / file.name).touch()
        os.truncate(folder / file.name, file.size_bytes or 0)  # with a hole: it takes no room
    return folder


async def begin(
    helper: Served, name: str = "caption-base"
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    session = await helper.session(helper.clients.add_program("reader"))
    reader, writer = await asyncio.open_connection("127.0.0.1", helper.port)
    headers = {**session, "Connection": "close"}
    writer.write(helper.request(f"/v1/models/{name}/download", headers=headers))
    return reader, writer


def events(answer: bytes) -> list[tuple[str, dict[str, object]]]:
    return [
        (name, json.loads(data)) for name, data in re.findall(r"event: (\w+)\ndata: (.*)\n", answer.decode())
    ]


def downloads() -> list[psutil.Process]:
    children = psutil.Process().children(recursive=True)
    return [child for child in children if "altaloud.service.downloading" in child.cmdline()]


def test_a_model_that_is_here_is_not_fetched_again(tmp_path: Path) -> None:
    install_random(tmp_path / "models")

    async def scenario() -> None:
        async with served(tmp_path) as helper:
            reader, writer = await begin(helper)
            answer = await reader.read()
            writer.close()
            assert b"content-type: text/event-stream" in answer
            (size, told), *steps, (done, model) = events(answer)
            assert (size, done) == ("size", "done")
            # Its graphs are still to be made, which needs no hub.
            assert {step["phase"] for _, step in steps} == {"converting"}
            assert told["total_bytes"] == PIN.download_bytes
            assert model == {"model": "caption-base"}

    asyncio.run(scenario())


def test_what_goes_wrong_is_the_last_event(
    tmp_path: Path, published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            reader, writer = await begin(helper)
            last, error = events(await reader.read())[-1]
            writer.close()
            assert last == "error"
            assert set(error) == {"error", "message", "advice"}
            assert error["error"] in ("DownloadError", "ModelDamagedError")

    with Hub({(PIN.repository, PIN.revision): published}, told_digests=TOLD) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
        asyncio.run(scenario())


def test_a_model_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            reader, writer = await begin(helper, "caption-huge")
            assert (await reader.read()).startswith(b"HTTP/1.1 404 ")
            writer.close()

    asyncio.run(scenario())


def test_who_goes_away_ends_the_download(
    tmp_path: Path, published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            reader, writer = await begin(helper)
            await asyncio.wait_for(reader.readuntil(b"event: progress"), 20)
            assert len(downloads()) == 1

            writer.close()

            async with asyncio.timeout(5):
                while downloads():
                    await asyncio.sleep(0.05)

    with Hub({(PIN.repository, PIN.revision): published}, told_digests=TOLD, bytes_per_second=500) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
        asyncio.run(scenario())
