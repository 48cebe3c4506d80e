"""Where words are sure, as a trained network's are, every precision says them as surely as the reference.

The random networks of the other tests choose among words that are as likely as each other, and how likely
moves with every rounding. This one was trained on pictures of shapes, see `trained/README.md`; those of the
tests it never saw.
"""

import copy
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from altaloud.vision.blip.openvino_blip import OpenVinoCaptioner
from altaloud.vision.blip.preprocess import preprocess
from altaloud.vision.blip.processor import sums_bytes_exactly
from altaloud.vision.blip.runtime import Captioner, finish
from altaloud.vision.blip.torch_blip import TorchCaptioner
from benchmarks.emulated import round_to_bytes
from trained.network import install_trained
from trained.shapes import scene

_SIDE = 96
_COUNT = 48
_PICTURES = [scene(100_000 + number).drawing for number in range(_COUNT)]
_PROMPT = "a picture of"
_ASKED = [("", index) for index in range(_COUNT)] + [(_PROMPT, index) for index in range(16)]
_OFF = 0.02  # of the mean log-probability, in nats: the design's gate
_TIE = 0.1  # in scores: which of two such words comes first is anybody's guess


class Said(NamedTuple):
    token_ids: list[int]
    mean_log_probability: float
    leads: tuple[float, ...] = ()  # of each word that was made, before the next best, in scores

    @property
    def lead(self) -> float:
        """Where it is least."""
        return min(self.leads)


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    """Torch's threads wait for each other busily, which takes minutes where other work goes on."""
    import torch

    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install_trained(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def reference(folder: Path) -> Any:
    from transformers import BlipForConditionalGeneration

    return BlipForConditionalGeneration.from_pretrained(folder).eval()


@pytest.fixture(scope="module")
def expected(reference: Any, folder: Path) -> Sequence[Said]:
    return _generated(reference, folder)


def _generated(network: Any, folder: Path) -> list[Said]:
    """Return what `generate` says of each that is asked."""
    import torch
    from transformers import AutoTokenizer

    tokenizer, said = AutoTokenizer.from_pretrained(folder), []
    for prompt, index in _ASKED:
        with torch.inference_mode():
            made = network.generate(
                pixel_values=torch.from_numpy(preprocess(_PICTURES[index], _SIDE)),
                input_ids=torch.tensor([tokenizer(prompt)["input_ids"] if prompt else [0, 102]]),
                max_new_tokens=30,
                do_sample=False,
                return_dict_in_generate=True,
                output_logits=True,
            )
        chosen = made.sequences[0, -len(made.logits) :, None]
        logits = torch.cat(made.logits)
        mean = logits.log_softmax(-1).gather(1, chosen).mean().item()
        best = logits.topk(2).values
        leads = tuple((best[:, 0] - best[:, 1]).tolist())
        said.append(Said(made.sequences[0].tolist(), mean, leads))
    return said


@pytest.fixture(scope="module", params=["reference", "accurate", "fast", "fastest", "torch"])
def captioner(folder: Path, request: pytest.FixtureRequest) -> Captioner:
    if request.param == "torch":
        return TorchCaptioner(folder, model="sure@1")
    if request.param == "fastest" and not sums_bytes_exactly():
        pytest.skip("this processor is not offered it, see test_judging.py")
    return OpenVinoCaptioner(folder, model="sure@1", precision=request.param, max_threads=1)


def test_words_are_as_sure_as_a_trained_captioners(expected: Sequence[Said]) -> None:
    """Else what follows says nothing."""
    means = [said.mean_log_probability for said in expected]
    assert -0.7 < min(means) < max(means) < -0.05
    assert len({tuple(said.token_ids) for said in expected[:_COUNT]}) > 30
    assert sum(said.lead > _TIE for said in expected[:_COUNT]) >= 32


def test_every_precision_is_as_sure_of_the_same_words(captioner: Captioner, expected: Sequence[Said]) -> None:
    said = []
    for prompt, index in _ASKED:
        features = finish(captioner.see([_PICTURES[index]]))
        (caption,) = finish(captioner.caption(features, prompt=prompt))
        said.append(Said(list(caption.token_ids), caption.mean_log_probability))

    _assert_close(said, expected)


def test_so_is_a_processor_that_computes_with_bytes_alone(
    reference: Any, folder: Path, expected: Sequence[Said]
) -> None:
    emulated = copy.deepcopy(reference)
    round_to_bytes(emulated)

    _assert_close(_generated(emulated, folder), expected)


def _assert_close(said: Sequence[Said], expected: Sequence[Said]) -> None:
    for ours, theirs in zip(said, expected, strict=True):
        if ours.token_ids != theirs.token_ids:
            pairs = enumerate(zip(ours.token_ids, theirs.token_ids, strict=False))
            first = next(at for at, (our, their) in pairs if our != their)
            assert theirs.leads[first - (len(theirs.token_ids) - len(theirs.leads))] < _TIE
            continue
        assert ours.mean_log_probability == pytest.approx(theirs.mean_log_probability, rel=0, abs=_OFF)
