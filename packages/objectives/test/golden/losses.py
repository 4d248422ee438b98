"""Losses and gradients by PyTorch's own losses and autograd, in float64.

Run in this package: python test/golden/losses.py > test/golden/losses.json
(then biome formats the file: pnpm fix). Needs torch==2.13.0.
"""

import json
import math

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)


def wave(shape, frequency, amplitude=1.0):
    """Values without randomness, rounded to float32 so that both sides start from the same."""
    count = math.prod(shape)
    values = [amplitude * math.sin(frequency * (i + 1)) for i in range(count)]
    return torch.tensor(values, dtype=torch.float32).double().reshape(shape)


def leaf(tensor):
    return tensor.clone().requires_grad_()


def dpo(beta, amplitude, weights):
    pairs = 5
    policy = [leaf(wave([pairs], 1.3, amplitude)), leaf(wave([pairs], 2.1, amplitude))]
    reference = [wave([pairs], 0.7, amplitude), wave([pairs], 3.7, amplitude)]
    margin = (policy[0] - policy[1]) - (reference[0] - reference[1])
    weight = torch.ones(pairs) if weights is None else torch.tensor(weights)
    loss = (weight * -F.logsigmoid(beta * margin)).sum() / weight.sum()
    loss.backward()
    return {
        "beta": beta,
        "weights": weights,
        "policy": {"chosen": policy[0].tolist(), "rejected": policy[1].tolist()},
        "reference": {"chosen": reference[0].tolist(), "rejected": reference[1].tolist()},
        "margin": margin.tolist(),
        "loss": loss.item(),
        "gradients": {"chosen": policy[0].grad.tolist(), "rejected": policy[1].grad.tolist()},
    }


def cross_entropy(amplitude, weights, targets):
    hidden, items = leaf(wave([6, 4], 1.7, amplitude)), leaf(wave([9, 4], 0.9, amplitude))
    weight = torch.tensor(weights)
    losses = F.cross_entropy(hidden @ items.T, torch.tensor(targets), reduction="none")
    loss = (weight * losses).sum() / weight.sum()
    loss.backward()
    return {
        "weights": weights,
        "targets": targets,
        "hidden": hidden.tolist(),
        "items": items.tolist(),
        "loss": loss.item(),
        "gradients": {"hidden": hidden.grad.tolist(), "items": items.grad.tolist()},
    }


print(
    json.dumps(
        {
            "source": f"torch {torch.__version__.split('+')[0]}, "
            "python test/golden/losses.py > test/golden/losses.json",
            "dpo": [
                dpo(0.1, 1.0, None),
                dpo(0.1, 30.0, [1.0, 0.0, 2.0, 0.5, 1.0]),
                dpo(1.0, 1.0, [0.25, 0.25, 3.0, 0.0, 0.0]),
                dpo(5.0, 2.0, None),
            ],
            "crossEntropy": [
                cross_entropy(1.0, [1.0] * 6, [0, 3, 8, 8, 1, 4]),
                cross_entropy(1.0, [1.0, 0.0, 2.0, 0.5, 0.0, 3.0], [8, 0, 2, 2, 7, 2]),
                cross_entropy(5.0, [1.0, 0.25, 2.0, 0.5, 1.0, 3.0], [5, 0, 2, 6, 7, 2]),
            ],
        }
    )
)
