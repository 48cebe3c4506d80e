"""Our captions are transformers' own, token for token, and say how likely the model found them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from altaloud.errors import ModelDamagedError
from altaloud.vision.blip.pins import WEIGHTS
from altaloud.vision.blip.preprocess import preprocess
from altaloud.vision.blip.torch_blip import TorchCaptioner
from checkpoints import install_random


@dataclass(frozen=True)
class Pixels:
    columns: int
    rows: int
    pixels: bytes


def drawing(seed: int, columns: int = 300, rows: int = 200) -> Pixels:
    """Return coloured rectangles: unlike noise, they differ after shrinking."""
    random = np.random.default_rng(seed)
    page = np.full((rows, columns, 3), random.integers(0, 255, 3), np.uint8)
    for _ in range(20):
        top, left = random.integers(0, rows), random.integers(0, columns)
        page[top : top + rows // 3, left : left + columns // 4] = random.integers(0, 255, 3)
    return Pixels(columns, rows, page.tobytes())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install_random(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def captioner(folder: Path) -> TorchCaptioner:
    return TorchCaptioner(folder, model="small@1", device="cpu", max_threads=1)


@pytest.fixture(scope="module")
def reference(folder: Path) -> Any:
    from transformers import BlipForConditionalGeneration

    return BlipForConditionalGeneration.from_pretrained(folder).eval()


@pytest.mark.parametrize("prompt", ["", "a picture of", "the Dog, on beach"])
def test_the_tokens_are_those_of_generate(
    captioner: TorchCaptioner, reference: Any, folder: Path, prompt: str
) -> None:
    import torch
    from PIL import Image
    from transformers import AutoTokenizer
    from transformers.models.blip.image_processing_pil_blip import BlipImageProcessorPil

    tokenizer = AutoTokenizer.from_pretrained(folder)
    processor = BlipImageProcessorPil.from_pretrained(folder)
    seen, lengths = set(), set()
    for seed in range(12):
        picture = drawing(seed)
        image = Image.frombytes("RGB", (picture.columns, picture.rows), picture.pixels)
        inputs = processor(images=image, return_tensors="pt")
        if prompt:
            inputs |= tokenizer(prompt, return_tensors="pt", return_token_type_ids=False)
        with torch.inference_mode():
            expected = reference.generate(**inputs, max_new_tokens=30, do_sample=False)[0].tolist()

        caption = captioner.caption(picture, prompt)

        assert list(caption.token_ids) == expected
        whole = tokenizer.decode(expected, skip_special_tokens=True)
        assert whole.removeprefix("##").removeprefix(prompt.lower()).strip() == caption.text
        seen.add(caption.token_ids)
        lengths.add(len(caption.token_ids))
    # Else the checkpoint is degenerate and the equality means little.
    assert len(seen) > 8
    assert len(lengths) > 2


def test_the_likelihood_is_the_mean_over_the_chosen_tokens(captioner: TorchCaptioner, reference: Any) -> None:
    import torch

    for seed, prompt in ((1, ""), (2, ""), (1, "a picture of")):
        picture = drawing(seed)
        caption = captioner.caption(picture, prompt)
        begun = 1 + len(prompt.split())
        ids = torch.tensor([caption.token_ids])
        with torch.inference_mode():
            pixels = torch.from_numpy(preprocess(picture, reference.config.vision_config.image_size))
            features = reference.vision_model(pixels)[0]
            # The whole sentence at once, where the captioner went token by token.
            logits = reference.text_decoder(input_ids=ids, encoder_hidden_states=features).logits
        steps = logits[0, begun - 1 : -1].log_softmax(-1)  # (new tokens, vocabulary)
        expected = steps.gather(1, ids[0, begun:, None]).mean().item()

        assert caption.mean_log_probability == pytest.approx(expected, abs=1e-4)
        assert caption.mean_log_probability < 0


def test_a_caption_ends_even_if_the_model_does_not_end_it(captioner: TorchCaptioner) -> None:
    lengths = {len(captioner.caption(drawing(seed)).token_ids) for seed in range(12)}

    assert max(lengths) == 31  # the start marker and 30 more


def test_the_same_picture_gets_the_same_caption(captioner: TorchCaptioner) -> None:
    assert captioner.caption(drawing(3)) == captioner.caption(drawing(3))
    assert captioner.caption(drawing(3)).model == "small@1"


def test_weights_that_lack_a_tensor_are_refused(folder: Path, tmp_path: Path) -> None:
    import shutil

    from safetensors.torch import load_file, save_file

    copy = tmp_path / "caption-base"
    shutil.copytree(folder, copy)
    tensors = load_file(copy / WEIGHTS)
    del tensors["text_decoder.bert.encoder.layer.1.crossattention.self.key.weight"]
    save_file(tensors, copy / WEIGHTS, metadata={"format": "pt"})

    with pytest.raises(ModelDamagedError, match="lack 1 tensor"):
        TorchCaptioner(copy, model="small@1")


@pytest.mark.parametrize("name", [WEIGHTS, "config.json", "tokenizer.json"])
def test_a_file_that_cannot_be_read_is_a_damaged_model(folder: Path, tmp_path: Path, name: str) -> None:
    import shutil

    copy = tmp_path / "caption-base"
    shutil.copytree(folder, copy)
    (copy / name).write_bytes((copy / name).read_bytes()[:100])

    with pytest.raises(ModelDamagedError):
        TorchCaptioner(copy, model="small@1")


def test_weights_are_never_taken_from_a_pickle(
    folder: Path, tmp_path: Path, published: dict[str, Path]
) -> None:
    import shutil

    copy = tmp_path / "caption-base"
    shutil.copytree(folder, copy)
    (copy / WEIGHTS).unlink()
    shutil.copy(published["caption-base"] / "pytorch_model.bin", copy)

    with pytest.raises(ModelDamagedError):
        TorchCaptioner(copy, model="small@1")
