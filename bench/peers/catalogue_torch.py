"""PyTorch's side of bench/catalogue.mjs: a sparse embedding table, SparseAdam and a sampled softmax.

    python catalogue_torch.py '{"kind": "steps", "itemCount": 1000000, …}'

Sets one case up, says so in a line of JSON, and answers each line until its input ends. The encoder is
that of sasrec_torch.py, its items a table whose gradients are sparse.
"""

import json
import sys
import time
from types import SimpleNamespace

import torch
import torch.nn.functional as F

from sasrec_torch import SASRec

task = json.loads(sys.argv[1])
torch.set_num_threads(task["threads"])
torch.manual_seed(1)
items, width, length = task["itemCount"], task["width"], task["length"]


def step_cases():
    """Pretraining: cross-entropy of each position's target among itself and shared candidates."""
    model = SASRec(
        1, SimpleNamespace(dimension=width, length=length, blocks=2, heads=2, dropout=0.4)
    )
    model.items = torch.nn.Embedding(items, width, sparse=True)
    torch.nn.init.normal_(model.items.weight, std=0.02)
    rest = [value for name, value in model.named_parameters() if not name.startswith("items.")]
    optimizers = [
        torch.optim.SparseAdam([model.items.weight], 1e-3),
        torch.optim.Adam(rest, 1e-3, foreach=True),
    ]
    rows = task["rowCount"]
    sequences = (torch.rand(4 * rows, length + 1) ** 2 * items).long().view(4, rows, length + 1)
    model.train()

    def step(index):
        batch = sequences[index % 4]
        # Uniform, so that the logarithm of how likely each is to be drawn is one constant.
        candidates = torch.randint(0, items, (task["candidates"],))
        targets = batch[:, 1:].reshape(-1)
        hidden = model(batch[:, :-1]).reshape(-1, width)
        own = (hidden * model.items(targets)).sum(1, keepdim=True)
        others = hidden @ model.items(candidates).T
        others = others.masked_fill(candidates[None] == targets[:, None], -torch.inf)
        loss = F.cross_entropy(torch.cat([own, others], 1), torch.zeros_like(targets))
        for optimizer in optimizers:
            optimizer.zero_grad(set_to_none=True)
        loss.backward()
        for optimizer in optimizers:
            optimizer.step()

    # Moments are zeros that take no memory until they are written: here as after an epoch.
    step(0)
    for state in optimizers[0].state.values():
        for moments in state.values():
            if torch.is_tensor(moments):
                moments.add_(0)

    count = 0

    def answer(request):
        nonlocal count
        milliseconds = []
        for _ in range(request["runs"]):
            started = time.perf_counter()
            step(count)
            count += 1
            milliseconds.append((time.perf_counter() - started) * 1000)
        return {"milliseconds": milliseconds}

    return answer


def rank_case():
    """The scores of a block of users for all items, and the best of them."""
    table = torch.randn(items, width)
    users = torch.randn(task["userCount"], width)
    goals = torch.full((task["userCount"], 1), 20.0)
    block = 256

    def answer(request):
        started = time.perf_counter()
        with torch.no_grad():
            for begin in range(0, len(users), block):
                scores = users[begin : begin + block] @ table.T
                if request["kind"] == "counts":
                    (scores >= goals[begin : begin + block]).sum(1)
                else:
                    scores.topk(task["listed"])
        return {"seconds": time.perf_counter() - started}

    return answer


answer = {"steps": step_cases, "rank": rank_case}[task["kind"]]()
print(json.dumps({"ready": True, "version": torch.__version__}), flush=True)
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
