"""Random BLIP checkpoints of the exact architecture, scaled down: every tensor's name, small shapes.

The published weights cannot be had where the tests run. The words of a random checkpoint mean nothing;
what is tested with it is the path: loading, converting, decoding, and equality with the reference.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from altaloud.vision.blip.convert import convert
from altaloud.vision.blip.digests import Record, sha256
from altaloud.vision.blip.pins import CAPTIONER, PICKLE, WEIGHTS, Pin, PinnedFile, load_pins

_SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]
_ENDINGS = ["", "n", "l", "r", "s", "t", "nd"]
_SPECIAL = {0: "[PAD]", 100: "[UNK]", 101: "[CLS]", 102: "[SEP]", 103: "[MASK]"}
_WORDS = ["a", "picture", "of", "photo", "the", "dog", "on", "beach", "with", "and"]
# Those of `trained/shapes.py`.
_WORDS += [
    "black",
    "blue",
    "green",
    "red",
    "white",
    "yellow",
    "circle",
    "cross",
    "disc",
    "square",
    "triangle",
]
_WORDS += ["big", "large", "small", "left", "right", "drawing", "ground"]
_ARCHITECTURES = {
    "caption": "BlipForConditionalGeneration",
    "answer": "BlipForQuestionAnswering",
    "match": "BlipForImageTextRetrieval",
}
_TASKS = {"caption-base": "caption", "caption-large": "caption", "vqa-base": "answer", "itm-base": "match"}
Fill = Callable[[Any], None]  # gives a network's parameters their values
_SIZE = 30_522  # BERT's; the network has two more, the start markers, which are no words


def vocabulary() -> list[str]:
    """Return 30,522 word pieces: BERT's markers in their places, a few English words, then syllables."""
    fixed = {**_SPECIAL, **{1000 + index: word for index, word in enumerate(_WORDS)}}
    letters = [chr(code) for code in range(97, 123)] + list("0123456789.,'-?")
    fixed |= {1 + index: letter for index, letter in enumerate(letters) if letter != "a"}
    fixed |= {50 + index: f"##{letter}" for index, letter in enumerate(letters)}
    made = [one + two + ending for ending in _ENDINGS for one in _SYLLABLES for two in _SYLLABLES]
    # Every eighth piece continues a word, as in BERT's list about a fifth do.
    pieces = [("##" if index % 8 == 7 else "") + made[index] for index in range(_SIZE)]
    return [fixed.get(index, piece) for index, piece in enumerate(pieces)]


def write_checkpoint(
    folder: Path,
    *,
    task: str = "caption",
    seed: int = 0,
    hidden: int = 64,
    layers: int = 2,
    heads: int = 4,
    side: int = 96,
    seeing: int | None = None,
    fill: Fill | None = None,
) -> None:
    """Write what the hub publishes for a checkpoint: config, weights, tokenizer, preprocessing.

    `seeing` is the vision tower's width where it is another than the text side's, as in the large model.
    `fill` gives the network's parameters their values; without it they are drawn by `seed`.
    As published, the weights of the "answer" task are safetensors, those of "caption" and "match" a pickle.
    The published base model is `hidden=768, layers=12, heads=12, side=384`: a gigabyte.
    """
    import torch
    import transformers
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    config = configuration(hidden, layers, heads, side, seeing or hidden)
    config.architectures = [_ARCHITECTURES[task]]
    network = getattr(transformers, _ARCHITECTURES[task])(config).eval()
    with torch.no_grad():
        (fill or partial(_randomise, seed=seed))(network)
    # No key's storage is shared in the published file either way: what is tied is written twice.
    tensors = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    if task == "answer":
        save_file(tensors, folder / WEIGHTS, metadata={"format": "pt"})
    else:
        torch.save(tensors, folder / PICKLE)
    config.to_json_file(folder / "config.json")
    _write_tokenizer(folder)
    _write_json(
        folder / "preprocessor_config.json",
        {
            "do_normalize": True,
            "do_resize": True,
            "image_mean": [0.48145466, 0.4578275, 0.40821073],
            "image_std": [0.26862954, 0.26130258, 0.27577711],
            "image_processor_type": "BlipImageProcessor",
            "resample": 3,
            "size": {"height": side, "width": side},
        },
    )


