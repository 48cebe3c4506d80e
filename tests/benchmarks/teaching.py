"""A full-size random network taught a few sentences in minutes, so that its words are sure.

The published weights cannot be had here, and random ones choose among words that are as likely as each other.
Taught are the decoder's last layers, on pictures of shapes, until words are as sure as a captioner's:
a quarter of a nat is missing to certainty. The looking half stays random, and so do keys and values.
"""

import sys
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from trained.shapes import Scene, sentence, words

_WAYS = 4  # of saying what a picture shows
_LONGEST = 20  # words
_LAYERS = 3  # that are taught
_BATCH = 8
_RATE = 3e-4
_STEPS = 1_500  # at most
_SURE, _OVER = 0.25, 20  # nats a word, over the last so many steps
_UNLIKELY = -12.0  # bias of a word that no sentence has


def teach(network: Any, tokenizer: Any, features: Sequence[Tensor], scenes: Sequence[Scene]) -> None:
    """Teach `network`, of transformers, what to say of `scenes`, whose vision features are given.

    What the layers before the last make of a sentence beside its picture stays as it is, and is made once.
    """
    decoder, random, began = network.text_decoder, np.random.default_rng(0), time.monotonic()
    torch.manual_seed(0)
    _begin_small(decoder)
    ids = _sentences(network.config.text_config.bos_token_id, tokenizer, scenes, random)
    known = torch.tensor(sorted({0, *tokenizer(" ".join(words())).input_ids[1:]}))
    row = torch.zeros(len(decoder.cls.predictions.bias), dtype=torch.long)
    row[known] = torch.arange(len(known))
    mask = torch.full((_LONGEST, _LONGEST), -1e9).triu(1)[None, None]  # nothing looks at what comes after it
    first, last = decoder.bert.encoder.layer[:-_LAYERS], decoder.bert.encoder.layer[-_LAYERS:]
    network.requires_grad_(False)
    read = [
        _through(first, decoder.bert.embeddings(each), seen, mask)
        for each, seen in zip(ids, features, strict=True)
    ]
    looking = [_Kept(layer.crossattention.self, features) for layer in last]
    learning = [
        parameter.requires_grad_(True)
        for part in (last, decoder.cls.predictions.transform)
        for parameter in part.parameters()
    ]
    predictions = decoder.cls.predictions
    matrix = predictions.decoder.weight[known]  # which also reads the words, so it stays as it is
    optimiser = torch.optim.AdamW(learning, lr=_RATE, weight_decay=0.01)
    losses: list[float] = []
    while len(losses) < _STEPS and (len(losses) < _OVER or np.mean(losses[-_OVER:]) > _SURE):
        picked, ways = random.permutation(len(scenes))[:_BATCH], random.integers(0, _WAYS, _BATCH)
        for each in looking:
            each.turn_to(picked)
        given = torch.stack([read[picture][way] for picture, way in zip(picked, ways, strict=True)])
        made = (
            predictions.transform(_through(last, given, features[0].expand(_BATCH, -1, -1), mask)) @ matrix.T
        )
        wanted = row[ids[picked, ways]]
        loss = nn.functional.cross_entropy(
            made[:, :-1].flatten(0, 1), wanted[:, 1:].flatten(), ignore_index=0
        )
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(learning, 1.0)
        optimiser.step()
        losses.append(loss.item())
        if len(losses) % 20 == 0:
            told = f"{len(losses)} steps, {losses[-1]:.2f} nats a word, {time.monotonic() - began:.0f} s"
            print(told, file=sys.stderr, flush=True)
    for each in looking:
        each.put_back()
    with torch.no_grad():
        predictions.bias.fill_(_UNLIKELY)
        predictions.bias[known] = 0.0
        predictions.decoder.bias.copy_(predictions.bias)


class _Kept:
    """Keys and values of a layer that are made once, and stand for the layers that made them."""

    def __init__(self, attention: Any, features: Sequence[Tensor]) -> None:
        self._attention = attention
        self._makers = attention.key, attention.value
        self._made = [torch.cat([maker(each) for each in features]) for maker in self._makers]

    def turn_to(self, pictures: Any) -> None:
        self._attention.key, self._attention.value = (_Constant(made[pictures]) for made in self._made)

    def put_back(self) -> None:
        self._attention.key, self._attention.value = self._makers


class _Constant(nn.Module):
    def __init__(self, made: Tensor) -> None:
        super().__init__()
        self._made = made

    def forward(self, _given: Tensor) -> Tensor:
        return self._made


def _begin_small(decoder: Any) -> None:
    """Draw smaller weights, as BERT's were before it was trained, but for those that make keys and values.

    Behind a dozen layers of the random network's wilder ones no word is told from another.
    """
    with torch.no_grad():
        for name, parameter in decoder.named_parameters():
            if "crossattention.self.key" in name or "crossattention.self.value" in name:
                continue
            if parameter.dim() > 1:
                parameter.normal_(std=0.02 if "embeddings" in name else 0.01)
            else:
                parameter.fill_(1.0 if name.endswith("LayerNorm.weight") else 0.0)


def _sentences(begin: int, tokenizer: Any, scenes: Sequence[Scene], random: np.random.Generator) -> Tensor:
    """Return some ways to say what each scene shows: (scenes, ways, words), zeros after the end."""
    ids = torch.zeros(len(scenes), _WAYS, _LONGEST, dtype=torch.long)
    for picture, shown in enumerate(scenes):
        for way in range(_WAYS):
            said = [begin, *tokenizer(sentence(shown, random)).input_ids[1:]]
            ids[picture, way, : len(said)] = torch.tensor(said)
    return ids


def _through(layers: Any, x: Tensor, features: Tensor, mask: Tensor) -> Tensor:
    for layer in layers:
        x = layer(x, features, attention_mask=mask)
    return x
