"""What `fast` computes on a processor that has the instructions for bytes, on one that has not.

There weights are bytes, and so is what they are multiplied with, in groups that have a factor each (see
`processor.py`). Here a network of transformers is made to round both in the same way, in float32.
"""

from typing import Any

_GROUP = 128


def round_to_bytes(network: Any) -> None:
    """Have every linear layer of `network` round its weights, and whatever it is given."""
    import torch

    for layer in network.modules():
        if isinstance(layer, torch.nn.Linear):
            layer.weight = torch.nn.Parameter(_rounded(layer.weight.detach()), requires_grad=False)
            layer.register_forward_pre_hook(lambda _layer, given: (_in_groups(given[0]),))


def _in_groups(given: Any) -> Any:
    size = min(_GROUP, given.shape[-1])
    return _rounded(given.reshape(*given.shape[:-1], -1, size)).reshape(given.shape)


def _rounded(values: Any) -> Any:
    """Return them in steps of a 127th of the largest of each row."""
    factor = values.abs().amax(-1, keepdim=True).clamp_min(1e-12) / 127
    return (values / factor).round() * factor
