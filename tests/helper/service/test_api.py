"""What a paired browser or program may ask over HTTP, and how it is answered."""

import asyncio
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from altaloud import errors
from altaloud.errors import AltaloudError, NoSoundError
from altaloud.service.refusal import error_from, refusal
from altaloud.speech.words import LONGEST
from served import Served, served

CONTRACT = json.loads((Path(__file__).parents[2] / "contract" / "description.json").read_text())


async def signed_in(helper: Served) -> dict[str, str]:
    return await helper.session(helper.clients.add_program("reader"))


def test_the_contracts_example_request_gets_its_example_reply(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            answer = await helper.describe(b"image bytes", CONTRACT["request"], await signed_in(helper))

            assert answer.status == 200
            assert answer.json == CONTRACT["reply"]
            image, request = helper.describer.asked[0]
            assert image == b"image bytes"
            assert request.model_dump(mode="json") == CONTRACT["request"]
            assert helper.speaker.said == []

    asyncio.run(scenario())


def test_an_image_alone_is_enough(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            assert (await helper.describe(b"image bytes", None, await signed_in(helper))).status == 200

    asyncio.run(scenario())


def test_a_description_is_spoken_if_that_is_asked(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            answer = await helper.describe(b"x", {"speak": True}, await signed_in(helper))

            assert (answer.json["spoken"], answer.json["speech_error"]) == (True, None)
            assert helper.speaker.said == [("Summer sale: 20 % off", "en")]

    asyncio.run(scenario())


def test_at_length_it_says_what_keeps_it_from_saying_more(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            helper.describer.changes = {"alt": "Photo", "reason": "The full model is not installed."}
            session = await signed_in(helper)
            for detail in ("short", "long"):
                await helper.describe(b"x", {"speak": True, "detail": detail}, session)

            said = [words for words, _ in helper.speaker.said]
            assert said == ["Photo", "Photo. The full model is not installed."]

    asyncio.run(scenario())


def test_a_voice_that_fails_does_not_cost_the_description(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            helper.speaker.error = NoSoundError("no sound device")
            answer = await helper.describe(b"x", {"speak": True}, await signed_in(helper))

            assert answer.status == 200
            assert answer.json["alt"] == CONTRACT["reply"]["alt"]
            assert answer.json["spoken"] is False
            assert answer.json["speech_error"]["error"] == "NoSoundError"
            assert "sound device" in answer.json["speech_error"]["advice"]

    asyncio.run(scenario())


def test_who_goes_away_no_longer_waits(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            helper.describer.may_answer.clear()
            _, writer = await asyncio.open_connection("127.0.0.1", helper.port)
            writer.write(helper.description(b"x", None, await signed_in(helper)))
            await _until(lambda: len(helper.describer.asked) == 1)

            writer.close()

            await _until(lambda: helper.describer.was_cancelled)

    asyncio.run(scenario())


async def _until(condition: Any) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.UnreadableImageError("x"), 415),
        (errors.DamagedImageError("x"), 400),
        (errors.ImageTooLargeError("x"), 413),
        (errors.ChildCrashedError("x"), 503),
        (errors.ChildTimeoutError("x"), 503),
        (errors.ModelMissingError("x"), 503),
        (errors.TooManyRequestsError("x"), 429),
    ],
)
def test_an_error_says_what_and_what_to_do(tmp_path: Path, error: AltaloudError, status: int) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            helper.describer.error = error
            answer = await helper.describe(b"x", None, await signed_in(helper))

            assert answer.status == status
            assert answer.json == {"error": type(error).__name__, "message": "x", "advice": error.advice}
            assert ("retry-after" in answer.headers) == (status in (429, 503))

    asyncio.run(scenario())


def test_a_mistake_of_ours_is_an_answer_without_its_details(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            helper.describer.error = ValueError("a caption, perhaps")
            answer = await helper.describe(b"x", None, await signed_in(helper))

            assert answer.status == 500
            assert set(answer.json) == {"error", "message", "advice"}
            assert b"caption" not in answer.body

    asyncio.run(scenario())


QUESTION = json.loads((Path(__file__).parents[2] / "contract" / "question.json").read_text())
FILE = b'name="image"; filename="blob"'


@pytest.mark.parametrize("as_json", [True, False], ids=["JSON", "parts of their own"])
def test_the_contracts_example_question_gets_its_example_answer(tmp_path: Path, as_json: bool) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            words = QUESTION["request"]["question"].encode()
            asked = (b'name="request"', json.dumps(QUESTION["request"]).encode())
            parts = [(FILE, b"image bytes"), asked if as_json else (b'name="question"', words)]
            answer = await helper.raw(helper.multipart("/v1/questions", parts, await signed_in(helper)))

            assert (answer.status, answer.json) == (200, QUESTION["reply"])
            image, request = helper.describer.questions[0]
            assert image == b"image bytes"
            assert request.model_dump(mode="json") == QUESTION["request"]

    asyncio.run(scenario())


def test_a_further_question_names_the_description_and_may_be_spoken(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            parts = [
                (b'name="description_id"', b"abc"),
                (b'name="request"', b'{"question": "what?", "speak": true}'),
            ]
            answer = await helper.raw(helper.multipart("/v1/questions", parts, await signed_in(helper)))

            assert (answer.json["spoken"], helper.speaker.said) == (True, [("Probably 1", "en")])
            image, request = helper.describer.questions[0]
            assert (image, request.description_id, request.question) == (None, "abc", "what?")

    asyncio.run(scenario())


BAD_QUESTIONS: dict[str, tuple[list[tuple[bytes, bytes]], int]] = {
    "nothing asked": ([(FILE, b"x")], 400),
    "an empty image": ([(FILE, b""), (b'name="question"', b"what?")], 415),
    "an image without a file name": ([(b'name="image"', b"x"), (b'name="question"', b"what?")], 400),
    "an unknown part": ([(b'name="question"', b"what?"), (b'name="secret-words"', b"x")], 400),
    "an unknown field": ([(b'name="request"', b'{"question": "what?", "secret-words": 1}')], 400),
    "no JSON": ([(b'name="request"', b"secret-words"), (b'name="question"', b"what?")], 400),
    "JSON that is no object": ([(b'name="request"', b"[]"), (b'name="question"', b"what?")], 400),
    "a question that is too long": ([(b'name="question"', b"secret-words" * 100)], 400),
    "the question twice": ([(b'name="question"', b"a"), (b'name="question"', b"b")], 400),
}


@pytest.mark.parametrize("case", BAD_QUESTIONS.values(), ids=BAD_QUESTIONS.keys())
def test_a_question_that_makes_no_sense_is_refused(
    tmp_path: Path, case: tuple[list[tuple[bytes, bytes]], int]
) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            parts, status = case
            answer = await helper.raw(helper.multipart("/v1/questions", parts, await signed_in(helper)))

            assert answer.status == status
            assert b"secret-words" not in answer.body
            assert helper.describer.questions == []

    asyncio.run(scenario())


def test_an_image_that_is_no_longer_at_hand_is_asked_for(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            error = QUESTION["error"]
            helper.describer.error = errors.ImageNeededError(error["message"])
            parts = [(b'name="description_id"', b"abc"), (b'name="question"', b"what?")]
            answer = await helper.raw(helper.multipart("/v1/questions", parts, await signed_in(helper)))

            assert (answer.status, answer.json) == (404, error)

    asyncio.run(scenario())


BAD_DESCRIPTIONS: dict[str, tuple[bytes, dict[str, Any] | None, int]] = {
    "an empty image": (b"", None, 415),
    "an unknown field": (b"x", {"secret-words": 1}, 400),
    "an unknown field of the context": (b"x", {"context": {"secret-words": 1}}, 400),
    "an unknown priority": (b"x", {"priority": "secret-words"}, 400),
    "a wrong type": (b"x", {"context": {"width": "secret-words"}}, 400),
    "a text that is too long": (b"x", {"context": {"title": "secret-words" * 1000}}, 400),
}


@pytest.mark.parametrize("case", BAD_DESCRIPTIONS.values(), ids=BAD_DESCRIPTIONS.keys())
def test_a_description_that_makes_no_sense_is_refused(
    tmp_path: Path, case: tuple[bytes, dict[str, Any] | None, int]
) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            image, request, status = case
            answer = await helper.describe(image, request, await signed_in(helper))

            assert answer.status == status
            assert set(answer.json) == {"error", "message", "advice"}
            assert b"secret-words" not in answer.body
            assert helper.describer.asked == []

    asyncio.run(scenario())


BAD_MULTIPARTS = {
    "no boundary": ("multipart/form-data", b"--XX--\r\n"),
    "no parts": ("multipart/form-data; boundary=XX", b"--XX--\r\n"),
    "not multipart": ("multipart/form-data; boundary=XX", b"secret-words"),
    "an image without a file name": (
        "multipart/form-data; boundary=XX",
        b'--XX\r\nContent-Disposition: form-data; name="image"\r\n\r\nx\r\n--XX--\r\n',
    ),
    "two images": (
        "multipart/form-data; boundary=XX",
        b'--XX\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\nx\r\n' * 2
        + b"--XX--\r\n",
    ),
    "two requests": (
        "multipart/form-data; boundary=XX",
        b'--XX\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\nx\r\n'
        + b'--XX\r\nContent-Disposition: form-data; name="request"\r\n\r\n{}\r\n' * 2
        + b"--XX--\r\n",
    ),
    "a request as long as an image": (
        "multipart/form-data; boundary=XX",
        b'--XX\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\nx\r\n'
        b'--XX\r\nContent-Disposition: form-data; name="request"\r\n\r\n{'
        + b" " * 300_000
        + b"}\r\n--XX--\r\n",
    ),
    "a request that is not JSON": (
        "multipart/form-data; boundary=XX",
        b'--XX\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\nx\r\n'
        b'--XX\r\nContent-Disposition: form-data; name="request"\r\n\r\nsecret-words\r\n--XX--\r\n',
    ),
}


@pytest.mark.parametrize("case", BAD_MULTIPARTS.values(), ids=BAD_MULTIPARTS.keys())
def test_parts_that_make_no_sense_are_refused(tmp_path: Path, case: tuple[str, bytes]) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            kind, body = case
            headers = {**await signed_in(helper), "Content-Type": kind}
            answer = await helper.raw(helper.request("/v1/descriptions", body, headers=headers))

            assert answer.status == 400
            assert set(answer.json) == {"error", "message", "advice"}
            assert b"secret-words" not in answer.body

    asyncio.run(scenario())


def test_the_request_may_come_as_a_file_with_its_type_named(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            body = (
                b'--XX\r\nContent-Disposition: form-data; name="request"; filename="blob"\r\n'
                b'Content-Type: application/json\r\n\r\n{"language": "fr"}\r\n'
                b'--XX\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\nx\r\n--XX--\r\n'
            )
            kind = {"Content-Type": "multipart/form-data; boundary=XX"}
            headers = {**kind, **await signed_in(helper)}
            answer = await helper.raw(helper.request("/v1/descriptions", body, headers=headers))

            assert answer.status == 200
            assert helper.describer.asked[0][1].language == "fr"

    asyncio.run(scenario())


@pytest.mark.parametrize("size", [1, 1_100_000])
def test_an_image_without_a_file_name_is_told_so(
    tmp_path: Path, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("altaloud.service.guard._MULTIPART_EXTRA_BYTES", 4_000_000)

    async def scenario() -> None:
        async with served(tmp_path) as helper:
            body = (
                b'--XX\r\nContent-Disposition: form-data; name="image"\r\n\r\n' + bytes(size) + b"\r\n"
                b'--XX\r\nContent-Disposition: form-data; name="request"\r\n\r\n{}\r\n--XX--\r\n'
            )
            kind = {"Content-Type": "multipart/form-data; boundary=XX"}
            headers = {**kind, **await signed_in(helper)}
            answer = await helper.raw(helper.request("/v1/descriptions", body, headers=headers))

            assert answer.status == 400
            assert "has no file name" in answer.json["message"]

    asyncio.run(scenario())


def test_an_image_is_never_written_to_a_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a temporary file")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)  # what a spooled file becomes when it grows
    monkeypatch.setattr("altaloud.service.guard._MULTIPART_EXTRA_BYTES", 4_000_000)

    async def scenario() -> None:
        async with served(tmp_path) as helper:
            image = bytes(3_000_000)
            assert (await helper.describe(image, None, await signed_in(helper))).status == 200
            assert helper.describer.asked[0][0] == image

    asyncio.run(scenario())


def test_speech_is_begun_and_ended(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            session = await signed_in(helper)
            assert (
                await helper.ask("/v1/speech", {"text": "Hallo", "language": "de"}, headers=session)
            ).status == 200
            assert (await helper.ask("/v1/speech", {"text": "Hello"}, headers=session)).status == 200
            assert (await helper.ask("/v1/speech", method="DELETE", headers=session)).status == 200
            assert helper.speaker.said == [("Hallo", "de"), ("Hello", "en")]
            assert helper.speaker.hushed == 1

            helper.speaker.error = NoSoundError("no sound device")
            answer = await helper.ask("/v1/speech", {"text": "Hello"}, headers=session)
            assert (answer.status, answer.json["error"]) == (503, "NoSoundError")

    asyncio.run(scenario())


def test_a_text_is_said_whole_or_refused(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            session = await signed_in(helper)
            longest, longer = "a" * LONGEST, "a" * (LONGEST + 1)
            assert (await helper.ask("/v1/speech", {"text": longest}, headers=session)).status == 200
            assert (await helper.ask("/v1/speech", {"text": longer}, headers=session)).status == 400
            assert helper.speaker.said == [(longest, "en")]

    asyncio.run(scenario())


def test_a_correction_is_kept(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            session = await signed_in(helper)
            words = {"description_id": "abc", "alt": "Our dog, Rex"}
            assert (await helper.ask("/v1/corrections", words, headers=session)).json == words
            assert helper.describer.corrected == [("abc", "Our dog, Rex")]

            unknown = {"description_id": "unknown", "alt": "x"}
            assert (await helper.ask("/v1/corrections", unknown, headers=session)).status == 404

    asyncio.run(scenario())


BAD_JSON = {
    "not JSON": b"{secret-words",
    "not an object": b'["secret-words"]',
    "nothing in it": b"{}",
    "another field": b'{"text": "x", "secret-words": 1}',
    "not Unicode": b'{"text": "\xff secret-words"}',
    "very deep": b"[" * 30_000 + b"secret-words",
}


@pytest.mark.parametrize("body", BAD_JSON.values(), ids=BAD_JSON.keys())
def test_json_that_makes_no_sense_is_refused_without_repeating_it(tmp_path: Path, body: bytes) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            answer = await helper.raw(helper.request("/v1/speech", body, headers=await signed_in(helper)))

            assert answer.status == 400
            assert set(answer.json) == {"error", "message", "advice"}
            assert b"secret-words" not in answer.body

    asyncio.run(scenario())


def test_a_route_without_that_method_is_refused(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            answer = await helper.ask("/v1/status", method="DELETE", headers=await signed_in(helper))
            assert (answer.status, answer.json["error"]) == (405, "MethodError")

    asyncio.run(scenario())


def test_every_error_has_a_status_of_the_contract() -> None:
    kinds = [
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, AltaloudError)
    ]
    assert len(kinds) > 30
    for kind in kinds:
        answer = refusal(kind("what happened"))
        assert answer.status in {400, 401, 403, 404, 405, 408, 413, 415, 429, 500, 503}
        assert (b"retry-after" in dict(answer.headers)) == (answer.status in (429, 503)), kind
        assert type(error_from(kind("what happened").fields())) is kind


def test_an_error_of_a_newer_helper_is_still_an_error() -> None:
    error = error_from({"error": "BaseException", "message": "m", "advice": "a"})
    assert (type(error), str(error), error.advice) == (AltaloudError, "m", "a")


HEAVY = (
    "PIL",
    "numpy",
    "torch",
    "transformers",
    "openvino",
    "rapidocr",
    "cv2",
    "keyring",
    "httpx",
    "huggingface_hub",
    "pystray",
    "gi",
    "prism",
)


def test_the_helper_itself_stays_light() -> None:
    modules = (
        "api",
        "guard",
        "pairing",
        "serving",
        "server",
        "daemon",
        "background",
        "native_host",
        "client",
        "browsers",
    )
    program = (
        "import sys\n"
        + "".join(f"import altaloud.service.{module}\n" for module in modules)
        + f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout
    assert loaded.strip() == "[]"
