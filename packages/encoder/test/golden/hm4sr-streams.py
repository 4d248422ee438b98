"""Values, losses and gradients of HM4SR from PyTorch, as JSON for `hm4sr/golden.test.ts`.

Written from the formulas of Zhang et al., https://arxiv.org/abs/2501.14269, one sequence at a time:
each alignment expert is one layer from all streams to all, and each tower is made of torch's own
`TransformerEncoderLayer`. Every weight is `scale * sin(index * 0.7 + phase)`, which both sides
compute for themselves.

    pip install -r requirements-hm4sr.txt
    python hm4sr-streams.py > hm4sr.json    (float64; then format with biome)
"""

import json
import math

import torch
from torch import nn
from torch.nn import functional

torch.set_default_dtype(torch.float64)

ITEMS, LENGTH, DIMENSION, HEADS, INTERVALS, CATEGORIES, EXPERTS = 7, 5, 4, 2, 6, 3, 3
TEMPERATURES = {"id": 0.2, "placeholder": 0.7}
SHARE = 0.4
WIDTHS = {"text": 3, "image": 5}
PRESENT = {
    "text": [1, 1, 0, 1, 1, 1, 1],
    "image": [1, 0, 1, 1, 1, 0, 1],
    "categories": [1, 1, 1, 0, 1, 1, 1],
}
LABELS = [[1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 0, 1], [0, 1, 1], [0, 0, 0], [1, 0, 1]]
# Two rows of 6. Row 1: sequences of 3 and 2 and one cell of padding; row 2: one of 5.
SPANS = [(0, 3), (3, 5), (6, 11)]
CELLS = {
    "items": [1, 4, 2, 6, 1, 0, 0, 3, 3, 5, 2, 0],
    "positions": [0, 1, 2, 0, 1, 0, 0, 1, 2, 3, 4, 0],
    "segments": [1, 1, 1, 2, 2, 0, 1, 1, 1, 1, 1, 0],
    "targets": [4, 2, 5, 1, 3, 0, 3, 3, 5, 2, 5, 0],
    "intervals": [0, 3, 5, 0, 1, 0, 0, 2, 0, 4, 5, 0],
    "times": [0.1, 0.2, 0.7, 0.3, 0.35, 0, 0, 0.15, 0.15, 0.6, 1, 0],
    # A draw below SHARE hides its token.
    "draws": [0.9, 0.1, 0.5, 0.3, 0.6, 0.2, 0.8, 0.39, 0.4, 0.05, 0.7, 0.1],
}
CASES = [
    {"name": "dense, with times", "vectors": ["image", "text"], "active": 3, "times": True},
    {"name": "sparse, with times", "vectors": ["image", "text"], "active": 1, "times": True},
    {"name": "sparse, without times", "vectors": ["text"], "active": 2, "times": False},
]


def wave(shape, scale, phase, centre=0.0):
    index = torch.arange(math.prod(shape))
    return (centre + scale * torch.sin(index * 0.7 + phase)).reshape(shape)


def parameter_shapes(case):
    streams = ["id", *case["vectors"]]
    d, all_streams = DIMENSION, len(streams) * DIMENSION
    shapes = {"items": [ITEMS, d], "positions": [LENGTH, d]}

    def linear(name, inner, outer):
        shapes[f"{name}.kernel"], shapes[f"{name}.bias"] = [inner, outer], [outer]

    def norm(name):
        shapes[f"{name}.scale"], shapes[f"{name}.offset"] = [d], [d]

    for name in case["vectors"]:
        linear(name, WIDTHS[name], d)
        shapes[f"{name}.missing"] = [d]
        if case["times"]:
            linear(f"placeholder.{name}", 2 * d, d)
        else:
            shapes[f"placeholder.{name}.vector"] = [d]
    for name in streams:
        linear(f"alignment.{name}.router", d, EXPERTS)
        shapes[f"alignment.{name}.experts.kernel"] = [EXPERTS, all_streams, d]
        shapes[f"alignment.{name}.experts.bias"] = [EXPERTS, d]
        shapes[f"alignment.{name}.weight"] = [1]
        norm(f"{name}.norm")
        for block in ["block0", "block1"]:
            linear(f"{name}.{block}.attention.projection", d, 3 * d)
            linear(f"{name}.{block}.attention.output", d, d)
            norm(f"{name}.{block}.attention.norm")
            linear(f"{name}.{block}.feedForward.up", d, 2 * d)
            linear(f"{name}.{block}.feedForward.down", 2 * d, d)
            norm(f"{name}.{block}.feedForward.norm")
    if case["times"]:
        shapes["temporal.intervals"] = [INTERVALS, d]
        linear("temporal.absolute", 1, d)
        linear("temporal.router", 2 * d, EXPERTS)
        shapes["temporal.experts"] = [EXPERTS, all_streams]
    linear("categories", all_streams, CATEGORIES)
    return shapes


