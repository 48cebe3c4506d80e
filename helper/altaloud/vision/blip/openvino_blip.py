"""BLIP on a processor, by OpenVINO. Neither torch nor transformers is imported.

Pictures are looked at one by one: more at once are no faster on a processor. Steps of several jobs may be
mixed: what a job needs between its steps is its own, and the graphs keep nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from altaloud.vision.blip import conversion, decoding
from altaloud.vision.blip import parts as names
from altaloud.vision.blip.graphs import Storage
from altaloud.vision.blip.parts import ROOM
from altaloud.vision.blip.preprocess import preprocess
from altaloud.vision.blip.processor import Compiler, Graph, Precision, prune
from altaloud.vision.blip.runtime import Answer, Caption, Match, Pixels, Steps
from altaloud.vision.blip.text_graphs import MASKED
from altaloud.vision.blip.threads import Threads
from altaloud.vision.blip.vision_graphs import positions
from altaloud.vision.blip.weights import Checkpoint
from altaloud.vision.blip.words import Words, vectors

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

_CACHES = "compiled"  # folder of compiled graphs, within the converted model's


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What the vision tower made of one picture."""

    tokens: "Floats"  # (1, tokens, width), normalised

    @property
    def nbytes(self) -> int:
        """The memory it holds."""
        return self.tokens.nbytes


