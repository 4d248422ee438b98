"""Five steps of torch.optim.Adam in float32.

Run in this package: python test/golden/adam.py > test/golden/adam.json
(then biome formats the file: pnpm fix). Needs torch==2.13.0.
"""

import json

import torch


def run(**options):
    vector = torch.tensor([1.0, 0.0, 0.7, 0.0, 5.0, -1.0], requires_grad=True)
    scalar = torch.tensor(0.5, requires_grad=True)
    optimiser = torch.optim.Adam([vector, scalar], foreach=False, **options)
    start = {"vector": vector.tolist(), "scalar": scalar.item()}
    steps = []
    for step in range(1, 6):
        sign = -1.0 if step == 4 else 1.0
        vector.grad = torch.tensor(
            [0.3 * step, -1e-12, sign * 1e15, 0.0, sign * 2e-8 / step, -7.0 / step]
        )
        scalar.grad = torch.tensor(sign * 0.01 * step)
        gradients = {"vector": vector.grad.tolist(), "scalar": scalar.grad.item()}
        optimiser.step()
        parameters = {"vector": vector.tolist(), "scalar": scalar.item()}
        steps.append({"gradients": gradients, "parameters": parameters})
    moments = optimiser.state[vector]
    return {
        "options": options,
        "start": start,
        "steps": steps,
        "first": moments["exp_avg"].tolist(),
        "second": moments["exp_avg_sq"].tolist(),
    }


print(
    json.dumps(
        {
            "source": f"torch {torch.__version__.split('+')[0]}, "
            "python test/golden/adam.py > test/golden/adam.json",
            "runs": [
                run(lr=1e-3),
                run(lr=0.1, betas=[0.8, 0.95], eps=1e-6),
            ],
        }
    )
)
