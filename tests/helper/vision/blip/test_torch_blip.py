"""What our torch code says is what transformers' own code says, alone and in batches."""

import shutil
import weakref
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from altaloud.errors import DeviceFullError, ModelDamagedError
from altaloud.vision.blip.pins import ANSWERER, CAPTIONER, MATCHER, PICKLE, WEIGHTS
from altaloud.vision.blip.preprocess import preprocess
from altaloud.vision.blip.runtime import Pixels, Steps, finish
from altaloud.vision.blip.torch_blip import Seen, TorchAnswerer, TorchCaptioner, TorchMatcher
from checkpoints import install_random
from drawings import drawing

_SIDE = 96
_PICTURES = [drawing(seed) for seed in range(32)]
_PROMPT = "a picture of"
_QUESTIONS = ["how many dogs are in the picture?", "is this a beach", "what"]
_TIE = 1e-3  # how close transformers' token and ours may be where they differ, in scores


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    """Torch's threads wait for each other busily, which takes minutes where other work goes on."""
    import torch

    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    models = tmp_path_factory.mktemp("models")
    for name in (CAPTIONER, ANSWERER, MATCHER):
        install_random(models, name)
    return models


@pytest.fixture(scope="module")
def captioner(models: Path) -> TorchCaptioner:
    return TorchCaptioner(models / CAPTIONER, model="small@1", batch=5)


@pytest.fixture(scope="module")
def reference(models: Path) -> Any:
    from transformers import BlipForConditionalGeneration

    return BlipForConditionalGeneration.from_pretrained(models / CAPTIONER).eval()


def _pixels(*indices: int) -> Any:
    import numpy as np
    import torch

    return torch.from_numpy(np.concatenate([preprocess(_PICTURES[index], _SIDE) for index in indices]))


def _ids(models: Path, text: str) -> Any:
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(models / CAPTIONER)(text, return_tensors="pt").input_ids


def _generated(reference: Any, models: Path, index: int, prompt: str = "", **options: Any) -> Any:
    import torch

    ids = _ids(models, prompt) if prompt else torch.tensor([[0, 102]])
    with torch.inference_mode():
        return reference.generate(
            pixel_values=_pixels(index),
            input_ids=ids,
            max_new_tokens=30,
            do_sample=False,
            return_dict_in_generate=True,
            output_logits=True,
            **options,
        )


@pytest.mark.parametrize(("prompt", "count"), [("", 32), (_PROMPT, 8)])
def test_the_tokens_are_those_of_generate(
    captioner: TorchCaptioner, reference: Any, models: Path, prompt: str, count: int
) -> None:
    import torch

    captions = finish(captioner.caption(finish(captioner.see(_PICTURES[:count])), prompt=prompt))

    lengths = set()
    for index, caption in enumerate(captions):
        made = _generated(reference, models, index, prompt)
        expected = made.sequences[0].tolist()
        given = len(expected) - len(made.logits)
        if list(caption.token_ids) != expected:
            at = next(
                at
                for at, pair in enumerate(zip(expected, caption.token_ids, strict=False))
                if len(set(pair)) > 1
            )
            scores = made.logits[at - given][0]
            assert scores[expected[at]] - scores[caption.token_ids[at]] < _TIE
            continue
        steps = torch.cat(made.logits).log_softmax(-1)
        chosen = steps.gather(1, made.sequences[0][given:, None]).mean().item()
        assert caption.mean_log_probability == pytest.approx(chosen, abs=1e-3)
        lengths.add(len(expected))
    # Else the checkpoint is degenerate and the equality means little.
    assert len({caption.token_ids for caption in captions}) > count // 2
    assert len(lengths) > 2


def test_a_caption_does_not_depend_on_its_company(captioner: TorchCaptioner) -> None:
    together = finish(captioner.caption(finish(captioner.see(_PICTURES[:5]))))
    alone = [finish(captioner.caption(finish(captioner.see([picture]))))[0] for picture in _PICTURES[:5]]

    assert [caption.token_ids for caption in together] == [caption.token_ids for caption in alone]
    assert captioner.model == together[0].model == "small@1"


def test_beams_are_those_of_generate(captioner: TorchCaptioner, reference: Any, models: Path) -> None:
    for index in range(3):
        expected = _generated(reference, models, index, num_beams=3).sequences[0].tolist()

        (caption,) = finish(captioner.caption(finish(captioner.see([_PICTURES[index]])), beams=3))

        assert list(caption.token_ids) == expected


def test_answers_are_those_of_generate(models: Path) -> None:
    import torch
    from transformers import BlipForQuestionAnswering

    reference = BlipForQuestionAnswering.from_pretrained(models / ANSWERER).eval()
    answerer = TorchAnswerer(models / ANSWERER, model="small@1")
    seen = finish(answerer.see(_PICTURES[:6]))
    for index, features in enumerate(seen):
        for question in _QUESTIONS:
            with torch.inference_mode():
                made = reference.generate(
                    input_ids=_ids(models, question),
                    pixel_values=_pixels(index),
                    max_new_tokens=30,
                    do_sample=False,
                    return_dict_in_generate=True,
                    output_logits=True,
                )

            answer = finish(answerer.answer(features, question))

            assert list(answer.token_ids) == made.sequences[0].tolist()
            steps = torch.cat(made.logits).log_softmax(-1)
            total = steps.gather(1, made.sequences[0][1:, None]).sum().exp().item()
            assert answer.probability == pytest.approx(total, rel=1e-2, abs=1e-6)


