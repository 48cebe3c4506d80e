"""Questions: answered with a hedge, or not at all, and never about who people are."""

import asyncio
from pathlib import Path

import pytest

from altaloud.describing.asking import Asker
from altaloud.describing.description import Answered, Priority, QuestionRequest
from altaloud.describing.languages import Languages
from altaloud.describing.people import asks_for_a_guess, is_a_guess
from altaloud.errors import ImageNeededError, ModelMissingError, RequestError, TooManyRequestsError
from altaloud.vision.blip.checkpoint import Checkpoints
from altaloud.vision.blip.digests import Record
from altaloud.vision.blip.pins import ANSWERER, load_pins
from altaloud.vision.blip.runtime import Answer
from altaloud.vision.pictures import Picture
from altaloud.vision.urgency import Urgency

PICTURE = Picture(1, 1, bytes(32), 1, 1, b"abc", 0.0, "PNG")


class Answering:
    """An engine that says what it is told to, and keeps the pictures that it may keep."""

    def __init__(self) -> None:
        self.text = "yes"
        self.probability = 0.9
        self.asked: list[str] = []
        self.kept: dict[str, Picture] = {}

    async def answer(
        self,
        question: str,
        picture: Picture | None,
        urgency: Urgency,
        *,
        keep: str | None,
    ) -> Answer:
        assert urgency.value == Priority.focused
        self.asked.append(question)
        if picture is None and keep not in self.kept:
            raise ImageNeededError("no longer at hand")
        if picture is not None and keep is not None:
            self.kept[keep] = picture
        return Answer(self.text, self.probability, (1,), "vqa-base@787b3d3")


class Room:
    """An asker with its engine, on a computer with the model or without."""

    def __init__(self, folder: Path, *, has_model: bool = True) -> None:
        self.engine = Answering()
        self.decoded: list[bytes] = []
        if has_model:
            pin = load_pins()[ANSWERER]
            (folder / ANSWERER).mkdir(parents=True)
            Record(pin.repository, pin.revision, {}, converted_from=None).write(folder / ANSWERER)
        self.asker = Asker(
            engine=self.engine,  # type: ignore[arg-type] # as much of an engine as is asked
            checkpoints=Checkpoints(folder),
            languages=Languages(),
            language="en",
            identify=lambda fingerprint: f"name-{len(fingerprint)}",
            decode=self._decode,
        )

    async def _decode(self, data: bytes, _priority: Priority) -> Picture:
        self.decoded.append(data)
        return PICTURE

    def ask(self, data: bytes | None = b"image", **request: object) -> Answered:
        asked = QuestionRequest.model_validate({"question": "is it open?", **request})

        async def scenario() -> Answered:
            try:
                return await self.asker.ask(data, asked)
            finally:
                await self.asker.close()

        return asyncio.run(scenario())


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path / "models")


WORDS = [
    ("yes", 0.9, "en", "Probably yes", "en"),
    ("yes", 0.5, "en", "Possibly yes", "en"),
    ("yes", 0.1, "en", "I cannot tell.", "en"),
    ("", 0.9, "en", "I cannot tell.", "en"),
    ("no", 0.9, "de", "Wahrscheinlich nein", "de"),
    ("yes", 0.5, "fr", "Peut-être oui", "fr"),
    ("2", 0.9, "de", "Wahrscheinlich 2", "de"),
    ("yes", 0.1, "de", "Das lässt sich nicht sagen.", "de"),
    # The model's words are English, and so is the frame around them: a voice speaks one language.
    ("red", 0.9, "de", "Probably red", "en"),
    ("woman walking", 0.9, "en", "Probably person walking", "en"),
]


@pytest.mark.parametrize("case", WORDS, ids=str)
def test_an_answer_is_worded_by_its_probability(room: Room, case: tuple[str, float, str, str, str]) -> None:
    room.engine.text, room.engine.probability, language, *expected = case

    answered = room.ask(language=language)

    assert [answered.answer, answered.language] == expected
    assert answered.confidence == room.engine.probability
    assert answered.hedged == (room.engine.probability >= 0.3 and room.engine.text != "")
    assert answered.model == "vqa-base@787b3d3"


