"""BLIP in torch and transformers: the reference, and the way to a GPU.

The imports happen in `TorchCaptioner`, because they take seconds and 380 MB.

Model: Li et al. 2022, "BLIP: Bootstrapping Language-Image Pre-training for Unified
Vision-Language Understanding and Generation", https://arxiv.org/abs/2201.12086
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from altaloud.errors import ModelDamagedError
from altaloud.vision.blip.caption import Caption
from altaloud.vision.blip.preprocess import Pixels, preprocess

if TYPE_CHECKING:
    import torch

MAX_NEW_TOKENS = 30  # a caption ends by itself; this bounds the time of one that does not


def choose_device() -> str:
    """Return the fastest place to compute that torch has here: "cuda", "mps" or "cpu"."""
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


class TorchCaptioner:
    """One loaded model, about 1 GB as float32. Not safe to call from two threads at once.

    Args:
        folder: An installed checkpoint; only its safetensors are opened, never a pickle.
        model: The name that captions carry, such as "caption-base@82a3776".
        device: Where to compute; by default the fastest.
        max_threads: At most this many CPU threads; by default as many as torch chooses.

    Raises:
        ModelDamagedError: The folder does not hold the whole model.
    """

    def __init__(
        self, folder: Path, *, model: str, device: str | None = None, max_threads: int | None = None
    ) -> None:
        import torch
        from tokenizers import Tokenizer

        if max_threads is not None:
            torch.set_num_threads(min(torch.get_num_threads(), max_threads))
        self.model = model
        self.device = device or choose_device()
        self._network = _load(folder).to(self.device)
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # this very type is what tokenizers raises for a file it cannot read
            raise ModelDamagedError(f"{model}: tokenizer.json cannot be read") from error

    def caption(self, picture: Pixels, prompt: str = "") -> Caption:
        """Return one sentence, which begins after `prompt` if there is one.

        Decoding is greedy, so the same picture always gets the same sentence.
        """
        import torch

        config = self._network.config
        pixels = torch.from_numpy(preprocess(picture, config.vision_config.image_size)).to(self.device)
        # pixels: float32, (1 image, 3 channels, rows, columns)
        with torch.inference_mode():
            made = self._network.generate(
                pixel_values=pixels,
                input_ids=self._prompt_ids(prompt),
                max_new_tokens=MAX_NEW_TOKENS,
                do_sample=False,
                num_beams=1,
                return_dict_in_generate=True,
                output_logits=True,
            )
        # made.logits: for each new token float32, (1 image, vocabulary)
        # made.sequences: int64, (1 image, tokens)
        steps = torch.cat(made.logits).float().log_softmax(dim=-1)  # (new tokens, vocabulary)
        sequence = made.sequences[0]
        chosen = sequence[-len(steps) :]  # (new tokens)
        mean = steps.gather(1, chosen[:, None]).mean().item()
        text: str = self._tokenizer.decode(chosen.tolist(), skip_special_tokens=True)
        # A first piece that continues the prompt's last word is marked so; a person is not to hear the mark.
        return Caption(text.strip().removeprefix("##"), mean, tuple(sequence.tolist()), self.model)

    def _prompt_ids(self, prompt: str) -> "torch.Tensor":
        import torch

        config = self._network.config.text_config
        words = self._tokenizer.encode(prompt, add_special_tokens=False).ids
        # `generate` puts the start marker in the first place and drops the last one.
        ids = [config.bos_token_id, *words, config.sep_token_id]
        return torch.tensor([ids], device=self.device)  # int64, (1 image, tokens)


def _load(folder: Path) -> Any:
    """Return the network of `folder`, in eval mode. Transformers is untyped here, hence Any."""
    from safetensors import SafetensorError
    from transformers import BlipForConditionalGeneration

    try:
        network, report = BlipForConditionalGeneration.from_pretrained(
            folder, local_files_only=True, use_safetensors=True, output_loading_info=True, dtype="float32"
        )
    except (OSError, ValueError, SafetensorError) as error:
        raise ModelDamagedError(f"{folder.name}: the weights cannot be read") from error
    # Transformers fills what is missing with random numbers and goes on; the captions would be noise.
    if lacking := [*report["missing_keys"], *report["mismatched_keys"]]:
        raise ModelDamagedError(f"{folder.name}: the weights lack {len(lacking)} tensors")
    return network.eval()