def test_matches_are_those_of_transformers(models: Path) -> None:
    import torch
    from transformers import BlipForImageTextRetrieval

    reference = BlipForImageTextRetrieval.from_pretrained(models / MATCHER).eval()
    matcher = TorchMatcher(models / MATCHER, model="small@1")
    for index in range(6):
        (features,) = finish(matcher.see([_PICTURES[index]]))
        for sentence in ("a dog on the beach", "the photo"):
            inputs = {"input_ids": _ids(models, sentence), "pixel_values": _pixels(index)}
            with torch.inference_mode():
                head = reference(**inputs).itm_score.softmax(-1)[0, 1].item()
                cosine = reference(**inputs, use_itm_head=False).itm_score.item()

            match = finish(matcher.match(features, sentence))

            assert match.probability == pytest.approx(head, abs=1e-4)
            assert match.cosine == pytest.approx(cosine, abs=1e-4)


def test_work_is_handed_back_between_its_steps(captioner: TorchCaptioner) -> None:
    steps = sum(1 for _ in captioner.see(_PICTURES[:1]))
    features = finish(captioner.see(_PICTURES[:1]))
    words = sum(1 for _ in captioner.caption(features))

    (caption,) = finish(captioner.caption(features))
    assert steps >= 1
    assert words >= len(caption.token_ids) - 2


class Narrow(TorchCaptioner):
    """A captioner on a device whose memory holds so many pictures at once."""

    def __init__(self, folder: Path, *, holds: int) -> None:
        super().__init__(folder, model="small@1", batch=8)
        self.holds = holds
        self.taken: list[int] = []
        self.is_held: Callable[[], object] = lambda: None

    def _let_go(self) -> None:
        assert self.is_held() is None  # else there is nothing to give back
        super()._let_go()

    def _see(self, pictures: Sequence[Pixels]) -> Steps[list[Seen]]:
        import torch

        self.taken.append(len(pictures))
        half_done = torch.zeros(1)
        self.is_held = weakref.ref(half_done)
        if len(pictures) > self.holds:
            raise torch.OutOfMemoryError
        return (yield from super()._see(pictures))


def test_where_memory_is_small_fewer_pictures_are_taken_together(models: Path) -> None:
    captioner = Narrow(models / CAPTIONER, holds=3)

    seen = finish(captioner.see(_PICTURES[:10]))

    assert captioner.taken == [8, 4, 2, 2, 2, 2, 2]
    assert captioner.batch == 2
    assert [caption.token_ids for caption in finish(captioner.caption(seen))] == [
        caption.token_ids for caption in finish(captioner.caption(finish(captioner.see(_PICTURES[:10]))))
    ]


def test_memory_that_holds_not_one_picture_is_told(models: Path) -> None:
    with pytest.raises(DeviceFullError):
        finish(Narrow(models / CAPTIONER, holds=0).see(_PICTURES[:2]))


@pytest.mark.parametrize("side", [64, 128])
def test_another_resolution_is_transformers_interpolation(models: Path, reference: Any, side: int) -> None:
    import torch

    captioner = TorchCaptioner(models / CAPTIONER, model="small@1", side=side)
    (seen,) = finish(captioner.see(_PICTURES[:1]))

    pixels = torch.from_numpy(preprocess(_PICTURES[0], side))
    with torch.inference_mode():
        expected = reference.vision_model(pixels, interpolate_pos_encoding=True)[0]
    assert torch.allclose(seen.tokens, expected, atol=1e-3)


@pytest.mark.parametrize("name", [WEIGHTS, "config.json", "tokenizer.json"])
def test_a_file_that_cannot_be_read_is_a_damaged_model(models: Path, tmp_path: Path, name: str) -> None:
    copy = tmp_path / CAPTIONER
    shutil.copytree(models / CAPTIONER, copy)
    (copy / name).write_bytes((copy / name).read_bytes()[:100])

    with pytest.raises(ModelDamagedError):
        TorchCaptioner(copy, model="small@1")


def test_weights_that_lack_a_tensor_are_refused(models: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    copy = tmp_path / CAPTIONER
    shutil.copytree(models / CAPTIONER, copy)
    tensors = load_file(copy / WEIGHTS)
    del tensors["text_decoder.bert.encoder.layer.1.crossattention.self.key.weight"]
    save_file(tensors, copy / WEIGHTS, metadata={"format": "pt"})
    captioner = TorchCaptioner(copy, model="small@1")

    with pytest.raises(ModelDamagedError, match=r"lack text_decoder\.bert"):
        finish(captioner.caption(finish(captioner.see(_PICTURES[:1]))))


def test_weights_are_never_taken_from_a_pickle(
    models: Path, tmp_path: Path, published: dict[str, Path]
) -> None:
    copy = tmp_path / CAPTIONER
    shutil.copytree(models / CAPTIONER, copy)
    (copy / WEIGHTS).unlink()
    shutil.copy(published[CAPTIONER] / PICKLE, copy)

    with pytest.raises(ModelDamagedError):
        TorchCaptioner(copy, model="small@1")
