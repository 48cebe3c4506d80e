"""The student: a stock `BlipForConditionalGeneration` of 4 M parameters, and its linear head.

Stock, so that it goes through the very loading, conversion and engine code of the full model. A transformer
this small learns little from so few minutes by itself; it starts from weights with structure (local
frequencies, places, attention that keeps a token to itself) and is shown by the teacher what to see.
"""

import math
from typing import Any

import torch
from torch import Tensor, nn

from altaloud.training.classes import Classes
from altaloud.vision.starter_input import SIDE

WIDTH = 192
PATCH = 8
_LAYERS, _HEADS = 6, 3
_MARKERS = ("[PAD]", "[UNK]", "[BOS]", "[SEP]")
_PAD, _BEGIN, _END = 0, 2, 3
# transformers 5.23 has 1e-10 here by default, with which a fresh vision tower is dead and learns nothing.
_INITIALIZER_RANGE = 0.02


class Words:
    """The word vocabulary of the decoder's sentences."""

    def __init__(self, classes: Classes) -> None:
        sentences = [classes.sentence(index).split() for index in range(classes.count)]
        self.words = [*_MARKERS, *sorted({word for sentence in sentences for word in sentence})]
        number = {word: i for i, word in enumerate(self.words)}
        longest = max(map(len, sentences)) + 2
        # int64 (classes, longest): begin, the words, end, padding
        self.ids = torch.full((classes.count, longest), _PAD)
        for index, sentence in enumerate(sentences):
            ids = [_BEGIN, *(number[word] for word in sentence), _END]
            self.ids[index, : len(ids)] = torch.tensor(ids)


def blip_config(words: Words) -> Any:
    """Return the stock configuration at this model's size."""
    from transformers import BlipConfig

    vision = {
        "hidden_size": WIDTH,
        "intermediate_size": 4 * WIDTH,
        "num_hidden_layers": _LAYERS,
        "num_attention_heads": _HEADS,
        "image_size": SIDE,
        "patch_size": PATCH,
        "initializer_range": _INITIALIZER_RANGE,
        "projection_dim": WIDTH,
    }
    text = {
        "vocab_size": len(words.words),
        "hidden_size": WIDTH,
        "encoder_hidden_size": WIDTH,
        "intermediate_size": 4 * WIDTH,
        "num_hidden_layers": 2,
        "num_attention_heads": _HEADS,
        "max_position_embeddings": 16,
        "projection_dim": WIDTH,
        "pad_token_id": _PAD,
        "bos_token_id": _BEGIN,
        "eos_token_id": _END,
        "sep_token_id": _END,
        "attention_probs_dropout_prob": 0.0,
        "hidden_dropout_prob": 0.0,
        "initializer_range": _INITIALIZER_RANGE,
    }
    return BlipConfig(
        vision_config=vision, text_config=text, projection_dim=WIDTH, image_text_hidden_size=WIDTH,
        initializer_range=_INITIALIZER_RANGE,
    )  # fmt: skip