class _Blip:
    """What the three tasks share: the graphs, looking, and the keys and values of what was seen.

    Args:
        folder: An installed checkpoint.
        model: Its name and revision.
        precision: "fast" runs the converted graphs; the others are built from the weights while loading.
        side: Of the square that pictures become, in pixels; by default the checkpoint's own.
        max_threads: To compute with, at most; by default as many as there are cores.

    Raises:
        ModelDamagedError: The folder does not hold a whole model.
    """

    device = "cpu"
    batch = 1

    def __init__(
        self,
        folder: Path,
        *,
        model: str,
        precision: Precision = "fast",
        side: int | None = None,
        max_threads: int | None = None,
    ) -> None:
        self.model = model
        self.precision: Precision = precision
        self._checkpoint = Checkpoint(folder)
        self._words = Words(folder)
        self._side = side or self._checkpoint.vision.side
        self._folder = folder
        self._threads = Threads(max_threads)
        self._graphs = self._compile()
        self._positions = positions(self._checkpoint, self._side)
        self._last: tuple[Seen, Mapping[str, Floats]] | None = None

    def see(self, pictures: Sequence[Pixels]) -> Steps[Sequence[Seen]]:
        """Look at the pictures, one after the other."""
        made = []
        for picture in pictures:
            made.append((yield from self._see(picture)))
        return made

    def _see(self, picture: Pixels) -> Steps[Seen]:
        import numpy as np

        if self._threads.have_changed():
            for graph in self._graphs.values():  # their memory goes before the new ones take theirs
                graph.forget()
            for name, graph in self._compile().items():
                self._graphs[name].renew(graph)
        first, *others = names.vision_pieces(self._checkpoint)
        inputs = {"pixels": preprocess(picture, self._side), "positions": self._positions}
        tokens = np.array(self._graphs[first](inputs).get_output_tensor(0).data)
        for piece in others:
            yield
            tokens = np.array(self._graphs[piece]({"tokens": tokens}).get_output_tensor(0).data)
        return Seen(tokens)

    def _keys(self, seen: Seen) -> "Mapping[str, Floats]":
        """Return what the text side looks at, by the names of its inputs. The last picture's are kept.

        They are 24 times as large as what they are made from, and an eighth of the work.
        """
        import numpy as np

        if self._last is None or self._last[0] is not seen:
            self._last = None  # let go of the old ones before the new ones are made
            text = self._checkpoint.text
            shape = (1, text.heads, seen.tokens.shape[1], text.width // text.heads)
            keys = {each: np.empty(shape, np.float32) for each in self._key_names()}
            self._graphs[names.KEYS].fill({"features": seen.tokens}, keys)
            self._last = (seen, keys)
        return self._last[1]

    def _key_names(self) -> list[str]:
        return names.key_names(self._checkpoint)

    @property
    def threads(self) -> int:
        """How many threads it computes with now."""
        return self._threads.count

    def _compile(self) -> dict[str, Graph]:
        cache: Path | None = None
        storage: Storage = "float32"
        if is_converted := self.precision == "fast":
            conversion.ensure(self._folder)
            storage = "int8"
            caches = conversion.folder_of(self._folder) / _CACHES
            cache = prune(caches, f"{self.precision}-{self._side}-{self.threads}")
        has_its_shapes = is_converted and self._side == self._checkpoint.vision.side
        compiler = Compiler(self.precision, threads=self.threads, cache=cache)
        graphs = {
            name: compiler.compile(
                conversion.graph(self._folder, name) if is_converted else build,
                None if has_its_shapes else names.shapes(self._checkpoint, name, self._side),
            )
            for name, build in names.parts(self._checkpoint, storage).items()
        }
        compiler.close()
        return graphs


class OpenVinoCaptioner(_Blip):
    """Says in one sentence what a picture shows."""

    def caption(
        self, features: Sequence[Seen], *, prompt: str = "", beams: int = 1
    ) -> Steps[Sequence[Caption]]:
        """Write a sentence about each picture."""
        made = []
        for seen in features:
            made.append((yield from self._caption(seen, prompt, beams)))
        return made

    def _caption(self, seen: Seen, prompt: str, beams: int) -> Steps[Caption]:
        given = [self._checkpoint.text.begin, *self._words.ids(prompt)]
        decoder = StepDecoder(self._checkpoint, self._graphs[names.STEP])
        memory = decoder.begin(self._keys(seen))
        yield
        written = yield from decoding.write(decoder, memory, given, self._checkpoint.text.end, beams=beams)
        text = self._words.text(written.ids[len(given) :])
        return Caption(text, written.mean_log_probability, written.ids, self.model)


class OpenVinoAnswerer(_Blip):
    """Answers questions about a picture."""

    def answer(self, features: Seen, question: str) -> Steps[Answer]:
        """Read the question beside the picture, then write the answer."""
        import numpy as np

        ids = self._words.read_ids(question, self._checkpoint)
        keys = self._keys(features)
        yield
        words = vectors(self._checkpoint, "text_encoder", ids)
        request = self._graphs[names.QUESTION]({"words": words, **keys})
        read = {each: np.array(request.get_tensor(f"answer_{each}").data) for each in self._key_names()}
        yield
        decoder = StepDecoder(self._checkpoint, self._graphs[names.STEP])
        text = self._checkpoint.text
        written = yield from decoding.write(decoder, decoder.begin(read), [text.begin], text.end)
        probability = float(np.exp(sum(written.log_probabilities)))
        return Answer(self._words.text(written.ids[1:]), probability, written.ids, self.model)


class OpenVinoMatcher(_Blip):
    """Judges how well a sentence fits a picture."""

    def match(self, features: Seen, sentence: str) -> Steps[Match]:
        """Read the sentence beside the picture, and once more alone."""
        import numpy as np

        ids = self._words.read_ids(sentence, self._checkpoint)
        keys = self._keys(features)
        yield
        words = vectors(self._checkpoint, "text_encoder", ids)
        firsts = []
        for beside in (1.0, 0.0):
            inputs = {"words": words, "beside": np.full((1, 1, 1), beside, np.float32), **keys}
            firsts.append(np.array(self._graphs[names.SENTENCE](inputs).get_output_tensor(0).data[0]))
            yield
        no, yes = self._head("itm_head", firsts[0]).tolist()
        sentence_vector = self._head("text_proj", firsts[1])
        picture_vector = self._head("vision_proj", features.tokens[0, 0])
        lengths = np.linalg.norm(sentence_vector) * np.linalg.norm(picture_vector)
        cosine = float(sentence_vector @ picture_vector / lengths)
        return Match(float(1 / (1 + np.exp(no - yes))), cosine, self.model)

    def _head(self, name: str, vector: "Floats") -> "Floats":
        weight, bias = (self._checkpoint.tensor(f"{name}.{part}") for part in ("weight", "bias"))
        made: Floats = weight @ vector + bias
        return made


@dataclass(slots=True)
class _Memory:
    """A sentence under way."""

    keys: "Mapping[str, Floats]"  # of what is looked at
    past: "Floats"  # (2 · layers, 1, heads, ROOM, size): keys and values of the words so far
    mask: "Floats"  # (1, 1, 1, ROOM)
    count: int = field(default=0)  # of the words so far

    def copy(self) -> "_Memory":
        return _Memory(self.keys, self.past.copy(), self.mask.copy(), self.count)


class StepDecoder:
    """Reads words one by one, through the graph of one step."""

    def __init__(self, checkpoint: Checkpoint, graph: Graph) -> None:
        self._checkpoint = checkpoint
        self._graph = graph

    def begin(self, keys: "Mapping[str, Floats]") -> _Memory:
        """Return the memory of a sentence without a word."""
        import numpy as np

        text = self._checkpoint.text
        past = np.zeros((2 * text.layers, 1, text.heads, ROOM, text.width // text.heads), np.float32)
        return _Memory(keys, past, np.full((1, 1, 1, ROOM), MASKED, np.float32))

    def read(self, memory: _Memory, token: int) -> "Floats":
        """Add a word; return each word's log-probability to be next."""
        import numpy as np

        if memory.count == ROOM:
            raise ValueError(f"a sentence has at most {ROOM} words, its prompt included")
        past = {
            f"past_{kind}{layer}": memory.past[2 * layer + index]
            for layer in range(self._checkpoint.text.layers)
            for index, kind in enumerate(("key", "value"))
        }
        word = vectors(self._checkpoint, "text_decoder.bert", [token], memory.count)
        request = self._graph({"word": word, "mask": memory.mask, **past, **memory.keys})
        memory.past[:, 0, :, memory.count] = request.get_tensor("new").data
        memory.mask[..., memory.count] = 0
        memory.count += 1
        scores = request.get_tensor("scores").data[0, 0]
        shifted = scores - scores.max()
        log_probabilities: Floats = shifted - np.log(np.exp(shifted).sum())
        return log_probabilities
