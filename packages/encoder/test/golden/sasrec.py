"""Values and gradients of the encoder from PyTorch, as JSON for `golden.test.ts`.

Every input is `scale * sin(index * step + phase)`, which both sides compute for themselves.

    python sasrec.py > sasrec.json    (torch 2.13.0, float64; then `pnpm fix` for the layout)
"""

import json
import math

import torch
from torch.nn import functional

torch.set_default_dtype(torch.float64)

ITEMS, LENGTH, DIMENSION, BLOCKS, HEADS = 7, 5, 4, 2, 2
# Two rows of 6. Row 1: sequences of 3 and 2 and one cell of padding; row 2: one of 5.
SEQUENCES = [[1, 4, 2], [6, 1], [0, 3, 3, 5, 2]]
CELLS = {
    "items": [1, 4, 2, 6, 1, 0, 0, 3, 3, 5, 2, 0],
    "positions": [0, 1, 2, 0, 1, 0, 0, 1, 2, 3, 4, 0],
    "segments": [1, 1, 1, 2, 2, 0, 1, 1, 1, 1, 1, 0],
}


def wave(shape, scale, phase, centre=0.0):
    index = torch.arange(math.prod(shape))
    return (centre + scale * torch.sin(index * 0.7 + phase)).reshape(shape)


def parameter_shapes():
    shapes = {"items": [ITEMS, DIMENSION], "positions": [LENGTH, DIMENSION]}
    shapes |= {"norm.scale": [DIMENSION], "norm.offset": [DIMENSION]}
    for block in range(BLOCKS):
        linears = {
            "attention.projection": [DIMENSION, 3 * DIMENSION],
            "attention.output": [DIMENSION, DIMENSION],
            "feedForward.up": [DIMENSION, 4 * DIMENSION],
            "feedForward.down": [4 * DIMENSION, DIMENSION],
        }
        for name, (inner, outer) in linears.items():
            shapes[f"block{block}.{name}.kernel"] = [inner, outer]
            shapes[f"block{block}.{name}.bias"] = [outer]
        for name in ["attention.norm", "feedForward.norm"]:
            shapes[f"block{block}.{name}.scale"] = [DIMENSION]
            shapes[f"block{block}.{name}.offset"] = [DIMENSION]
    return shapes


def make_parameters():
    return {
        name: wave(shape, 0.3, order, 1.0 if name.endswith(".scale") else 0.0).requires_grad_()
        for order, (name, shape) in enumerate(parameter_shapes().items())
    }


def encode(weights, sequence):
    """One sequence by itself: the packed encoder must give the same, wherever it lies."""

    def norm(x, name):
        scale, offset = weights[f"{name}.scale"], weights[f"{name}.offset"]
        return functional.layer_norm(x, [DIMENSION], scale, offset, eps=1e-12)

    def linear(x, name):
        return functional.linear(x, weights[f"{name}.kernel"].T, weights[f"{name}.bias"])

    length = len(sequence)
    x = norm(weights["items"][sequence] + weights["positions"][:length], "norm")
    for block in range(BLOCKS):
        name = f"block{block}"
        projected = linear(x, f"{name}.attention.projection").split(DIMENSION, dim=-1)
        query, key, value = (
            part.reshape(length, HEADS, -1).transpose(0, 1) for part in projected
        )
        attended = functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        joined = attended.transpose(0, 1).reshape(length, DIMENSION)
        x = norm(x + linear(joined, f"{name}.attention.output"), f"{name}.attention.norm")
        up = functional.gelu(linear(x, f"{name}.feedForward.up"))
        x = norm(x + linear(up, f"{name}.feedForward.down"), f"{name}.feedForward.norm")
    return x


def flat(tensor):
    return [round(value, 7) for value in tensor.detach().flatten().tolist()]


def weighted_sum(values):
    return (values * wave(list(values.shape), 1.0, 0.5)).sum()


def sasrec():
    parameters = make_parameters()
    hidden = torch.cat([encode(parameters, sequence) for sequence in SEQUENCES])
    loss = weighted_sum(hidden)
    loss.backward()
    return {
        **CELLS,
        "hidden": flat(hidden),
        "loss": loss.item(),
        "gradients": {name: flat(weights.grad) for name, weights in parameters.items()},
    }


if __name__ == "__main__":
    golden = {
        "producer": f"torch {torch.__version__.split('+')[0]}: python sasrec.py > sasrec.json",
        "sasrec": sasrec(),
    }
    print(json.dumps(golden, separators=(",", ":")))