class Student(nn.Module):
    """The stock model and a linear head on the mean of its vision tokens."""

    def __init__(self, classes: Classes) -> None:
        from transformers import BlipForConditionalGeneration

        super().__init__()
        self.words = Words(classes)
        self.blip = BlipForConditionalGeneration(blip_config(self.words))
        self.head = nn.Linear(WIDTH, classes.count)

    def tokens(self, pictures: Tensor, kept: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Return the fourth layer's and the last tokens: (pictures, 1 + 64, WIDTH) each.

        With `kept`, int64 (pictures, k), only those patches are looked at, which is quicker: (.., 1 + k, ..).
        """
        tower = self.blip.vision_model
        tokens, middle = tower.embeddings(pictures), None
        if kept is not None:
            chosen = torch.cat([torch.zeros_like(kept[:, :1]), kept + 1], dim=1)
            tokens = tokens.gather(1, chosen[:, :, None].expand(-1, -1, WIDTH))
        for number, layer in enumerate(tower.encoder.layers):
            tokens = layer(tokens)
            if isinstance(tokens, tuple):
                tokens = tokens[0]
            if number == 3:
                middle = tokens
        assert middle is not None  # noqa: S101  # six layers, so there is a fourth
        return middle, tower.post_layernorm(tokens)

    def forward(self, pictures: Tensor) -> Tensor:
        """Return class scores by the head: (pictures, classes)."""
        scores: Tensor = self.head(self.tokens(pictures)[1][:, 1:].mean(dim=1))
        return scores

    def sentence_scores(self, tokens: Tensor, classes: Tensor) -> tuple[Tensor, Tensor]:
        """Return the decoder's scores of every next word, and the words that should follow (0 is padding)."""
        ids = self.words.ids[classes]
        mask = (ids != _PAD).long()
        scores = self.blip.text_decoder(
            input_ids=ids, attention_mask=mask, encoder_hidden_states=tokens
        ).logits
        return scores[:, :-1], ids[:, 1:]


@torch.no_grad()
def give_structure(student: Student, pictures: Tensor) -> None:
    """Start the vision tower from structure instead of noise.

    Patches become rotated cosine frequencies, scaled on `pictures`; places are sines (Vaswani et al. 2017);
    attention starts near identity (Trockman and Kolter 2023, https://arxiv.org/abs/2305.09828).
    """
    tower = student.blip.vision_model
    patch = tower.embeddings.patch_embedding
    frequencies = _frequencies()
    patch.weight.copy_(frequencies)
    patch.bias.zero_()
    turn, _ = torch.linalg.qr(torch.randn(WIDTH, WIDTH))
    spread = patch(pictures).std().item()
    patch.weight.copy_(torch.einsum("ij,jabc->iabc", turn, frequencies) * 0.5 / spread)
    tower.embeddings.position_embedding[0, 1:] = _places() * 0.5
    tower.embeddings.position_embedding[0, 0] = 0
    nn.init.trunc_normal_(tower.embeddings.class_embedding, std=0.3)
    for layer in tower.encoder.layers:
        _mimetic(layer.self_attn)
        nn.init.trunc_normal_(layer.mlp.fc1.weight, std=0.03)
        nn.init.trunc_normal_(layer.mlp.fc2.weight, std=0.02)


def _frequencies() -> Tensor:
    """Return the cosine transform of a patch, in grey and two colour contrasts: (WIDTH, 3, PATCH, PATCH)."""
    wave = torch.tensor(
        [
            [
                math.cos(math.pi * (i + 0.5) * u / PATCH) * math.sqrt((1 if u == 0 else 2) / PATCH)
                for i in range(PATCH)
            ]
            for u in range(PATCH)
        ]
    )
    channels = torch.tensor([[0.577, 0.577, 0.577], [0.707, -0.707, 0.0], [0.408, 0.408, -0.816]])
    kernels = [
        channels[c][:, None, None]
        * (wave[u][:, None] * wave[v][None])
        * (math.sqrt(0.25 + u * u + v * v) * (0.5 if c == 0 else 1.0))
        for c in range(3)
        for u in range(PATCH)
        for v in range(PATCH)
    ]
    return torch.stack(kernels)


def _places() -> Tensor:
    """Return sines and cosines of each patch's row and column: (patches, WIDTH)."""
    quarter = WIDTH // 4
    speeds = 1 / (100 ** (torch.arange(quarter) / quarter))
    along = SIDE // PATCH
    places = [divmod(i, along) for i in range(along * along)]
    return torch.stack(
        [
            torch.cat([(r * speeds).sin(), (r * speeds).cos(), (c * speeds).sin(), (c * speeds).cos()])
            for r, c in places
        ]
    )


def _mimetic(attention: Any) -> None:
    """Start one attention near identity in what it compares, and near its negative in what it passes on."""
    noise, one = torch.randn(WIDTH, WIDTH) / math.sqrt(WIDTH), torch.eye(WIDTH)
    size, weight = WIDTH // _HEADS, attention.qkv.weight
    for head in range(_HEADS):
        noise = torch.randn(WIDTH, WIDTH) / math.sqrt(WIDTH)
        left, values, right = torch.linalg.svd(0.7 * noise + 0.5 * one)
        root = values[:size].sqrt()[:, None] * 0.8
        weight[head * size : (head + 1) * size] = root * left[:, :size].T
        weight[WIDTH + head * size : WIDTH + (head + 1) * size] = root * right[:size]
    left, values, right = torch.linalg.svd(0.4 * noise - 0.4 * one)
    weight[2 * WIDTH :] = values.sqrt()[:, None] * left.T
    attention.projection.weight.copy_(right.T * values.sqrt()[None])
