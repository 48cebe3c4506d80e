"""What the published weights are known to say about one image, in transformers' own integration test.

The image is the hub's hf-internal-testing/blip-test-image, demo.jpg. It does not ship with us; who puts it
into the models' folder can see whether the weights here say the same, in each precision.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from altaloud.vision.blip.openvino_blip import OpenVinoAnswerer, OpenVinoCaptioner
from altaloud.vision.blip.preprocess import Pixels
from altaloud.vision.blip.processor import Precision
from altaloud.vision.blip.runtime import finish

IMAGE = "demo.jpg"
SOURCE = "hf-internal-testing/blip-test-image"

# transformers, tests/models/blip/test_modeling_blip.py: model -> prompt or question -> token ids
_SITTING = (1037, 2450, 3564, 2006, 1996, 3509, 2007, 2014, 3899, 102)  # a woman … on the beach with her dog
PUBLISHED: Mapping[str, Mapping[str, Sequence[int]]] = {
    "caption-base": {"": (30522, *_SITTING), "a picture of": (30522, 1037, 3861, 1997, *_SITTING)},
    "vqa-base": {"how many dogs are in the picture?": (30522, 1015, 102)},
}


@dataclass(frozen=True, slots=True)
class Compared:
    """One sentence, as it came out here."""

    precision: Precision
    given: str  # the prompt or question
    said: str
    is_as_published: bool  # token for token


def compare(
    folder: Path,
    picture: Pixels,
    published: Mapping[str, Sequence[int]],
    *,
    answers: bool,
    precisions: Sequence[Precision],
) -> Iterator[Compared]:
    """Say in each precision what the model in `folder` makes of the picture.

    Args:
        folder: An installed model.
        picture: What it looks at.
        published: Prompt or question -> the expected token ids.
        answers: Whether they are questions.
        precisions: Those to try.

    Raises:
        ModelError: It cannot be loaded.
    """
    say = _answer if answers else _caption
    for precision in precisions:
        run = say(folder, precision, picture)
        for given, expected in published.items():
            ids, text = run(given)
            yield Compared(precision, given, text, tuple(ids) == tuple(expected))


_Said = tuple[Sequence[int], str]


def _caption(folder: Path, precision: Precision, picture: Pixels) -> Callable[[str], _Said]:
    captioner = OpenVinoCaptioner(folder, model=folder.name, precision=precision, keeps_compiled=False)
    features = finish(captioner.see([picture]))

    def run(prompt: str) -> _Said:
        caption = finish(captioner.caption(features, prompt=prompt))[0]
        return caption.token_ids, caption.text

    return run


def _answer(folder: Path, precision: Precision, picture: Pixels) -> Callable[[str], _Said]:
    answerer = OpenVinoAnswerer(folder, model=folder.name, precision=precision, keeps_compiled=False)
    features = finish(answerer.see([picture]))[0]

    def run(question: str) -> _Said:
        answer = finish(answerer.answer(features, question))
        return answer.token_ids, answer.text

    return run
