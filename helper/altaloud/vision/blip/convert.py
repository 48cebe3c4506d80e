"""A checkpoint's pickle, opened once in its life, becomes safetensors.

A pickle can run code when it is opened. The digest has been checked by then, and torch is told to
accept tensors only, which it does safely from 2.6 on (CVE-2025-32434). In a process of its own, so
that the gigabytes go back to the system: `python -m altaloud.vision.blip.convert PICKLE TARGET`.
"""

import pickle
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

from altaloud.errors import ModelDamagedError, ModelError

EXIT_REFUSED = 3  # the last line on stderr says why

_SAFE_TORCH = (2, 6)


def convert(source: Path, target: Path) -> None:
    """Write every tensor of the pickle `source` to the safetensors file `target`.

    Raises:
        ModelDamagedError: There is anything but named tensors in it.
        ModelError: This torch cannot open pickles safely.
    """
    import torch
    from safetensors.torch import save_file

    refuse_unsafe(torch.__version__)
    try:
        # Mapped, where the format allows it: the file's gigabyte is then not in memory twice.
        loaded = torch.load(source, map_location="cpu", weights_only=True, mmap=zipfile.is_zipfile(source))
    except (pickle.UnpicklingError, RuntimeError, EOFError, ValueError, KeyError, AttributeError) as error:
        raise ModelDamagedError(f"{source.name} holds something else than tensors") from error
    if not isinstance(loaded, dict) or not all(
        isinstance(name, str) and isinstance(value, torch.Tensor) for name, value in loaded.items()
    ):
        raise ModelDamagedError(f"{source.name} holds something else than named tensors")
    tensors: dict[str, torch.Tensor] = {}
    storages: set[int] = set()
    for name, value in loaded.items():
        # Tied weights share their storage, which safetensors refuses: the second gets a copy. The others
        # are written straight from the mapped file, which halves the memory this takes.
        is_shared = value.untyped_storage().data_ptr() in storages
        storages.add(value.untyped_storage().data_ptr())
        tensors[name] = (
            value.clone(memory_format=torch.contiguous_format) if is_shared else value.contiguous()
        )
    save_file(tensors, target, metadata={"format": "pt"})


def refuse_unsafe(version: str) -> None:
    """Raise ModelError if `weights_only` is not safe in this torch."""
    major, minor = (int(part) for part in version.split(".")[:2])
    if (major, minor) < _SAFE_TORCH:
        raise ModelError(
            f"torch {version} cannot open published weights safely",
            advice="Update torch to 2.6 or later and run the same command again.",
        )


def main(arguments: Sequence[str]) -> int:
    """Convert as the command line says; return the exit code."""
    source, target = map(Path, arguments)
    try:
        convert(source, target)
    except ModelError as error:
        print(error, file=sys.stderr)
        return EXIT_REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
