"""PyTorch's side of bench/engine.mjs: eager or compiled, from PyTorch 1.13 on.

    python engine_torch.py '{"case": "a", "folder": …, "threads": 2, "compiled": false, …}'

Sets up one case from the weights and inputs in `folder`, says so in a line of JSON, and then
answers each line `{"runs": 5}` with the milliseconds and the loss of that many runs, until its
input ends. Model, epoch and ranking are those of sasrec_torch.py.
"""

import json
import os
import sys
import time
from types import SimpleNamespace

import numpy as np
import torch
import torch.nn.functional as F

from sasrec_torch import SASRec, ranks, read_sequences, train_epoch, training_part


def read_safetensors(path):
    """Debian's PyTorch comes without the safetensors package."""
    types = {"F32": np.float32, "I32": np.int32}
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        body = file.read()
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = np.frombuffer(body[begin:end], types[entry["dtype"]]).reshape(entry["shape"])
        tensors[name] = torch.from_numpy(values.copy())
    return tensors


def build_model(task, weights):
    shape = task.shape
    options = SimpleNamespace(
        dimension=shape["dimension"],
        length=shape["length"],
        blocks=shape["blockCount"],
        heads=shape["headCount"],
        dropout=shape.get("dropout", 0.0),
    )
    model = SASRec(shape["itemCount"], options)
    ours = {"items": "items.weight", "positions": "positions.weight"}
    named = {"norm.scale": "norm.weight", "norm.offset": "norm.bias"}
    for block in range(options.blocks):
        for linear, torch_name in [
            ("attention.projection", "qkv"),
            ("attention.output", "out"),
            ("feedForward.up", "up"),
            ("feedForward.down", "down"),
        ]:
            ours[f"block{block}.{linear}.kernel"] = f"blocks.{block}.{torch_name}.weight"
            ours[f"block{block}.{linear}.bias"] = f"blocks.{block}.{torch_name}.bias"
        for norm, torch_name in [("attention.norm", "norm1"), ("feedForward.norm", "norm2")]:
            named[f"block{block}.{norm}.scale"] = f"blocks.{block}.{torch_name}.weight"
            named[f"block{block}.{norm}.offset"] = f"blocks.{block}.{torch_name}.bias"
    # A Linear's weight is [out, in], a kernel of ours [in, out].
    state = {
        theirs: weights[name].T if name.endswith(".kernel") else weights[name]
        for name, theirs in {**ours, **named}.items()
    }
    model.load_state_dict(state)
    return model


def optimizer_of(model):
    # On CPUs foreach and fused are as fast as each other, and no slower than the plain loop.
    return torch.optim.Adam(model.parameters(), 1e-3, foreach=True)


def compiled_if(task, function):
    return torch.compile(function) if task.compiled else function


def train_by(optimizer, loss_of):
    def run():
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of()
        loss.backward()
        optimizer.step()
        return loss.item()

    return run


def training_step(task, tensors, weights):
    """Cases a, b, c: the last position's logits against all items."""
    model = build_model(task, weights)
    inputs, targets = tensors["items"].long(), tensors["targets"].long()
    inputs = inputs.view(-1, task.shape["length"])

    def loss_of():
        return F.cross_entropy(model(inputs)[:, -1] @ model.items.weight.T, targets)

    return train_by(optimizer_of(model), compiled_if(task, loss_of)), {}


def preference_step(task, tensors, weights):
    """Case d: DPO with a negative from the top-K pool, and cross-entropy on the same logits."""
    model = build_model(task, weights)
    inputs, chosen = tensors["items"].long(), tensors["targets"].long()
    inputs = inputs.view(-1, task.shape["length"])
    reference, reference_items = tensors["reference"], weights["items"].clone()
    size, beta = task.shape["poolSize"], task.shape["beta"]

    def pool_of(logits):
        masked = logits.scatter(1, chosen[:, None], -torch.inf)
        return masked.topk(size).indices

    def loss_of():
        logits = model(inputs)[:, -1] @ model.items.weight.T
        draw = torch.randint(0, size, (len(chosen), 1))
        rejected = pool_of(logits.detach()).gather(1, draw)[:, 0]
        # The normaliser of the log-probabilities cancels in their difference.
        policy = logits.gather(1, chosen[:, None]) - logits.gather(1, rejected[:, None])
        of_chosen = (reference * reference_items[chosen]).sum(-1)
        of_rejected = (reference * reference_items[rejected]).sum(-1)
        margin = policy[:, 0] - (of_chosen - of_rejected)
        return -F.logsigmoid(beta * margin).mean() + F.cross_entropy(logits, chosen)

    with torch.no_grad():
        pool = pool_of(model(inputs)[:, -1] @ model.items.weight.T)
    run = train_by(optimizer_of(model), compiled_if(task, loss_of))
    return run, {"pool": pool.tolist()}


def full_ranking(task, tensors, weights):
    """Case e: the rank of each user's last item among all."""
    model = build_model(task, weights)
    users = read_sequences(task.sequences)
    length = task.shape["length"]
    histories, targets = [user[:-1] for user in users], [user[-1] for user in users]
    forward = compiled_if(task, model)

    def rank():
        if not task.sorted:
            return ranks(forward, histories, targets, length)
        order = sorted(range(len(users)), key=lambda user: len(histories[user]))
        found = ranks(forward, [histories[u] for u in order], [targets[u] for u in order], length)
        unsorted = torch.empty_like(found)
        unsorted[order] = found
        return unsorted

    found = rank()
    return lambda: (1 / rank()).mean().item(), {"ranks": found.long().tolist()}


def training_epoch(task, tensors, weights):
    """Case f: cross-entropy at every position, with dropout."""
    model = build_model(task, weights)
    train = training_part(read_sequences(task.sequences), task.shape["length"])
    order = np.random.default_rng(1)
    optimizer = optimizer_of(model)
    forward = compiled_if(task, model)
    batch = task.shape["batch"]
    train_epoch(forward, optimizer, train, batch, order.permutation(len(train))[: 4 * batch])
    permuted = lambda: order.permutation(len(train))
    return lambda: train_epoch(forward, optimizer, train, batch, permuted()), {}


CASES = {
    "trainingStep": training_step,
    "preferenceStep": preference_step,
    "fullRanking": full_ranking,
    "trainingEpoch": training_epoch,
}


def timed(run, count):
    milliseconds, values = [], []
    for _ in range(count):
        started = time.perf_counter()
        values.append(run())
        milliseconds.append(1000 * (time.perf_counter() - started))
    return {"milliseconds": milliseconds, "values": values}


def main():
    task = SimpleNamespace(**json.loads(sys.argv[1]))
    torch.set_num_threads(task.threads)
    torch.manual_seed(1)
    if task.compiled and not hasattr(torch, "compile"):
        print(json.dumps({"absent": "torch.compile came with PyTorch 2"}), flush=True)
        return
    tensors = read_safetensors(os.path.join(task.folder, "inputs.safetensors"))
    weights = read_safetensors(os.path.join(task.folder, "weights.safetensors"))
    run, facts = CASES[task.kind](task, tensors, weights)
    warm = timed(run, task.warmUp)
    print(json.dumps({"version": torch.__version__, **facts, **warm}), flush=True)
    for line in sys.stdin:
        print(json.dumps(timed(run, json.loads(line)["runs"])), flush=True)


if __name__ == "__main__":
    main()
