"""How far each precision is off where words are sure, as a trained network's are and a random one's are not.

On a full-size network that was taught some sentences, see `teaching.py`, in every precision, and in what
`fast` is on a processor with instructions for bytes, emulated.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from altaloud.vision.blip import conversion
from altaloud.vision.blip.pins import CAPTIONER
from altaloud.vision.blip.preprocess import preprocess
from benchmarks.blip_figures import _PRECISIONS, _captioner, _errors, _reference, _relative
from benchmarks.emulated import round_to_bytes
from benchmarks.engine_figures import FULL_SIZE
from benchmarks.result import Result
from checkpoints import install, install_random
from trained.shapes import Scene, scene

_TAUGHT, _UNSEEN = 32, 8  # pictures

Expected = tuple[Any, list[int], Any]  # features, words, the scores of each step


def sure(folder: Path) -> Iterator[Result]:
    """Teach, convert, and measure on the pictures that were taught and on others."""
    from transformers import AutoTokenizer

    from benchmarks.teaching import teach

    model = install_random(folder / "random", CAPTIONER, **FULL_SIZE)
    network = _reference(model)
    scenes = [scene(seed) for seed in range(_TAUGHT + _UNSEEN)]
    features = [_features(network, each) for each in scenes]
    tokenizer = AutoTokenizer.from_pretrained(model)
    teach(network, tokenizer, features[:_TAUGHT], scenes[:_TAUGHT])
    weights = network.state_dict()
    taught = install(folder / "taught", CAPTIONER, lambda other: other.load_state_dict(weights), FULL_SIZE)
    conversion.ensure(taught)
    yield from measured(taught, network, scenes)


def measured(model: Path, network: Any, scenes: Sequence[Scene]) -> Iterator[Result]:
    """Measure every precision; `network` is the same in float32, and good for nothing afterwards."""
    expected = [_expected(network, each) for each in scenes]
    means = [float(_chosen(logits, ids).mean()) for _, ids, logits in expected]
    yield Result("sure words, mean log-probability, least", min(means), "nats")
    yield Result("sure words, mean log-probability, most", max(means), "nats")
    for precision in _PRECISIONS:
        captioner = _captioner(model, precision, 2)
        yield from _worst(
            precision,
            [_errors(captioner, each.drawing, pair) for each, pair in zip(scenes, expected, strict=True)],
        )
        del captioner
    round_to_bytes(network)
    yield from _worst(
        "fast with bytes for all, emulated",
        [_emulated_errors(network, each, pair) for each, pair in zip(scenes, expected, strict=True)],
    )


def _worst(name: str, errors: Sequence[tuple[float, ...]]) -> Iterator[Result]:
    names = ("features", "first scores", "mean log-probability, in nats", "words that differ")
    for what, worst in zip(names, np.max(errors, axis=0).tolist(), strict=True):
        yield Result(f"sure words, error of {name}, {what}", worst, f"of {len(errors)} pictures the worst")


def _features(network: Any, shown: Scene) -> Any:
    import torch

    with torch.no_grad():
        return network.vision_model(torch.from_numpy(preprocess(shown.drawing, FULL_SIZE["side"])))[0]


def _expected(network: Any, shown: Scene) -> Expected:
    import torch

    features = _features(network, shown)
    begin = network.config.text_config.bos_token_id
    with torch.inference_mode():
        made = network.text_decoder.generate(
            input_ids=torch.tensor([[begin]]), encoder_hidden_states=features, do_sample=False,
            max_new_tokens=30, eos_token_id=network.config.text_config.sep_token_id, pad_token_id=0,
            return_dict_in_generate=True, output_logits=True,
        )  # fmt: skip
    return features.numpy(), made.sequences[0].tolist(), torch.cat(made.logits).numpy()


def _chosen(logits: Any, ids: Sequence[int]) -> Any:
    """Return the log-probability of each word after the first, of the scores of its step."""
    import torch

    return torch.from_numpy(logits).log_softmax(-1).gather(1, torch.tensor(ids[1:])[:, None]).numpy()


def _emulated_errors(network: Any, shown: Scene, expected: Expected) -> tuple[float, ...]:
    import torch

    features, ids, logits = expected
    ours = _features(network, shown)
    with torch.inference_mode():
        scores = network.text_decoder(
            input_ids=torch.tensor([ids[:-1]]), encoder_hidden_states=ours
        ).logits[0].numpy()  # fmt: skip
    return (
        _relative(ours.numpy(), features),
        _relative(scores[0] - scores[0].mean(), logits[0] - logits[0].mean()),
        float(abs(_chosen(scores, ids).mean() - _chosen(logits, ids).mean())),
        float((scores.argmax(1) != logits.argmax(1)).sum()),
    )
