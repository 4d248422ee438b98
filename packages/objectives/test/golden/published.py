"""Losses as their papers or authors' code define them, in float64, with PyTorch's autograd.

Run in this package, in an environment of test/golden/requirements-published.txt (Python 3.11):
python test/golden/published.py > test/golden/published.json
(then biome formats the file: pnpm fix).

Each case holds inputs (rounded to float32, so that both sides start from the same), losses per row
and the gradients of `sum_i upstream_i * loss_i`. SimPO and CPO run TRL's own `CPOTrainer.cpo_loss`,
TR-DPO its `SyncRefModelCallback`, DynamicPO's clusters scikit-learn's KMeans.
"""

import itertools
import json
import math
from types import SimpleNamespace

import numpy
import torch
import torch.nn.functional as F
from sklearn.cluster import KMeans
from trl.experimental.cpo import CPOTrainer
from trl.trainer.callbacks import SyncRefModelCallback

torch.set_default_dtype(torch.float64)


def wave(shape, frequency, amplitude=1.0):
    """Values without randomness, rounded to float32."""
    values = [amplitude * math.sin(frequency * (i + 1)) for i in range(math.prod(shape))]
    return torch.tensor(values, dtype=torch.float32).double().reshape(shape)


def packed(tensor):
    return {"shape": list(tensor.shape), "data": tensor.flatten().tolist()}


def rounded(tensors):
    return {name: value.float().double() for name, value in tensors.items()}


def case(loss, inputs, options=None, constants=None):
    """What `loss(**inputs, **constants, **options)` gives per row, and its gradients by `inputs`."""
    options = options or {}
    inputs, constants = rounded(inputs), rounded(constants or {})
    leaves = {name: value.clone().requires_grad_() for name, value in inputs.items()}
    losses = loss(**leaves, **constants, **options)
    upstream = 1 + 0.25 * torch.arange(len(losses))
    (losses * upstream).sum().backward()
    return {
        "options": options,
        "inputs": {name: packed(value) for name, value in inputs.items()},
        "constants": {name: packed(value) for name, value in constants.items()},
        "upstream": upstream.tolist(),
        "losses": losses.tolist(),
        "gradients": {name: packed(leaf.grad)["data"] for name, leaf in leaves.items()},
    }


def lists(rows, negatives, amplitude, reference=True):
    """Scores of a policy, and of its reference as constants."""
    policy = {
        "chosen": wave([rows], 1.3, amplitude),
        "rejected": wave([rows, negatives], 2.1, amplitude),
    }
    if not reference:
        return policy
    return policy, {
        "reference_chosen": wave([rows], 0.7, amplitude),
        "reference_rejected": wave([rows, negatives], 3.7, amplitude),
    }


# --- Preference with several negatives


def softmax_dpo(chosen, rejected, reference_chosen, reference_rejected, beta):
    """As in S-DPO's trainer; the same by cross-entropy where that overflows."""
    rewards = torch.cat([(chosen - reference_chosen)[:, None], rejected - reference_rejected], 1)
    by_entropy = F.cross_entropy(beta * rewards, torch.zeros(len(chosen), dtype=int), reduction="none")
    behind = torch.exp(beta * (rewards[:, 1:] - rewards[:, :1])).sum(1)
    by_trainer = -F.logsigmoid(-torch.log(behind))
    assert torch.allclose(by_entropy, by_trainer, rtol=1e-9)
    return by_trainer


def dmpo(chosen, rejected, reference_chosen, reference_rejected, beta):
    ratios = rejected - reference_rejected
    mean = sum(beta * ratios[:, j] for j in range(ratios.shape[1])) / ratios.shape[1]
    return -F.logsigmoid(beta * (chosen - reference_chosen) - mean)


def best_clusters(values, count):
    """The partition of least spread, by trying all: KMeans may stop at a worse one."""
    order = numpy.argsort(values)
    splits = itertools.combinations(range(1, len(values)), count - 1)
    parts = [numpy.split(order, list(cut)) for cut in splits]
    spread = [sum(((values[p] - values[p].mean()) ** 2).sum() for p in part) for part in parts]
    return parts[int(numpy.argmin(spread))]


def top_cluster(values):
    """Indices of the highest of three clusters; KMeans and the search over all must agree."""
    count = min(3, len(values))
    if count == 1:
        return [0]
    labels = KMeans(count, n_init=20, random_state=42).fit(values[:, None]).labels_
    means = [values[labels == label].mean() for label in range(count)]
    top = numpy.flatnonzero(labels == int(numpy.argmax(means))).tolist()
    assert top == sorted(best_clusters(values, count)[-1].tolist())
    return top


def dynamic_beta(chosen, rejected, reference_chosen, reference_rejected, beta, margin):
    """DynamicPO's `preference_loss`, row by row."""
    losses = []
    for row in range(len(chosen)):
        scores = rejected[row].detach().numpy()
        threshold = chosen[row].item()
        boundary = [j for j, score in enumerate(scores) if score >= threshold] or top_cluster(scores)
        easy = [j for j in range(len(scores)) if j not in boundary] or boundary
        easy_mean = sum(scores[j] for j in easy) / len(easy)
        logit = 0
        for j in boundary:
            ahead, above = threshold - scores[j], scores[j] - easy_mean
            change = math.tanh((ahead - above - margin) / (abs(above) + abs(ahead))) * 0.5
            ratio = chosen[row] - reference_chosen[row]
            other = rejected[row, j] - reference_rejected[row, j]
            logit = logit + beta * (1 + change) * (ratio - other) / len(boundary)
        losses.append(-F.logsigmoid(logit))
    return torch.stack(losses)