def make_parameters(case):
    """Some weights are larger, so that every part matters."""

    def centre(name):
        return 1.0 if name.endswith(".scale") else 0.0

    def scale(name):
        return 2.0 if "router" in name or name.startswith("temporal.absolute") else 0.5

    return {
        name: wave(shape, scale(name), order, centre(name)).requires_grad_()
        for order, (name, shape) in enumerate(parameter_shapes(case).items())
    }


class Model:
    def __init__(self, case):
        self.case = case
        self.weights = make_parameters(case)
        self.streams = ["id", *case["vectors"]]

    def linear(self, x, name):
        return functional.linear(x, self.weights[f"{name}.kernel"].T, self.weights[f"{name}.bias"])

    def item_streams(self):
        known = {"id": self.weights["items"]}
        for name in self.case["vectors"]:
            features = wave([ITEMS, WIDTHS[name]], 1.0, 0.2 + WIDTHS[name])
            present = torch.tensor(PRESENT[name]).bool()[:, None]
            projected = self.linear(features, name)
            known[name] = torch.where(present, projected, self.weights[f"{name}.missing"])
        return known

    def time_embedding(self, span):
        intervals = torch.tensor(CELLS["intervals"][slice(*span)])
        times = torch.tensor(CELLS["times"][slice(*span)], dtype=torch.float64)
        phases = self.linear(times[:, None], "temporal.absolute")
        slowing = 10000.0 ** (-torch.arange(DIMENSION) / DIMENSION)
        return torch.cat([self.weights["temporal.intervals"][intervals], torch.cos(phases * slowing)], 1)

    def align(self, streams):
        x = torch.cat([streams[name] for name in self.streams], 1)
        # One layer from all streams to all for each expert, as HM4SR has it.
        outputs = []
        for expert in range(EXPERTS):
            kernels = [self.weights[f"alignment.{name}.experts.kernel"][expert] for name in self.streams]
            biases = [self.weights[f"alignment.{name}.experts.bias"][expert] for name in self.streams]
            outputs.append(functional.linear(x, torch.cat(kernels, 1).T, torch.cat(biases)))
        aligned = {}
        for index, name in enumerate(self.streams):
            gates = self.gates(streams[name], f"alignment.{name}.router")
            columns = slice(index * DIMENSION, (index + 1) * DIMENSION)
            mixed = sum(gates[:, [e]] * outputs[e][:, columns] for e in range(EXPERTS))
            aligned[name] = streams[name] + self.weights[f"alignment.{name}.weight"] * mixed
        return aligned

    def gates(self, x, name):
        """Softmax; of fewer than all experts only the best keep theirs, summing to 1 if several."""
        shares = functional.softmax(self.linear(x, name), -1)
        best = torch.zeros_like(shares).scatter(-1, shares.topk(self.case["active"]).indices, 1.0)
        kept = shares * best
        return kept if self.case["active"] == 1 else kept / kept.sum(-1, keepdim=True)

    def tower(self, x, name):
        weight = self.weights
        x = functional.layer_norm(
            x, [DIMENSION], weight[f"{name}.norm.scale"], weight[f"{name}.norm.offset"], eps=1e-12
        )
        layer = nn.TransformerEncoderLayer(
            DIMENSION, HEADS, 2 * DIMENSION, 0.0, "gelu", layer_norm_eps=1e-12, batch_first=True
        )
        causal = nn.Transformer.generate_square_subsequent_mask(len(x))
        for block in [f"{name}.block0", f"{name}.block1"]:
            named = {
                "self_attn.in_proj_weight": weight[f"{block}.attention.projection.kernel"].T,
                "self_attn.in_proj_bias": weight[f"{block}.attention.projection.bias"],
                "self_attn.out_proj.weight": weight[f"{block}.attention.output.kernel"].T,
                "self_attn.out_proj.bias": weight[f"{block}.attention.output.bias"],
                "linear1.weight": weight[f"{block}.feedForward.up.kernel"].T,
                "linear1.bias": weight[f"{block}.feedForward.up.bias"],
                "linear2.weight": weight[f"{block}.feedForward.down.kernel"].T,
                "linear2.bias": weight[f"{block}.feedForward.down.bias"],
                "norm1.weight": weight[f"{block}.attention.norm.scale"],
                "norm1.bias": weight[f"{block}.attention.norm.offset"],
                "norm2.weight": weight[f"{block}.feedForward.norm.scale"],
                "norm2.bias": weight[f"{block}.feedForward.norm.offset"],
            }
            x = torch.func.functional_call(layer, named, (x[None],), {"src_mask": causal})[0]
        return x

    def encode(self, span):
        """One sequence by itself: the packed encoder must give the same, wherever it lies."""
        items = torch.tensor(CELLS["items"][slice(*span)])
        positions = self.weights["positions"][: len(items)]
        known = {name: table[items] for name, table in self.item_streams().items()}
        streams = self.align({name: x + positions for name, x in known.items()})
        time = self.time_embedding(span) if self.case["times"] else None
        if time is not None:
            gates = functional.softmax(self.linear(time, "temporal.router"), -1)
            factors = (gates @ self.weights["temporal.experts"]).split(DIMENSION, 1)
            streams = {name: streams[name] * factors[i] for i, name in enumerate(self.streams)}
        hidden = {name: self.tower(x, name) for name, x in streams.items()}
        draws = torch.tensor(CELLS["draws"][slice(*span)])[:, None]
        augmented = {}
        for name in self.case["vectors"]:
            placeholder = (
                self.weights[f"placeholder.{name}.vector"]
                if time is None
                else self.linear(time, f"placeholder.{name}")
            )
            augmented[name] = self.tower(torch.where(draws < SHARE, placeholder, streams[name]), name)
        return known, hidden, augmented

    def category_loss(self, known):
        items = torch.cat([torch.tensor(CELLS["items"][slice(*span)]) for span in SPANS])
        counted = torch.tensor(PRESENT["categories"]).bool()[items]
        logits = self.linear(known, "categories")[counted]
        labels = torch.tensor(LABELS, dtype=torch.float64)[items][counted]
        return functional.binary_cross_entropy_with_logits(logits, labels)


