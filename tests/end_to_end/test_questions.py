"""Questions to a running helper, and a page of photographs that its engine does not survive.

With small random models: what they say means nothing, and which of the sentences is said depends on them.
"""

import io
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from altaloud.vision.blip.pins import ANSWERER, CAPTIONER, MATCHER
from checkpoints import install_random
from end_to_end.api_client import ApiClient
from end_to_end.browsers.waiting import wait_for
from end_to_end.conftest import EXAMPLES
from end_to_end.helper_process import Helper
from end_to_end.pictures import draw_words

QUESTION = "is it open?"
FIELDS = {"answer", "confidence", "hedged", "language", "model", "description_id", "milliseconds"}


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Helper]:
    """A helper with all three models."""
    helper = Helper(
        tmp_path_factory.mktemp("asked") / "home", settings='processor_share = 50\nprecision = "reference"'
    )
    for name in (CAPTIONER, ANSWERER, MATCHER):
        install_random(helper.home / "models", name)
    with helper:
        yield helper


@pytest.fixture
def client(asked: Helper) -> Iterator[ApiClient]:
    with ApiClient(**asked.add_key()) as client:
        yield client


def photograph(number: int = 0) -> bytes:
    """Return a part of the example photograph, each number's another."""
    whole = Image.open(EXAMPLES / "photograph.webp").convert("RGB")
    file = io.BytesIO()
    whole.crop((number, number, whole.width - 20, whole.height - 20)).save(file, "PNG")
    return file.getvalue()


def test_questions_before_and_after_a_description(client: ApiClient, asked: Helper) -> None:
    first = client.ask(photograph(), question=QUESTION)
    described = client.describe(photograph(1), priority="focused")
    after = client.ask(None, question=QUESTION, description_id=described["id"])
    sent = client.ask(photograph(1), question=QUESTION)

    assert (first.status_code, set(first.json())) == (200, FIELDS)
    assert after.status_code == 200, after.text
    assert after.json()["answer"] == sent.json()["answer"]
    assert after.json()["confidence"] == pytest.approx(sent.json()["confidence"], abs=1e-3)
    assert described["caption"]
    assert "itm-base" in described["model"]
    engine = client.status()["engine"]
    assert (engine["device"], engine["loaded"], engine["notes"]) == ("cpu", True, [])
    assert engine["batch"] == 1
    assert asked.home.joinpath("helper.log").read_text("utf-8").count(QUESTION) == 0


def test_the_long_description_chooses_among_captions(client: ApiClient) -> None:
    short = client.describe(photograph(2))
    long = client.describe(photograph(2), detail="long")

    assert not long["cached"]
    assert long["model"] == f"{short['model']} best-of-several"
    assert client.describe(photograph(2), detail="long")["cached"]


def test_where_there_is_no_caption_the_long_description_does_not_look_again(
    client: ApiClient, tmp_path: Path
) -> None:
    draw_words(tmp_path / "words.png", "Harvest market")
    words = (tmp_path / "words.png").read_bytes()
    assert client.describe(words)["caption"] is None

    assert client.describe(words, detail="long")["cached"]


def test_a_private_question_leaves_nothing_to_ask_about(client: ApiClient) -> None:
    private = client.ask(photograph(3), question=QUESTION, private="true").json()
    before = client.status()["memory"]["descriptions"]

    again = client.ask(None, question=QUESTION, description_id=private["description_id"])

    assert (again.status_code, again.json()["error"]) == (404, "ImageNeededError")
    assert "Send the image" in again.json()["advice"]
    assert client.status()["memory"]["descriptions"] == before


def test_an_engine_that_crashes_costs_at_most_what_it_was_doing(client: ApiClient) -> None:
    client.describe(photograph(4))
    at_hand = client.ask(photograph(4), question=QUESTION).json()["description_id"]
    pid = client.status()["engine"]["pid"]

    def describe(number: int) -> bool:
        reply = client.post("/v1/descriptions", photograph(number))
        return reply.status_code == 200 and bool(reply.json()["caption"])

    with ThreadPoolExecutor(12) as askers:
        page = [askers.submit(describe, number) for number in range(5, 17)]
        wait_for(lambda: any(each.done() for each in page), what="the page to be under way", seconds=60)
        os.kill(pid, signal.SIGKILL)
        described = sum(each.result() for each in page)

    assert described >= 11
    assert client.status()["engine"]["pid"] != pid
    gone = client.ask(None, question=QUESTION, description_id=at_hand)
    assert (gone.status_code, gone.json()["error"]) == (404, "ImageNeededError")


def test_without_the_model_the_size_of_its_download_is_said(tmp_path: Path) -> None:
    with Helper(tmp_path / "home") as helper, ApiClient(**helper.add_key()) as client:
        reply = client.ask(photograph(), question=QUESTION)

        assert (reply.status_code, reply.json()["error"]) == (503, "ModelMissingError")
        assert "altaloud models download vqa-base" in reply.json()["advice"]
        assert "1539 megabytes" in reply.json()["advice"]