# --- Preference without a reference


def cpo(loss_type, chosen, rejected, beta, gamma, labelSmoothing, sftWeight):
    settings = SimpleNamespace(
        alpha=0.0,
        beta=beta,
        simpo_gamma=gamma,
        label_smoothing=labelSmoothing,
        loss_type=loss_type,
        accelerator=SimpleNamespace(device="cpu"),
    )
    losses, _, _ = CPOTrainer.cpo_loss(settings, chosen, rejected)
    # TRL adds cpo_alpha times the mean negative log-likelihood to the mean: per row, of one token.
    return losses + sftWeight * -chosen


def simpo(chosen, rejected, beta, gamma, labelSmoothing):
    return cpo("simpo", chosen, rejected, beta, gamma, labelSmoothing, 0.0)


def sigmoid_cpo(chosen, rejected, beta, labelSmoothing, sftWeight):
    return cpo("sigmoid", chosen, rejected, beta, None, labelSmoothing, sftWeight)


# --- Recommendation


def softmax_cross_entropy(scores, targets):
    return F.cross_entropy(scores, targets.long(), reduction="none")


def log_normaliser(hidden, items):
    return torch.logsumexp(hidden @ items.T, 1)


def sampled_softmax(chosen, rejected, chosenLogQ=None, rejectedLogQ=None):
    first = chosen if chosenLogQ is None else chosen - chosenLogQ
    others = rejected if rejectedLogQ is None else rejected - rejectedLogQ
    target = torch.zeros(len(chosen), dtype=int)
    return F.cross_entropy(torch.cat([first[:, None], others], 1), target, reduction="none")


def in_batch_softmax(scores, items=None, logQ=None):
    """TensorFlow Recommenders' order: log Q off all columns, then accidental hits."""
    logits = scores if logQ is None else scores - logQ[None, :]
    losses = []
    for row in range(len(scores)):
        keep = [j for j in range(len(scores)) if j == row or items is None or items[j] != items[row]]
        losses.append(-F.log_softmax(logits[row, keep], 0)[keep.index(row)])
    return torch.stack(losses)


def bpr(chosen, rejected):
    return -torch.log(torch.sigmoid(chosen[:, None] - rejected)).mean(1)


def bce(chosen, rejected):
    logits = torch.cat([chosen[:, None], rejected], 1)
    labels = torch.zeros_like(logits)
    labels[:, 0] = 1
    return F.binary_cross_entropy_with_logits(logits, labels, reduction="none").mean(1)


def gbce(chosen, rejected, samplingRate, calibration):
    """gSASRec's own way: transform the positive logit, then plain binary cross-entropy."""
    beta = samplingRate * ((1 - 1 / samplingRate) * calibration + 1 / samplingRate)
    transformed = torch.log(1 / (torch.sigmoid(chosen) ** -beta - 1))
    return bce(transformed, rejected)


def debiased_contrastive(chosen, rejected, positivePrior, temperature):
    positive, negatives = torch.exp(chosen / temperature), torch.exp(rejected / temperature)
    count = rejected.shape[1]
    group = (-positivePrior * count * positive + negatives.sum(1)) / (1 - positivePrior)
    group = torch.clamp(group, min=count * math.e ** (-1 / temperature))
    return -torch.log(positive / (positive + group))


# --- Reference policies


def cached_log_probabilities():
    vectors, items = wave([4, 3], 1.7), wave([6, 3], 0.9)
    ids = torch.tensor([[0, 5], [2, 2], [4, 1], [3, 0]])
    log_probabilities = F.log_softmax(vectors @ items.T, 1)
    return {
        "vectors": packed(vectors),
        "items": packed(items),
        "ids": packed(ids),
        "scores": packed(torch.gather(vectors @ items.T, 1, ids))["data"],
        "logProbabilities": packed(torch.gather(log_probabilities, 1, ids))["data"],
    }


def synced(mixup):
    reference, policy = torch.nn.Linear(3, 2), torch.nn.Linear(3, 2)
    with torch.no_grad():
        for index, parameter in enumerate([*reference.parameters(), *policy.parameters()]):
            parameter.copy_(wave(parameter.shape, 0.3 + index))
    before = {name: packed(value) for name, value in reference.named_parameters()}
    SyncRefModelCallback._sync_target_model(policy, reference, mixup)
    return {
        "mixup": mixup,
        "reference": before,
        "policy": {name: packed(value) for name, value in policy.named_parameters()},
        "synced": {name: packed(value)["data"] for name, value in reference.named_parameters()},
    }


def with_reference(loss, rows, negatives, amplitude, **options):
    policy, reference = lists(rows, negatives, amplitude)
    return case(loss, policy, options, reference)


