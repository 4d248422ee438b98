"""Values and gradients of transformers over several item streams from PyTorch, as JSON for
`streams.test.ts`. Blocks are torch's own, `nn.TransformerEncoderLayer`.

    pip install -r requirements-transformer.txt    (torch==2.13.0; here in float64)
    python streams.py > streams.json               (then `pnpm fix` for the layout)
"""

import json

import torch
from sasrec import BLOCKS, CELLS, DIMENSION, HEADS, ITEMS, LENGTH, SEQUENCES, flat, wave, weighted_sum
from torch import nn
from torch.func import functional_call
from torch.nn import functional

WIDTHS = {"image": 2, "text": 3}
PRESENT = {"image": [1, 0, 0, 1, 1, 1, 1], "text": [1, 1, 0, 1, 0, 1, 1]}
CASES = [
    {"norm": "pre", "fusion": "early", "streams": ["id"]},
    {"norm": "post", "fusion": "early", "streams": ["id", "image", "text"]},
    {"norm": "pre", "fusion": "early", "streams": ["text"]},
    {"norm": "post", "fusion": "gated", "streams": ["id", "image", "text"]},
    {"norm": "post", "fusion": "gated", "streams": ["image", "text"]},
    {"norm": "post", "fusion": "late", "streams": ["id", "text"]},
    {"norm": "pre", "fusion": "late", "streams": ["id", "image", "text"]},
    {"norm": "post", "fusion": "early", "streams": ["id"], "positions": "intervals"},
    {"norm": "pre", "fusion": "late", "streams": ["id", "text"], "positions": "intervals"},
]
INTERVALS = 4
# Of the tokens of `CELLS`.
BUCKETS = [0, 3, 1, 0, 2, 0, 0, 0, 3, 1, 3, 0]


def features(name):
    return wave([ITEMS, WIDTHS[name]], 1.0, 0.2 + WIDTHS[name])


def towers(case):
    streams = case["streams"]
    late = case["fusion"] == "late" and len(streams) > 1
    return [f"{name}." for name in streams] if late else [""]


def gated(case):
    return case["fusion"] == "gated" and len(case["streams"]) > 1


def parameter_shapes(case):
    shapes = {"positions": [LENGTH, DIMENSION]}
    if "positions" in case:
        shapes["intervals"] = [INTERVALS, DIMENSION]
    for name in case["streams"]:
        if name == "id":
            shapes["items"] = [ITEMS, DIMENSION]
        else:
            shapes[f"{name}.kernel"] = [WIDTHS[name], DIMENSION]
            shapes[f"{name}.bias"] = [DIMENSION]
            if not gated(case):
                shapes[f"{name}.missing"] = [DIMENSION]
    count = len(case["streams"])
    if count > 1 and case["fusion"] != "late":
        columns = count if case["fusion"] == "gated" else DIMENSION
        shapes |= {"fusion.kernel": [count * DIMENSION, columns], "fusion.bias": [columns]}
    for tower in towers(case):
        norms = [f"{tower}norm"]
        for block in range(BLOCKS):
            name = f"{tower}block{block}"
            for layer, (inner, outer) in {
                "attention.projection": [DIMENSION, 3 * DIMENSION],
                "attention.output": [DIMENSION, DIMENSION],
                "feedForward.up": [DIMENSION, 4 * DIMENSION],
                "feedForward.down": [4 * DIMENSION, DIMENSION],
            }.items():
                shapes[f"{name}.{layer}.kernel"] = [inner, outer]
                shapes[f"{name}.{layer}.bias"] = [outer]
            norms += [f"{name}.attention.norm", f"{name}.feedForward.norm"]
        for name in norms:
            shapes |= {f"{name}.scale": [DIMENSION], f"{name}.offset": [DIMENSION]}
    return shapes


def stream(weights, name):
    """Without a learned stand-in, an absent vector is zeros."""
    if name == "id":
        return weights["items"], torch.ones(ITEMS, dtype=torch.bool)
    present = torch.tensor(PRESENT[name], dtype=torch.bool)
    projected = features(name) @ weights[f"{name}.kernel"] + weights[f"{name}.bias"]
    missing = weights.get(f"{name}.missing", torch.zeros(DIMENSION))
    return torch.where(present[:, None], projected, missing), present


