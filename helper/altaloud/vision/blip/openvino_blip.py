"""BLIP on a processor, by OpenVINO. Neither torch nor transformers is imported.

Pictures are looked at one by one: more at once are no faster on a processor. Steps of several jobs may be
mixed: what a job needs between its steps is its own, and the graphs keep nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from altaloud.vision.blip import calibration, conversion, decoding
from altaloud.vision.blip import parts as names
from altaloud.vision.blip.graphs import Storage
from altaloud.vision.blip.preprocess import preprocess
from altaloud.vision.blip.processor import Compiler, Graph, Precision, prune
from altaloud.vision.blip.runtime import Answer, Caption, Match, Pixels, Steps, finish
from altaloud.vision.blip.step_decoder import StepDecoder
from altaloud.vision.blip.threads import Threads
from altaloud.vision.blip.vision_graphs import positions
from altaloud.vision.blip.weights import Checkpoint
from altaloud.vision.blip.words import Words, vectors

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

# Read where only the numbers count.
_QUESTION, _SENTENCE = "what is in the picture?", "a photo of a dog on the beach"


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
        precision: "fast" runs the converted graphs, and "fastest" those of the calibration as well; the
            others are built from the weights while loading.
        side: Of the square that pictures become, in pixels; by default the checkpoint's own.
        max_threads: To compute with, at most; by default as many as there are cores.
        keeps_compiled: Whether to keep compiled graphs for the next time, in place of those that are kept.

    Raises:
        ModelDamagedError: The folder does not hold a whole model.
    """

    device = "cpu"
    batch = 1
    _reader: str  # the graph that looks at the keys and values

    def __init__(
        self,
        folder: Path,
        *,
        model: str,
        precision: Precision = "fast",
        side: int | None = None,
        max_threads: int | None = None,
        keeps_compiled: bool = True,
    ) -> None:
        self.model = model
        self.precision: Precision = precision
        self._checkpoint = Checkpoint(folder)
        self._words = Words(folder)
        self._side = side or self._checkpoint.vision.side
        self._folder = folder
        self._threads = Threads(max_threads)
        self._keeps_compiled = keeps_compiled
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
            self._ensure()  # Where they cannot be had, those go on that are here.
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
            if self._last is not None:  # let go of the old ones, 42 MB, before the new ones are made
                self._last = None
                self._graphs[self._reader].let_go()
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

    def _ensure(self) -> bool:
        """Have the graphs that were converted, if this precision takes such."""
        if self.precision not in ("fast", "fastest"):
            return False
        conversion.ensure(self._folder)
        if self.precision == "fastest":
            calibration.ensure(self._folder)
        return True

    def _compile(self) -> dict[str, Graph]:
        cache: Path | None = None
        storage: Storage = "float32"
        if is_converted := self._ensure():
            storage = "int8"
            if self._keeps_compiled:
                caches = conversion.folder_of(self._folder) / conversion.COMPILED
                cache = prune(caches, f"{self.precision}-{self._side}-{self.threads}")
        has_its_shapes = is_converted and self._side == self._checkpoint.vision.side
        compiler = Compiler(self.precision, threads=self.threads, cache=cache)
        writer = compiler
        if self.precision == "accurate":
            # Sixteen bits in every layer of every word add up: a sentence's likelihood was twice as far off.
            writer = Compiler("reference", threads=self.threads)
        graphs = {
            name: (writer if name == names.STEP else compiler).compile(
                self._file(name) if is_converted else build,
                None if has_its_shapes else names.shapes(self._checkpoint, name, self._side),
            )
            for name, build in names.parts(self._checkpoint, storage).items()
        }
        for each in (compiler, writer):
            each.close()
        return graphs

    def _file(self, name: str) -> Path:
        if self.precision == "fastest" and name in names.vision_pieces(self._checkpoint):
            return calibration.graph(self._folder, name)
        return conversion.graph(self._folder, name)


class OpenVinoCaptioner(_Blip):
    """Says in one sentence what a picture shows."""

    _reader = names.STEP

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

    def first_scores(self, seen: Seen) -> "Floats":
        """Return each word's log-probability to be the first of a caption."""
        decoder = StepDecoder(self._checkpoint, self._graphs[names.STEP])
        return decoder.read(decoder.begin(self._keys(seen)), self._checkpoint.text.begin)


class OpenVinoAnswerer(_Blip):
    """Answers questions about a picture."""

    _reader = names.QUESTION

    def answer(self, features: Seen, question: str) -> Steps[Answer]:
        """Read the question beside the picture, then write the answer."""
        import numpy as np

        read = yield from self._read(features, question)
        yield
        decoder = StepDecoder(self._checkpoint, self._graphs[names.STEP])
        text = self._checkpoint.text
        written = yield from decoding.write(decoder, decoder.begin(read), [text.begin], text.end)
        probability = float(np.exp(sum(written.log_probabilities)))
        return Answer(self._words.text(written.ids[1:]), probability, written.ids, self.model)

    def first_scores(self, seen: Seen) -> "Floats":
        """Return each word's log-probability to be the first of an answer to some question."""
        decoder = StepDecoder(self._checkpoint, self._graphs[names.STEP])
        read = finish(self._read(seen, _QUESTION))
        return decoder.read(decoder.begin(read), self._checkpoint.text.begin)

    def _read(self, seen: Seen, question: str) -> "Steps[Mapping[str, Floats]]":
        """Return what the decoder of the answer looks at."""
        import numpy as np

        ids = self._words.read_ids(question, self._checkpoint)
        keys = self._keys(seen)
        yield
        words = vectors(self._checkpoint, "text_encoder", ids)
        request = self._graphs[names.QUESTION]({"words": words, **keys})
        return {each: np.array(request.get_tensor(f"answer_{each}").data) for each in self._key_names()}


class OpenVinoMatcher(_Blip):
    """Judges how well a sentence fits a picture."""

    _reader = names.SENTENCE

    def match(self, features: Seen, sentence: str) -> Steps[Match]:
        """Read the sentence beside the picture, and once more alone."""
        import numpy as np

        firsts = yield from self._read(features, sentence)
        no, yes = self._head("itm_head", firsts[0]).tolist()
        sentence_vector = self._head("text_proj", firsts[1])
        picture_vector = self._head("vision_proj", features.tokens[0, 0])
        lengths = np.linalg.norm(sentence_vector) * np.linalg.norm(picture_vector)
        cosine = float(sentence_vector @ picture_vector / lengths)
        return Match(float(1 / (1 + np.exp(no - yes))), cosine, self.model)

    def first_scores(self, seen: Seen) -> "Floats":
        """Return what some sentence became beside the picture: the match is one step from it."""
        return finish(self._read(seen, _SENTENCE))[0]

    def _read(self, seen: Seen, sentence: str) -> "Steps[list[Floats]]":
        """Return what became of the sentence's first marker, beside the picture and without it."""
        import numpy as np

        ids = self._words.read_ids(sentence, self._checkpoint)
        keys = self._keys(seen)
        yield
        words = vectors(self._checkpoint, "text_encoder", ids)
        firsts = []
        for beside in (1.0, 0.0):
            inputs = {"words": words, "beside": np.full((1, 1, 1), beside, np.float32), **keys}
            firsts.append(np.array(self._graphs[names.SENTENCE](inputs).get_output_tensor(0).data[0]))
            yield
        return firsts

    def _head(self, name: str, vector: "Floats") -> "Floats":
        weight, bias = (self._checkpoint.tensor(f"{name}.{part}") for part in ("weight", "bias"))
        made: Floats = weight @ vector + bias
        return made
