"""BLIP in torch: the way to a GPU. On a processor it is the same code, slower than OpenVINO's.

The imports happen in the classes, because torch takes seconds and hundreds of megabytes. Pictures are taken
together, as many as `batch` says; where memory is too small for that, half as many from then on. Neither CUDA
graphs nor torch.compile are used: compiling takes a minute and gigabytes, and what graphs gain on a GPU has
not been measured.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from altaloud.errors import DeviceFullError
from altaloud.vision.blip import decoding
from altaloud.vision.blip.caption import Caption
from altaloud.vision.blip.decoding import MAX_NEW_TOKENS
from altaloud.vision.blip.preprocess import Pixels, preprocess
from altaloud.vision.blip.runtime import Answer, Match, Steps
from altaloud.vision.blip.torch_network import Decoder, Text, Vision
from altaloud.vision.blip.weights import Checkpoint
from altaloud.vision.blip.words import Words

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import torch
    from torch import Tensor

    from altaloud.vision.blip.torch_network import Pair

S = TypeVar("S")
T = TypeVar("T")

_BATCH = {"cuda": 32, "mps": 8, "cpu": 1}  # a processor is no faster with more, see the README's figures


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What the vision tower made of one picture."""

    tokens: "Tensor"  # (1, tokens, width), on the device

    @property
    def nbytes(self) -> int:
        """The memory it holds."""
        return self.tokens.nbytes