def configuration(hidden: int, layers: int, heads: int, side: int, seeing: int) -> Any:
    """Return the published networks' configuration, at another size."""
    from transformers import BlipConfig

    shape = {
        "hidden_size": hidden,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,  # BlipTextConfig's own default is 8, the published checkpoint has 12
        "intermediate_size": 4 * hidden,
    }
    text = {
        **shape,
        "vocab_size": 30_524,
        "encoder_hidden_size": seeing,
        "projection_dim": hidden,
        "bos_token_id": 30_522,
        "sep_token_id": 102,
        "eos_token_id": 2,
        "pad_token_id": 0,
    }
    vision = {**shape, "hidden_size": seeing, "patch_size": 16, "image_size": side, "initializer_range": 0.02}
    return BlipConfig(text_config=text, vision_config=vision, projection_dim=hidden)


def _randomise(network: Any, seed: int) -> None:
    """Fill every parameter so that different pictures get different, unrepetitive sentences."""
    import torch

    generator = torch.Generator().manual_seed(seed)
    for name, parameter in network.named_parameters():
        noise = torch.randn(parameter.shape, generator=generator)
        if "norm" in name.lower() and name.endswith("weight"):
            parameter.copy_(1 + 0.2 * noise)
        elif "position" in name or "class_embedding" in name:
            parameter.copy_(0.1 * noise)
        elif parameter.dim() >= 2:
            parameter.copy_(noise / parameter[0].numel() ** 0.5)
        else:
            parameter.copy_(0.05 * noise)
    # Sharper, so that a token's probability is not always next to nothing; the end marker wins at times.
    if hasattr(network, "text_decoder"):
        predictions = network.text_decoder.cls.predictions
        predictions.decoder.weight *= 3
        predictions.decoder.bias[102] += 10


def _write_tokenizer(folder: Path) -> None:
    from tokenizers import BertWordPieceTokenizer

    words = vocabulary()
    (folder / "vocab.txt").write_text("\n".join(words) + "\n", "utf-8")
    BertWordPieceTokenizer(vocab={word: index for index, word in enumerate(words)}).save(
        str(folder / "tokenizer.json")
    )
    markers = {
        "cls_token": "[CLS]",
        "mask_token": "[MASK]",
        "pad_token": "[PAD]",
        "sep_token": "[SEP]",
        "unk_token": "[UNK]",
    }
    _write_json(folder / "special_tokens_map.json", markers)
    _write_json(
        folder / "tokenizer_config.json",
        {**markers, "do_lower_case": True, "model_max_length": 512, "tokenizer_class": "BertTokenizer"},
    )


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", "utf-8")


def pin_of(folder: Path, name: str = CAPTIONER, *, known: bool = True) -> Pin:
    """Return a pin of the checkpoint in `folder`, as the product's are; without digests unless `known`."""
    files = tuple(
        PinnedFile(path.name, path.stat().st_size, sha256(path))
        if known
        else PinnedFile(path.name, None, None)
        for path in sorted(folder.iterdir())
    )
    revision = "0123456789abcdef0123456789abcdef01234567"
    is_blip = any(path.name == "tokenizer.json" for path in folder.iterdir())
    return Pin(name, f"Somebody/{name}", revision, "BSD-3-Clause", files, is_blip)


def publish_random(folder: Path, name: str) -> Pin:
    """Write a random checkpoint as the hub would publish one of the product's; return its pin."""
    write_checkpoint(folder, task=_TASKS[name])
    ours = load_pins()[name]
    return replace(pin_of(folder, name), repository=ours.repository, revision=ours.revision)


def write_unopened(folder: Path) -> None:
    """Write a model whose files only travel: 8 MB of noise that needs no conversion and nothing opens."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text("{}\n", "utf-8")
    (folder / "vocab.txt").write_text("\n".join(vocabulary()) + "\n", "utf-8")
    (folder / WEIGHTS).write_bytes(Random(0).randbytes(8_000_000))  # noqa: S311 - noise, no secret


def install_random(models: Path, name: str = CAPTIONER, *, seed: int = 0, **sizes: int) -> Path:
    """Install a random checkpoint as one of the product's, without a download; return its folder.

    It speaks, in words that mean nothing. `altaloud models verify` says that it is damaged: its weights
    are not those that are pinned. `sizes` are those of `write_checkpoint`.
    """
    return install(models, name, partial(_randomise, seed=seed), sizes)


def install(models: Path, name: str, fill: Fill, sizes: Mapping[str, int]) -> Path:
    """Install a checkpoint whose weights `fill` gives, as `install_random` does."""
    pin = load_pins()[name]
    folder = models / name
    write_checkpoint(folder, task=_TASKS[name], seed=0, fill=fill, **sizes)
    if (folder / PICKLE).exists():
        convert(folder / PICKLE, folder / WEIGHTS)
        (folder / PICKLE).unlink()
    files = {path.name: {"bytes": path.stat().st_size, "sha256": sha256(path)} for path in folder.iterdir()}
    Record(pin.repository, pin.revision, files, converted_from=None).write(folder)
    return folder
