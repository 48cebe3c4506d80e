"""Processes of one thread each that average their gradients: faster than one with as many threads."""

import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, distributed
from torch.multiprocessing.spawn import spawn


class Group:
    """The processes that train together, seen from one of them."""

    def __init__(self, rank: int, size: int) -> None:
        self.rank = rank
        self.size = size

    @property
    def is_first(self) -> bool:
        """Whether this process reports, measures and saves."""
        return self.rank == 0

    def average(self, parameters: Sequence[Tensor], seconds: float) -> float:
        """Replace every gradient by the group's mean; return the mean of `seconds`, the same in all."""
        clock = torch.tensor([seconds], dtype=torch.float32)
        self.add_up([*(parameter.grad for parameter in parameters if parameter.grad is not None), clock])
        for parameter in parameters:
            if parameter.grad is not None:
                parameter.grad /= self.size
        return float(clock) / self.size

    def add_up(self, tensors: list[Tensor]) -> None:
        """Replace every tensor by the sum of all processes' tensors in its place."""
        if self.size == 1:
            return
        flat = torch.cat([tensor.flatten() for tensor in tensors])
        distributed.all_reduce(flat)
        for tensor, part in zip(tensors, torch.split(flat, [t.numel() for t in tensors]), strict=True):
            tensor.copy_(part.view_as(tensor))


def together(work: Callable[..., None], arguments: tuple[Any, ...], *, processes: int) -> None:
    """Run `work(group, *arguments)` in several processes and wait for them all."""
    if processes == 1:
        torch.set_num_threads(1)
        work(Group(0, 1), *arguments)
        return
    with tempfile.TemporaryDirectory() as folder:
        meeting = Path(folder) / "meeting"
        spawn(_join, (processes, meeting, work, arguments), nprocs=processes)  # type: ignore[no-untyped-call]  # torch's own


def _join(rank: int, size: int, meeting: Path, work: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")  # never another interface
    torch.set_num_threads(1)
    distributed.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank, world_size=size)
    try:
        work(Group(rank, size), *arguments)
    finally:
        distributed.destroy_process_group()