class _Blip:
    """What the three tasks share.

    Args:
        folder: An installed checkpoint; only its safetensors are opened.
        model: Its name and revision.
        device: "cuda", "mps" or "cpu".
        precision: "reference" computes in float32, the others in 16 bits where the device has them.
        side: Of the square that pictures become, in pixels; by default the checkpoint's own.
        batch: How many pictures to take together; by default what suits the device.

    Raises:
        ModelDamagedError: The folder does not hold a whole model.
    """

    threads = None  # as many as torch takes

    def __init__(
        self,
        folder: Path,
        *,
        model: str,
        device: str = "cpu",
        precision: str = "reference",
        side: int | None = None,
        batch: int | None = None,
    ) -> None:
        import torch

        self.model = model
        self.device = device
        self.batch = batch or _BATCH[device]
        self._checkpoint = Checkpoint(folder)
        self._words = Words(folder)
        self._side = side or self._checkpoint.vision.side
        self._place = torch.device(device)
        self._dtype = _dtype(device, precision)
        self.precision = str(self._dtype).removeprefix("torch.")
        self._vision = Vision(self._checkpoint, self._place, self._dtype, side=self._side)

    def see(self, pictures: Sequence[Pixels]) -> Steps[list[Seen]]:
        """Look at the pictures."""
        return (yield from self._in_batches(pictures, self._see))

    def _see(self, pictures: Sequence[Pixels]) -> Steps[list[Seen]]:
        import numpy as np
        import torch

        pixels = np.concatenate([preprocess(picture, self._side) for picture in pictures])
        yield
        tokens = yield from self._vision.see(torch.from_numpy(pixels))
        return [Seen(each[None].clone()) for each in tokens]  # its own, or one would keep the whole batch

    def _in_batches(
        self, items: Sequence[S], work: Callable[[Sequence[S]], Steps[list[T]]]
    ) -> Steps[list[T]]:
        """Do `work` for all, together; in smaller and smaller parts where memory is too small.

        Raises:
            DeviceFullError: It does not even hold one.
        """
        done: list[T] = []
        while len(done) < len(items):
            part = items[len(done) : len(done) + self.batch]
            try:
                done += yield from work(part)
                continue
            except RuntimeError as error:
                if not _is_full(error):
                    raise
                if len(part) == 1:
                    raise DeviceFullError(f"the memory of {self.device} does not hold one picture") from error
            self._let_go()  # only here, as the error held what filled the memory
            self.batch = max(1, len(part) // 2)
        return done

    def _let_go(self) -> None:
        """Give back what torch keeps for later."""
        import torch

        if self.device == "cuda":
            torch.cuda.empty_cache()
        elif self.device == "mps":
            torch.mps.empty_cache()

    def _ids(self, ids: Sequence[int]) -> "Tensor":
        import torch

        return torch.tensor([list(ids)], device=self._place)  # int64, (1, words)


class TorchCaptioner(_Blip):
    """Says in one sentence what pictures show."""

    @cached_property
    def _decoder(self) -> Decoder:
        return Decoder(self._checkpoint, self._place, self._dtype)

    def caption(self, features: Sequence[Seen], *, prompt: str = "", beams: int = 1) -> Steps[list[Caption]]:
        """Write a sentence about each picture."""
        given = [self._checkpoint.text.begin, *self._words.ids(prompt)]
        decoder = self._decoder
        if beams == 1:
            return (yield from self._in_batches(features, lambda part: self._greedy(decoder, part, given)))
        made = []
        for seen in features:
            past = _Past(decoder.room(1), decoder.keys_of(seen.tokens))
            end = self._checkpoint.text.end
            written = yield from decoding.write(_WordByWord(decoder), past, given, end, beams=beams)
            made.append(self._caption(written.ids, written.mean_log_probability, len(given)))
        return made

    def _greedy(
        self, decoder: Decoder, features: Sequence[Seen], given: Sequence[int]
    ) -> Steps[list[Caption]]:
        import torch

        cross = decoder.keys_of(torch.cat([seen.tokens for seen in features]))
        yield
        sentences = yield from _written(decoder, cross, given, self._checkpoint.text.end)
        return [
            self._caption((*given, *ids), sum(chances) / len(chances), len(given))
            for ids, chances in sentences
        ]

    def _caption(self, ids: tuple[int, ...], mean: float, given: int) -> Caption:
        return Caption(self._words.text(ids[given:]), mean, ids, self.model)


class TorchAnswerer(_Blip):
    """Answers questions about a picture."""

    @cached_property
    def _decoder(self) -> Decoder:
        return Decoder(self._checkpoint, self._place, self._dtype)

    @cached_property
    def _encoder(self) -> Text:
        return Text(self._checkpoint, self._place, self._dtype, root="text_encoder")

    def answer(self, features: Seen, question: str) -> Steps[Answer]:
        """Read the question beside the picture, then write the answer."""
        ids = self._ids(self._words.read_ids(question, self._checkpoint))
        read = self._encoder.read(ids, self._encoder.keys_of(features.tokens))
        yield
        text = self._checkpoint.text
        cross = self._decoder.keys_of(read)
        ((chosen, chances),) = yield from _written(self._decoder, cross, [text.begin], text.end)
        return Answer(self._words.text(chosen), math.exp(sum(chances)), (text.begin, *chosen), self.model)


class TorchMatcher(_Blip):
    """Judges how well a sentence fits a picture."""

    @cached_property
    def _encoder(self) -> Text:
        return Text(self._checkpoint, self._place, self._dtype, root="text_encoder")

    def match(self, features: Seen, sentence: str) -> Steps[Match]:
        """Read the sentence beside the picture, and once more alone."""
        from torch.nn import functional

        ids = self._ids(self._words.read_ids(sentence, self._checkpoint))
        beside = self._encoder.read(ids, self._encoder.keys_of(features.tokens))[0, 0]
        yield
        alone = self._encoder.read(ids, [None] * self._checkpoint.text.layers)[0, 0]
        probability = self._vision.linear(beside, "itm_head").float().softmax(-1)[1].item()
        sentence_vector = self._vision.linear(alone, "text_proj").float()
        picture_vector = self._vision.linear(features.tokens[0, 0], "vision_proj").float()
        cosine = functional.cosine_similarity(sentence_vector, picture_vector, dim=0).item()
        return Match(probability, cosine, self.model)


def _written(
    decoder: Decoder, cross: "Sequence[Pair]", given: Sequence[int], end: int
) -> Steps[list[tuple[list[int], list[float]]]]:
    """Go on from `given`, the likeliest word each time; return for each picture its words and their chances.

    One that has ended goes on unheard until the last has.
    """
    import torch

    pictures = len(cross[0][0])
    past = decoder.room(pictures)
    words = torch.empty(pictures, dtype=torch.int64, device=decoder.device)
    for place, token in enumerate(given[:-1]):
        decoder.step(words.fill_(token), place, past, cross)
    words.fill_(given[-1])
    made: list[tuple[list[int], list[float]]] = [([], []) for _ in range(pictures)]
    under_way = made
    for place in range(len(given) - 1, len(given) - 1 + MAX_NEW_TOKENS):
        chances, words = decoder.step(words, place, past, cross).log_softmax(-1).max(-1)
        tokens, values = words.tolist(), chances.tolist()  # waits for the GPU
        for index, sentence in enumerate(made):
            if not sentence[0] or sentence[0][-1] != end:
                sentence[0].append(tokens[index])
                sentence[1].append(values[index])
        under_way = [sentence for sentence in made if sentence[0][-1] != end]
        if not under_way:
            break
        yield
    return made


@dataclass(slots=True)
class _Past:
    """A sentence under way, of beam search."""

    words: "list[Pair]"
    cross: "list[Pair]"
    count: int = 0

    def copy(self) -> "_Past":
        return _Past([(key.clone(), value.clone()) for key, value in self.words], self.cross, self.count)


class _WordByWord:
    """The decoder as `decoding` drives it."""

    def __init__(self, decoder: Decoder) -> None:
        self._decoder = decoder

    def read(self, memory: _Past, token: int) -> "npt.NDArray[np.float32]":
        """Add a word; return each word's log-probability to be next."""
        import torch

        word = torch.tensor([token], device=self._decoder.device)
        scores = self._decoder.step(word, memory.count, memory.words, memory.cross)
        memory.count += 1
        chances: npt.NDArray[np.float32] = scores[0].log_softmax(-1).cpu().numpy()
        return chances


def _dtype(device: str, precision: str) -> "torch.dtype":
    """Return the numbers to compute in: 16 bits unless it is the reference, or a processor."""
    import torch

    if precision == "reference" or device == "cpu":
        return torch.float32
    # bfloat16 is float32's range: what overflows in float16 does not in it.
    return torch.bfloat16 if device == "cuda" and torch.cuda.is_bf16_supported() else torch.float16


def _is_full(error: RuntimeError) -> bool:
    """Whether the device's memory is too small."""
    import torch

    # MPS has no type of its own for it.
    return isinstance(error, torch.OutOfMemoryError) or "out of memory" in str(error)