def item_vectors(weights, case):
    vectors, present = zip(*(stream(weights, name) for name in case["streams"]))
    if len(vectors) == 1:
        return vectors[0]
    if case["fusion"] == "late":
        return torch.cat(vectors, 1)
    linear = torch.cat(vectors, 1) @ weights["fusion.kernel"] + weights["fusion.bias"]
    if case["fusion"] == "early":
        return linear
    mask = torch.stack(present, 1)
    shares = linear.masked_fill(~mask, -torch.inf).softmax(1)
    shares = torch.where(mask.any(1, keepdim=True), shares, 0.0)
    return sum(share[:, None] * vector for share, vector in zip(shares.T, vectors))


def layer(norm_kind):
    return nn.TransformerEncoderLayer(
        DIMENSION,
        HEADS,
        dim_feedforward=4 * DIMENSION,
        dropout=0.0,
        activation="gelu",
        layer_norm_eps=1e-12,
        batch_first=True,
        norm_first=norm_kind == "pre",
    )


def layer_weights(weights, block):
    """Ours, under the names of `nn.TransformerEncoderLayer`, whose kernels are transposed."""
    linears = {
        "attention.projection": ("self_attn.in_proj_weight", "self_attn.in_proj_bias"),
        "attention.output": ("self_attn.out_proj.weight", "self_attn.out_proj.bias"),
        "feedForward.up": ("linear1.weight", "linear1.bias"),
        "feedForward.down": ("linear2.weight", "linear2.bias"),
    }
    norms = {"attention.norm": "norm1", "feedForward.norm": "norm2"}
    found = {}
    for ours, (kernel, bias) in linears.items():
        found[kernel] = weights[f"{block}.{ours}.kernel"].T
        found[bias] = weights[f"{block}.{ours}.bias"]
    for ours, theirs in norms.items():
        found[f"{theirs}.weight"] = weights[f"{block}.{ours}.scale"]
        found[f"{theirs}.bias"] = weights[f"{block}.{ours}.offset"]
    return found


def tower(weights, prefix, x, norm_kind):
    def norm(x):
        scale, offset = weights[f"{prefix}norm.scale"], weights[f"{prefix}norm.offset"]
        return functional.layer_norm(x, [DIMENSION], scale, offset, eps=1e-12)

    if norm_kind == "post":
        x = norm(x)
    forbidden = torch.ones(len(x), len(x), dtype=torch.bool).triu(1)
    for block in range(BLOCKS):
        own = layer_weights(weights, f"{prefix}block{block}")
        module = layer(norm_kind)
        x = functional_call(module, own, (x[None],), {"src_mask": forbidden})[0]
    return norm(x) if norm_kind == "pre" else x


def golden(case):
    weights = {
        name: wave(shape, 0.3, order, 1.0 if name.endswith(".scale") else 0.0).requires_grad_()
        for order, (name, shape) in enumerate(parameter_shapes(case).items())
    }
    items = item_vectors(weights, case)
    hidden = []
    buckets = iter(bucket for bucket, cell in zip(BUCKETS, CELLS["segments"]) if cell > 0)
    for sequence in SEQUENCES:
        parts = items[sequence].split(DIMENSION, dim=1)
        places = weights["positions"][: len(sequence)]
        since = [next(buckets) for _ in sequence]
        if "positions" in case:
            places = places + weights["intervals"][since]
        hidden.append(
            torch.cat(
                [
                    tower(weights, prefix, part + places, case["norm"])
                    for prefix, part in zip(towers(case), parts)
                ],
                1,
            )
        )
    vectors = torch.cat(hidden)
    loss = weighted_sum(vectors) + weighted_sum(items)
    loss.backward()
    gradients = {
        name: flat(torch.zeros_like(weight) if weight.grad is None else weight.grad)
        for name, weight in weights.items()
    }
    return {"positions": "learned", **case, "items": flat(items), "hidden": flat(vectors), "gradients": gradients}


if __name__ == "__main__":
    result = {
        "source": f"torch {torch.__version__.split('+')[0]}: python streams.py > streams.json",
        "tokens": {**CELLS, "intervals": BUCKETS},
        "intervalCount": INTERVALS,
        "widths": WIDTHS,
        "present": PRESENT,
        "cases": [golden(case) for case in CASES],
    }
    print(json.dumps(result, separators=(",", ":")))
