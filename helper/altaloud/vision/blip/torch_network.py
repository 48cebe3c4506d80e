"""BLIP's layers in torch, for GPUs: the same code runs on a processor, where it is tested.

Nothing of transformers is needed, which would add seconds to a start. Attention is torch's fused one. The
tensors' names are the checkpoint's.

Model: Li et al. 2022, "BLIP: Bootstrapping Language-Image Pre-training for Unified
Vision-Language Understanding and Generation", https://arxiv.org/abs/2201.12086
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from altaloud.vision.blip.runtime import Steps
from altaloud.vision.blip.vision_graphs import positions
from altaloud.vision.blip.weights import Checkpoint

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    Pair = tuple[Tensor, Tensor]  # keys and values, (pictures, heads, tokens, size)

ROOM = 64  # words that a decoder remembers: a prompt and what is written after it
_LAYERS_A_STEP = 3  # of the vision tower: a more wanted question may go first after so many


class _Part:
    """What every part has: the tensors, on their device."""

    def __init__(self, checkpoint: Checkpoint, device: "torch.device", dtype: "torch.dtype") -> None:
        self.checkpoint = checkpoint
        self.device = device
        self.dtype = dtype
        self._held: dict[str, Tensor] = {}

    def tensor(self, name: str) -> "Tensor":
        """Return one tensor, loaded when it is first needed."""
        import torch

        if name not in self._held:
            values = torch.tensor(self.checkpoint.tensor(name))
            self._held[name] = values.to(device=self.device, dtype=self.dtype)
        return self._held[name]

    def linear(self, x: "Tensor", name: str) -> "Tensor":
        """Apply weight and bias."""
        from torch.nn import functional

        return functional.linear(x, self.tensor(f"{name}.weight"), self.tensor(f"{name}.bias"))

    def norm(self, x: "Tensor", name: str, epsilon: float) -> "Tensor":
        """Normalise each token."""
        from torch.nn import functional

        weight, bias = self.tensor(f"{name}.weight"), self.tensor(f"{name}.bias")
        return functional.layer_norm(x, weight.shape, weight, bias, epsilon)

    def split(self, x: "Tensor", heads: int) -> "Tensor":
        """(pictures, tokens, width) -> (pictures, heads, tokens, size)."""
        return x.view(*x.shape[:-1], heads, x.shape[-1] // heads).transpose(1, 2)


def _attend(query: "Tensor", key: "Tensor", value: "Tensor") -> "Tensor":
    """Return (pictures, tokens, width)."""
    from torch.nn import functional

    return functional.scaled_dot_product_attention(query, key, value).transpose(1, 2).flatten(2)


class Vision(_Part):
    """The vision tower.

    Args:
        checkpoint: Whose it is.
        device: Where to compute.
        dtype: In which numbers.
        side: Of the square that pictures become, in pixels.
    """

    def __init__(
        self, checkpoint: Checkpoint, device: "torch.device", dtype: "torch.dtype", *, side: int
    ) -> None:
        super().__init__(checkpoint, device, dtype)
        import torch

        self._positions = torch.tensor(positions(checkpoint, side)).to(device=device, dtype=dtype)

    def see(self, pixels: "Tensor") -> Steps["Tensor"]:
        """(pictures, 3, side, side) -> (pictures, tokens, width), normalised."""
        import torch
        from torch.nn import functional

        shape, root = self.checkpoint.vision, "vision_model"
        patch = f"{root}.embeddings.patch_embedding"
        squares = functional.conv2d(
            pixels.to(device=self.device, dtype=self.dtype),
            self.tensor(f"{patch}.weight"),
            self.tensor(f"{patch}.bias"),
            stride=shape.patch,
        )
        whole = self.tensor(f"{root}.embeddings.class_embedding").expand(len(pixels), 1, -1)
        x = torch.cat([whole, squares.flatten(2).transpose(1, 2)], dim=1) + self._positions
        for layer in range(shape.layers):
            x = self._layer(x, f"{root}.encoder.layers.{layer}")
            if layer % _LAYERS_A_STEP == _LAYERS_A_STEP - 1:
                yield
        return self.norm(x, f"{root}.post_layernorm", shape.epsilon)

    def _layer(self, x: "Tensor", name: str) -> "Tensor":
        from torch.nn import functional

        shape = self.checkpoint.vision
        mixed = self.linear(self.norm(x, f"{name}.layer_norm1", shape.epsilon), f"{name}.self_attn.qkv")
        query, key, value = (self.split(part, shape.heads) for part in mixed.chunk(3, dim=-1))
        x = x + self.linear(_attend(query, key, value), f"{name}.self_attn.projection")
        inner = functional.gelu(
            self.linear(self.norm(x, f"{name}.layer_norm2", shape.epsilon), f"{name}.mlp.fc1")
        )
        return x + self.linear(inner, f"{name}.mlp.fc2")


class Text(_Part):
    """The text encoder, or the decoder's layers below its vocabulary.

    Args:
        checkpoint: Whose it is.
        device: Where to compute.
        dtype: In which numbers.
        root: Before the tensors' names, "text_encoder" or "text_decoder.bert".
    """

    def __init__(
        self, checkpoint: Checkpoint, device: "torch.device", dtype: "torch.dtype", *, root: str
    ) -> None:
        super().__init__(checkpoint, device, dtype)
        self._root = root

    def keys_of(self, looked_at: "Tensor") -> "list[Pair]":
        """Return for each layer the keys and values of (pictures, tokens, width)."""
        heads = self.checkpoint.text.heads
        made = []
        for layer in range(self.checkpoint.text.layers):
            name = f"{self._root}.encoder.layer.{layer}.crossattention.self"
            key, value = (
                self.split(self.linear(looked_at, f"{name}.{kind}"), heads) for kind in ("key", "value")
            )
            made.append((key, value))
        return made

    def embed(self, ids: "Tensor", first_place: int) -> "Tensor":
        """(pictures, words) -> (pictures, words, width)."""
        from torch.nn import functional

        name = f"{self._root}.embeddings"
        words = functional.embedding(ids, self.tensor(f"{name}.word_embeddings.weight"))
        places = self.tensor(f"{name}.position_embeddings.weight")[first_place : first_place + ids.shape[1]]
        return self.norm(words + places, f"{name}.LayerNorm", self.checkpoint.text.epsilon)

    def layer(
        self, x: "Tensor", layer: int, cross: "Pair | None", past: "Pair | None" = None, first_place: int = 0
    ) -> "Tensor":
        """Return one layer's output.

        Args:
            x: (pictures, words, width). With `past` one word, which looks at those before it; else every word
                looks at every other.
            layer: Its number.
            cross: What all words look at, of `keys_of`; None looks at nothing.
            past: Keys and values of the words so far, of `Decoder.room`, to which this one's are added.
            first_place: How many words there are before.
        """
        name, heads = f"{self._root}.encoder.layer.{layer}", self.checkpoint.text.heads
        query, key, value = (
            self.split(self.linear(x, f"{name}.attention.self.{part}"), heads)
            for part in ("query", "key", "value")
        )
        if past is not None:
            place = slice(first_place, first_place + 1)
            past[0][:, :, place], past[1][:, :, place] = key, value
            key, value = past[0][:, :, : place.stop], past[1][:, :, : place.stop]
        x = self._add(x, _attend(query, key, value), f"{name}.attention.output")
        if cross is not None:
            asked = self.split(self.linear(x, f"{name}.crossattention.self.query"), heads)
            x = self._add(x, _attend(asked, *cross), f"{name}.crossattention.output")
        return self._think(x, name)

    def read(self, ids: "Tensor", cross: "Sequence[Pair | None]") -> "Tensor":
        """(pictures, words) -> (pictures, words, width): all words look at each other and at `cross`."""
        x = self.embed(ids, 0)
        for layer in range(self.checkpoint.text.layers):
            x = self.layer(x, layer, cross[layer])
        return x

    def _add(self, x: "Tensor", made: "Tensor", name: str) -> "Tensor":
        return self.norm(
            self.linear(made, f"{name}.dense") + x, f"{name}.LayerNorm", self.checkpoint.text.epsilon
        )

    def _think(self, x: "Tensor", name: str) -> "Tensor":
        from torch.nn import functional

        return self._add(x, functional.gelu(self.linear(x, f"{name}.intermediate.dense")), f"{name}.output")


class Decoder(Text):
    """Writes sentences: reads one word of each and says what may come next."""

    def __init__(self, checkpoint: Checkpoint, device: "torch.device", dtype: "torch.dtype") -> None:
        super().__init__(checkpoint, device, dtype, root="text_decoder.bert")

    def room(self, pictures: int) -> "list[Pair]":
        """Return for each layer the keys and values of no word yet: made once, and filled word by word."""
        import torch

        shape = self.checkpoint.text
        size = (pictures, shape.heads, ROOM, shape.width // shape.heads)
        made = [torch.empty(size, device=self.device, dtype=self.dtype) for _ in range(2 * shape.layers)]
        return list(zip(made[::2], made[1::2], strict=True))

    def step(self, words: "Tensor", count: int, past: "Sequence[Pair]", cross: "Sequence[Pair]") -> "Tensor":
        """Read the next word of each sentence, (pictures); return the scores of what may follow.

        Args:
            words: int64, one a picture.
            count: Of the words before.
            past: Of `room`.
            cross: Of `keys_of`, what is looked at.

        Returns:
            float32, (pictures, vocabulary), before the softmax.
        """
        from torch.nn import functional

        epsilon, head = self.checkpoint.text.epsilon, "text_decoder.cls.predictions"
        x = self.embed(words[:, None], count)
        for layer in range(self.checkpoint.text.layers):
            x = self.layer(x, layer, cross[layer], past[layer], count)
        x = functional.gelu(self.linear(x, f"{head}.transform.dense"))
        x = self.norm(x, f"{head}.transform.LayerNorm", epsilon)
        return self.linear(x, f"{head}.decoder")[:, 0].float()
