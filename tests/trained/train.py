"""Make the trained network's weights anew: `python tests/trained/train.py`, five minutes of one core."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

_SCENES = 6_000
_STEPS = 3_000
_BATCH = 32
_RATE = 2e-3  # at its highest
_SIDE = 96
_PLACES = 64  # for words


def train(target: Path) -> None:
    """Learn to say what is on the scenes, and write the weights, two bytes a number."""
    import torch

    from altaloud.vision.blip.preprocess import preprocess
    from trained.network import BEGIN, END, pieces
    from trained.shapes import scene, sentence

    torch.set_num_threads(1)
    torch.manual_seed(0)
    random = np.random.default_rng(1)
    network = _untrained(len(pieces()))
    row = {piece: index for index, piece in enumerate(pieces())}
    scenes = [scene(seed) for seed in range(_SCENES)]
    pixels = np.concatenate([preprocess(each.drawing, _SIDE) for each in scenes]).astype(np.float16)
    optimiser = torch.optim.AdamW(network.parameters(), lr=_RATE, weight_decay=0.02)
    rates = torch.optim.lr_scheduler.OneCycleLR(optimiser, _RATE, total_steps=_STEPS, pct_start=0.1)
    for step in range(_STEPS):
        picked = random.integers(0, _SCENES, _BATCH)
        said = [[BEGIN, *sentence(scenes[each], random).split(), END] for each in picked]
        loss = _loss(
            network, pixels[picked].astype(np.float32), [[row[word] for word in each] for each in said]
        )
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        rates.step()
        if step % 100 == 0:
            print(f"{step} of {_STEPS}: {loss.item():.3f} nats a word", file=sys.stderr, flush=True)
    learned = {name: value.detach().half().numpy() for name, value in network.named_parameters()}
    np.savez_compressed(target, allow_pickle=False, **learned)


def _untrained(vocabulary: int) -> Any:
    from transformers import BlipForConditionalGeneration

    from checkpoints import configuration

    shape = configuration(hidden=64, layers=2, heads=4, side=_SIDE, seeing=64)
    shape.text_config.vocab_size = vocabulary
    shape.text_config.max_position_embeddings = _PLACES
    return BlipForConditionalGeneration(shape).train()


def _loss(network: Any, pixels: Any, said: Sequence[Sequence[int]]) -> Any:
    """Return how unlikely what is said is, in nats a word."""
    import torch

    longest = max(map(len, said))
    ids = torch.tensor([[*each, *[0] * (longest - len(each))] for each in said])
    scores = network.text_decoder(
        input_ids=ids,
        attention_mask=(ids != 0).long(),
        encoder_hidden_states=network.vision_model(torch.from_numpy(pixels))[0],
    ).logits
    return torch.nn.functional.cross_entropy(
        scores[:, :-1].flatten(0, 1), ids[:, 1:].flatten(), ignore_index=0
    )


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from trained.network import WEIGHTS

    train(WEIGHTS)