def contrast(anchors, positives, ids, temperature):
    """InfoNCE; other rows with the same id are not in the denominator."""
    cosines = functional.cosine_similarity(anchors[:, None], positives[None], dim=-1) / temperature
    losses = []
    for row, own in enumerate(ids):
        others = [column for column, other in enumerate(ids) if other != own or column == row]
        losses.append(torch.logsumexp(cosines[row, others], 0) - cosines[row, row])
    return torch.stack(losses).mean()


def flat(tensor):
    return [round(value, 7) for value in tensor.detach().flatten().tolist()]


def weighted_sum(values):
    return (values * wave(list(values.shape), 1.0, 0.5)).sum()


def run(case):
    model = Model(case)
    encoded = [model.encode(span) for span in SPANS]
    join = lambda part, names: [torch.cat([e[part][name] for e in encoded]) for name in names]
    last = lambda part, name: torch.stack([e[part][name][-1] for e in encoded])
    known = torch.cat(join(0, model.streams), 1)
    hidden = torch.cat(join(1, model.streams), 1)
    items = torch.cat(list(model.item_streams().values()), 1)
    targets = [target for span in SPANS for target in CELLS["targets"][slice(*span)]]
    last_targets = [CELLS["targets"][end - 1] for _, end in SPANS]
    losses = {
        "idContrast": contrast(
            hidden[:, :DIMENSION], model.weights["items"][targets], targets, TEMPERATURES["id"]
        ),
        "placeholderContrast": torch.stack([
            contrast(last(1, name), last(2, name), last_targets, TEMPERATURES["placeholder"])
            for name in case["vectors"]
        ]).mean(),
        "categories": model.category_loss(known),
    }
    weights = {"idContrast": 1.5, "placeholderContrast": 2.5, "categories": 0.5}
    auxiliary = sum(weights[name] * loss for name, loss in losses.items())
    (weighted_sum(hidden) + weighted_sum(items) + auxiliary).backward()
    return {
        **case,
        "items": flat(items),
        "hidden": flat(hidden),
        "scores": flat(hidden @ items.T),
        "losses": {name: loss.item() for name, loss in losses.items()},
        "weights": weights,
        "auxiliary": auxiliary.item(),
        "gradients": {name: flat(weight.grad) for name, weight in model.weights.items()},
    }


if __name__ == "__main__":
    golden = {
        "source": f"torch {torch.__version__.split('+')[0]}: python hm4sr-streams.py > hm4sr.json",
        "tokens": CELLS,
        "present": PRESENT,
        "labels": LABELS,
        "widths": WIDTHS,
        "temperatures": TEMPERATURES,
        "share": SHARE,
        "cases": [run(case) for case in CASES],
    }
    print(json.dumps(golden, separators=(",", ":")))
