"""A whole tiny run in PyTorch and float64: the independent reference for `rodpo run`.

Pretraining by softmax or gBCE, alignment by DPO and S-DPO on every kind of negatives against the
frozen pretrained model, early stopping by validation NDCG@10, and the table. Chance comes from a
file: initial weights, the users of every step in their order, and the uniform numbers of every
token. All else is computed here, one padded row per user.

    GOLDEN_INPUTS=/tmp/golden npx vitest run --config tooling/vitest.config.ts \
        --project apps/pipeline golden-run -t GOLDEN_INPUTS
    pip install -r requirements.txt
    python align_torch.py /tmp/golden/softmax.json > ../../apps/pipeline/test/golden/softmax.json
    python align_torch.py /tmp/golden/gbce.json > ../../apps/pipeline/test/golden/gbce.json
    npx biome check --config-path=tooling --write apps/pipeline/test/golden
"""

import argparse
import copy
import json
import platform
from types import SimpleNamespace

import numpy as np
import torch
import torch.nn.functional as F

from sasrec_torch import SASRec, metrics, pad, ranks, training_part


def place(uniform, count):
    """floor(uniform · count) in float32, below count."""
    return min(int(np.floor(np.float32(uniform) * np.float32(count))), count - 1)


def popularity(counts, exponent):
    """Integer weights in proportion to counts^exponent, their sum just below 2^24."""
    powers = [count**exponent if count else 0.0 for count in counts]
    scale = (2**24 - 1 - sum(1 for count in counts if count)) / sum(powers)
    # Rounds half up, as JavaScript does.
    return [max(1, int(np.floor(p * scale + 0.5))) if c else 0 for p, c in zip(powers, counts)]


class Run:
    def __init__(self, inputs):
        self.config, self.stages = inputs["config"], inputs["stages"]
        self.users, self.item_count = inputs["sequences"], inputs["itemCount"]
        encoder = self.config["encoder"]
        self.length = encoder["maxLength"]
        self.closest = float("inf")
        self.train = [self.training_part(user) for user in self.users]
        self.model = SASRec(
            self.item_count,
            SimpleNamespace(
                dropout=0.0,
                dimension=encoder["dimension"],
                length=self.length,
                blocks=encoder["blockCount"],
                heads=encoder["headCount"],
            ),
        )
        load(self.model, inputs["weights"], encoder["blockCount"])

    def training_part(self, user):
        return training_part([user], self.length)[0] if len(user) > 2 else user[-self.length - 1 :]

    def tokens(self, users):
        """What was read, which cells are tokens, what came next, and whose each token is."""
        parts = [self.train[user] for user in users]
        rows = pad([part[:-1] for part in parts])
        lengths = torch.tensor([len(part) - 1 for part in parts])
        real = torch.arange(rows.shape[1])[None, :] < lengths[:, None]
        targets = [item for part in parts for item in part[1:]]
        owners = [user for user, part in zip(users, parts) for _ in part[1:]]
        return rows, real, targets, owners

    def held_out(self, model, back):
        """Figures of the items so many from the end: 2 validates, 1 tests."""
        users = [user for user in self.users if len(user) > 2]
        histories, targets = [u[:-back] for u in users], [u[-back] for u in users]
        return metrics(ranks(model, histories, targets, self.length))

    def note_closest(self, scores, ranked, drawn):
        """How near the score of another item came to that of a drawn one: whether rounding decided."""
        places = [ranked.index(item) for item in drawn]
        sorted_scores = scores[ranked].tolist()
        for at in places:
            for one, two in ((at - 1, at), (at, at + 1)):
                if one >= 0 and two < len(ranked):
                    self.closest = min(self.closest, sorted_scores[one] - sorted_scores[two])

    def uniform_draws(self, owners, uniforms):
        drawn = []
        for user, own in zip(owners, uniforms):
            left = sorted(set(range(self.item_count)) - set(self.train[user]))
            drawn.append([left[place(u, len(left))] for u in own])
        return drawn


def load(model, weights, block_count):
    def array(name):
        return torch.tensor(weights[name]["data"], dtype=torch.float64).reshape(weights[name]["shape"])

    def linear(module, name):
        module.weight.data = array(f"{name}.kernel").T.contiguous()
        module.bias.data = array(f"{name}.bias")

    def norm(module, name):
        module.weight.data, module.bias.data = array(f"{name}.scale"), array(f"{name}.offset")

    model.items.weight.data, model.positions.weight.data = array("items"), array("positions")
    norm(model.norm, "norm")
    for index, block in zip(range(block_count), model.blocks):
        name = f"block{index}"
        linear(block.qkv, f"{name}.attention.projection")
        linear(block.out, f"{name}.attention.output")
        linear(block.up, f"{name}.feedForward.up")
        linear(block.down, f"{name}.feedForward.down")
        norm(block.norm1, f"{name}.attention.norm")
        norm(block.norm2, f"{name}.feedForward.norm")


def pretrain_loss(run, model, step):
    rows, real, targets, owners = run.tokens(step["users"])
    hidden, goal = model(rows)[real], torch.tensor(targets)
    loss = run.config["pretrain"]["loss"]
    if loss["kind"] == "softmax":
        return F.cross_entropy(hidden @ model.items.weight.T, goal)
    drawn = torch.tensor(run.uniform_draws(owners, step["uniforms"]))
    count = drawn.shape[1]
    alpha = count / (run.item_count - 1)
    t = loss["calibration"]
    beta = alpha * (t * (1 - 1 / alpha) + 1 / alpha)
    chosen = (hidden * model.items(goal)).sum(-1)
    rejected = (hidden[:, None] * model.items(drawn)).sum(-1)
    # log σ(x)^β is β log σ(x).
    terms = beta * F.logsigmoid(chosen) + F.logsigmoid(-rejected).sum(-1)
    return (-terms / (count + 1)).mean()