def test_a_further_question_needs_no_image_as_long_as_that_is_at_hand(room: Room) -> None:
    first = room.ask()

    again = room.ask(None, question="what colour?", description_id=first.description_id)

    assert again.description_id == first.description_id
    assert room.decoded == [b"image"]
    assert room.engine.asked == ["is it open?", "what colour?"]
    room.engine.kept.clear()
    with pytest.raises(ImageNeededError) as caught:
        room.ask(None, description_id=first.description_id)
    assert "Send the image" in caught.value.advice


def test_a_private_question_leaves_nothing(room: Room) -> None:
    answered = room.ask(private=True)

    assert room.engine.kept == {}
    with pytest.raises(ImageNeededError):
        room.ask(None, description_id=answered.description_id)


def test_without_the_model_one_sentence_says_what_to_do_and_its_size(tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError, match="not installed") as caught:
        Room(tmp_path, has_model=False).ask()

    assert "altaloud models download vqa-base" in caught.value.advice
    assert "1539 megabytes" in caught.value.advice


@pytest.mark.parametrize(
    ("data", "request_fields", "wrong"),
    [(b"image", {"question": " \n "}, "empty"), (None, {}, "neither an image nor a description_id")],
)
def test_what_makes_no_sense_is_refused(
    room: Room, data: bytes | None, request_fields: dict[str, object], wrong: str
) -> None:
    with pytest.raises(RequestError, match=wrong):
        room.ask(data, **request_fields)


def test_more_questions_than_may_wait_are_told_to_come_back(room: Room) -> None:
    async def scenario() -> list[Answered | BaseException]:
        questions = (QuestionRequest(question=f"is it {number}?") for number in range(30))
        asked = [room.asker.ask(b"image", question) for question in questions]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        await room.asker.close()
        return answers

    kinds = [type(answer) for answer in asyncio.run(scenario())]

    assert (kinds.count(Answered), kinds.count(TooManyRequestsError)) == (16, 14)


GUESSES = [
    "Who is this?",
    "whose dog is it",
    "what is the name of this man?",
    "What race is she?",
    "what is their gender",
    "is the person male or female?",
    "is it a man or a woman?",
    "how old is the woman?",
    "how old are the two children",
    "is he gay?",
    "is the man black?",
    "are these people asian",
    "is this person disabled?",
]
ALLOWED = [
    "what is the man holding?",
    "how many people are there?",
    "is the dog black?",
    "how old is the building?",
    "what color is her dress?",
    "is anyone smiling?",
    "is the man wearing a white hat?",
]


@pytest.mark.parametrize("question", GUESSES)
def test_a_question_for_who_people_are_is_not_put_to_the_model(room: Room, question: str) -> None:
    answered = room.ask(question=question)

    assert "not guessed" in answered.answer
    assert (answered.confidence, answered.hedged) == (0, False)
    assert room.engine.asked == []


@pytest.mark.parametrize("question", ALLOWED)
def test_other_questions_about_people_are(question: str) -> None:
    assert not asks_for_a_guess(question)


@pytest.mark.parametrize(
    ("question", "answer", "is_refused"),
    [
        ("what does the woman look like?", "asian", True),
        ("describe the man", "old man", True),
        ("describe the man", "tall", False),
        ("what color is her hair?", "black", False),
        ("what color is it?", "white", False),
    ],
)
def test_an_answer_that_guesses_is_not_given(question: str, answer: str, is_refused: bool) -> None:
    assert is_a_guess(question, answer) == is_refused


@pytest.mark.parametrize(
    ("language", "question", "is_asked"),
    [
        ("de", "Wie viele Hunde sind das?", False),
        ("fr", "Combien de chiens ?", False),
        ("de", "how many dogs?", True),
        ("en", "wie viele Hunde?", True),
    ],
)
def test_a_question_in_the_users_other_language_is_asked_for_in_english(
    room: Room, language: str, question: str, is_asked: bool
) -> None:
    answered = room.ask(question=question, language=language)

    assert bool(room.engine.asked) == is_asked
    assert ("Englisch" in answered.answer or "anglais" in answered.answer) != is_asked
