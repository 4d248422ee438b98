"""Values and gradients of layer norm and GELU from PyTorch, as JSON for `golden.test.ts`.

Every input is `scale * sin(index * step + phase)`, which both sides compute for themselves.

    python parts.py > parts.json    (torch 2.13.0, float64; then `pnpm fix` for the layout)
"""

import json
import math

import torch
from torch.nn import functional

torch.set_default_dtype(torch.float64)


def wave(shape, scale, phase, centre=0.0):
    index = torch.arange(math.prod(shape))
    return (centre + scale * torch.sin(index * 0.7 + phase)).reshape(shape)


def flat(tensor):
    return [round(value, 7) for value in tensor.detach().flatten().tolist()]


def unit(forward, *inputs):
    for tensor in inputs:
        tensor.requires_grad_()
    value = forward(*inputs)
    (value * wave(list(value.shape), 1.0, 0.5)).sum().backward()
    return {"value": flat(value), "gradients": [flat(tensor.grad) for tensor in inputs]}


if __name__ == "__main__":
    golden = {
        "producer": f"torch {torch.__version__.split('+')[0]}: python parts.py > parts.json",
        "layerNorm": unit(
            lambda x, scale, offset: functional.layer_norm(x, [4], scale, offset, eps=1e-12),
            wave([3, 4], 2.0, 0.1),
            wave([4], 0.5, 0.2, 1.0),
            wave([4], 0.5, 0.3),
        ),
        "gelu": unit(functional.gelu, wave([16], 4.0, 0.4)),
    }
    print(json.dumps(golden, separators=(",", ":")))