def pairs(loss, amplitude, **options):
    inputs = {"chosen": wave([5], 1.3, amplitude), "rejected": wave([5], 2.1, amplitude)}
    return case(loss, inputs, options)


def plain(loss, negatives, amplitude, constants=None, **options):
    return case(loss, lists(5, negatives, amplitude, reference=False), options, constants)


def chosen_ahead(rows, negatives):
    """The policy prefers each chosen item to all rejected ones, so that the clusters decide."""
    policy, reference = lists(rows, negatives, 3.0)
    policy["chosen"] = policy["chosen"] + 7
    return policy, reference


def dynamic_cases():
    mixed = [with_reference(dynamic_beta, 6, j, 2.0, beta=1.0, margin=2.0) for j in (1, 2, 3, 5, 12)]
    ahead = [
        case(dynamic_beta, policy, {"beta": beta, "margin": margin}, reference)
        for negatives, beta, margin in [(1, 1.0, 2.0), (2, 1.0, 2.0), (4, 0.3, 6.0), (9, 1.0, 2.0), (15, 1.0, 6.0)]
        for policy, reference in [chosen_ahead(6, negatives)]
    ]
    return mixed + ahead


log_q = {"chosenLogQ": wave([5], 0.4) - 3, "rejectedLogQ": wave([5, 3], 0.6) - 2}
batch_items = torch.tensor([4, 2, 4, 0, 2, 4]).float()
batch_log_q = wave([6], 0.8) - 2
targets = torch.tensor([0, 3, 8, 8, 1, 4]).float()

print(
    json.dumps(
        {
            "source": "torch 2.13.0, trl 1.10.0, scikit-learn 1.9.1, "
            "python test/golden/published.py > test/golden/published.json",
            "softmaxDpo": [
                with_reference(softmax_dpo, 5, j, amplitude, beta=beta)
                for j, amplitude, beta in [(1, 1.0, 0.1), (3, 1.0, 1.0), (3, 20.0, 0.5), (15, 3.0, 1.0)]
            ],
            "dmpo": [
                with_reference(dmpo, 5, j, amplitude, beta=beta)
                for j, amplitude, beta in [(1, 1.0, 0.1), (3, 1.0, 1.0), (7, 20.0, 0.5)]
            ],
            "dynamicBeta": dynamic_cases(),
            "simpo": [
                pairs(simpo, 1.0, beta=2.0, gamma=0.5, labelSmoothing=0.0),
                pairs(simpo, 4.0, beta=2.5, gamma=1.4, labelSmoothing=0.1),
                pairs(simpo, 1.0, beta=0.1, gamma=0.0, labelSmoothing=0.0),
            ],
            "cpo": [
                pairs(sigmoid_cpo, 1.0, beta=0.1, labelSmoothing=0.0, sftWeight=1.0),
                pairs(sigmoid_cpo, 4.0, beta=0.5, labelSmoothing=0.2, sftWeight=0.25),
                pairs(sigmoid_cpo, 1.0, beta=1.0, labelSmoothing=0.1, sftWeight=0.0),
            ],
            "softmaxCrossEntropy": [
                case(softmax_cross_entropy, {"scores": wave([6, 9], 1.7, amplitude)}, None, {"targets": targets})
                for amplitude in (1.0, 30.0)
            ],
            "logNormaliser": [
                case(log_normaliser, {"hidden": wave([6, 4], 1.7, a), "items": wave([9, 4], 0.9, a)})
                for a in (1.0, 5.0)
            ],
            "sampledSoftmax": [
                plain(sampled_softmax, 3, 1.0),
                plain(sampled_softmax, 3, 2.0, log_q),
                plain(sampled_softmax, 3, 2.0, {"rejectedLogQ": log_q["rejectedLogQ"]}),
                plain(sampled_softmax, 12, 20.0),
            ],
            "inBatchSoftmax": [
                case(in_batch_softmax, {"scores": wave([6, 6], 1.7, 2.0)}, None, constants)
                for constants in [
                    {},
                    {"items": batch_items},
                    {"logQ": batch_log_q},
                    {"items": batch_items, "logQ": batch_log_q},
                ]
            ],
            "bpr": [plain(bpr, 1, 1.0), plain(bpr, 4, 8.0)],
            "bce": [plain(bce, 1, 1.0), plain(bce, 4, 8.0)],
            "gbce": [
                plain(gbce, 1, 1.0, samplingRate=0.01, calibration=0.75),
                plain(gbce, 4, 3.0, samplingRate=0.2, calibration=0.3),
                plain(gbce, 4, 3.0, samplingRate=0.5, calibration=1.0),
                plain(gbce, 4, 3.0, samplingRate=0.5, calibration=0.0),
            ],
            "debiasedContrastive": [
                plain(debiased_contrastive, 4, 1.0, positivePrior=prior, temperature=temperature)
                for prior, temperature in [(0.1, 0.5), (0.0, 1.0), (0.3, 0.2)]
            ],
            "cachedReference": cached_log_probabilities(),
            "syncReference": [synced(mixup) for mixup in (0.0, 0.6, 1.0)],
        }
    )
)