def draw(run, strategy, hidden, items, targets, owners, uniforms):
    """Rejected items of every token; None where there is nothing to draw."""
    negatives = strategy["negatives"]
    if negatives["from"] == "catalogue":
        return run.uniform_draws(owners, uniforms)
    scores = hidden @ items.T if negatives["from"] == "pool" else None
    counts = np.bincount([i for part in run.train for i in part], minlength=run.item_count)
    drawn = []
    for token, (user, own) in enumerate(zip(owners, uniforms)):
        known = set(run.train[user])
        if negatives["from"] == "pool":
            order = torch.sort(scores[token], descending=True, stable=True).indices.tolist()
            ranked = [item for item in order if item not in known]
            left = ranked[: negatives["size"]]
            drawn.append([left.pop(place(u, len(left))) for u in own])
            run.note_closest(scores[token], ranked, drawn[-1])
        elif negatives["from"] == "batch":
            left = sorted(item for item in targets if item not in known)
            drawn.append([left[place(u, len(left))] for u in own] if left else None)
        else:
            weights = popularity(counts.tolist(), negatives["exponent"])
            line = np.cumsum([0 if i in known else w for i, w in enumerate(weights)])
            at = [place(u, int(line[-1])) for u in own]
            drawn.append([int(np.searchsorted(line, point, side="right")) for point in at])
    return drawn


def align_loss(run, model, reference, strategy, step):
    align = {**run.config["align"], **strategy}
    rows, real, targets, owners = run.tokens(step["users"])
    hidden, goal = model(rows)[real], torch.tensor(targets)
    with torch.no_grad():
        frozen = reference(rows)[real]
        drawn = draw(run, strategy, hidden, model.items.weight, targets, owners, step["uniforms"])
    valid = torch.tensor([items is not None for items in drawn])
    rejected = torch.tensor([items or [0] * strategy["count"] for items in drawn])

    def margin(vectors, items):
        chosen = (vectors * items(goal)).sum(-1, keepdim=True)
        return chosen - (vectors[:, None] * items(rejected)).sum(-1)

    difference = align["beta"] * (margin(hidden, model.items) - margin(frozen, reference.items).detach())
    if strategy["loss"] == "dpo":
        losses = -F.logsigmoid(difference[:, 0])
    else:
        # The chosen item among all by softmax of implicit rewards.
        rewards = torch.cat([torch.zeros(len(goal), 1), -difference], 1)
        losses = -torch.log_softmax(rewards, 1)[:, 0]
    entropy = F.cross_entropy(hidden @ model.items.weight.T, goal)
    return losses[valid].mean() + align["crossEntropyWeight"] * entropy


def fit(run, model, epochs, settings, loss_of):
    """Trains, stops early, leaves the best weights in `model`, and tells every step."""
    optimizer = torch.optim.Adam(model.parameters(), settings["learningRate"])
    losses, norms = [], []
    best, best_epoch, best_state = -1.0, 0, None
    for epoch, steps in enumerate(epochs[: settings["maxEpochs"]], 1):
        for step in steps:
            optimizer.zero_grad(set_to_none=False)
            loss = loss_of(step)
            loss.backward()
            squares = [p.grad.square().sum() for p in model.parameters() if p.grad is not None]
            losses.append(loss.item())
            norms.append(torch.stack(squares).sum().sqrt().item())
            optimizer.step()
        figure = run.held_out(model, 2)["ndcg@10"]
        if figure > best:
            best, best_epoch, best_state = figure, epoch, copy.deepcopy(model.state_dict())
        if epoch - best_epoch >= settings["patience"]:
            break
    model.load_state_dict(best_state)
    return {"bestEpoch": best_epoch, "epochs": epoch, "losses": losses, "gradientNorms": norms}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("inputs")
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    with open(parser.parse_args().inputs) as file:
        run = Run(json.load(file))
    model = run.model
    settings = run.config["pretrain"]
    stages = {
        "pretrain": fit(
            run, model, run.stages["pretrain"], settings, lambda step: pretrain_loss(run, model, step)
        )
    }
    table = {"pretrained": {"validation": run.held_out(model, 2), "test": run.held_out(model, 1)}}
    for strategy in run.config["align"]["strategies"]:
        name, policy = strategy["name"], copy.deepcopy(model)
        run.closest = float("inf")
        stages[name] = fit(
            run,
            policy,
            run.stages[name],
            {**run.config["align"], **strategy},
            lambda step: align_loss(run, policy, model, strategy, step),
        )
        if strategy["negatives"]["from"] == "pool":
            stages[name]["closestScores"] = run.closest
        table[name] = {"validation": run.held_out(policy, 2), "test": run.held_out(policy, 1)}
    versions = {"python": platform.python_version(), "torch": torch.__version__, "numpy": np.__version__}
    rounded = json.loads(json.dumps({"stages": stages, "table": table}), parse_float=lambda x: round(float(x), 9))
    print(json.dumps({"versions": versions, **rounded}))


if __name__ == "__main__":
    main()
