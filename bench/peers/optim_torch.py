"""What torch, transformers and timm compute, for the tests of packages/trainer.

    python bench/peers/optim_torch.py > packages/trainer/test/golden/optim.json

Needs torch==2.13.0 and, without their own dependencies (pip install --no-deps, 2026-11),
transformers==5.24.0 and timm==1.0.31, of which one file each is read: the schedules of
transformers/optimization.py and ModelEmaV3's `get_decay` of timm/utils/model_ema.py.

The optimisers run twice, in float32 as people do and in float64, which is what their formulas say.
Gradients are multiples of 1/256, exact in either, and follow from the step and the element's
number, so that the test makes the same.
"""

import ast
import importlib.util
import json
import math
import sys
from pathlib import Path

import torch
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

STEPS = 50
SHOWN = [1, 2, 3, 10, 25, 50]
STARTS = {
    "dense.weights": [[1.5, -0.75, 0.5], [-1.25, 2.0, -0.625]],
    "dense.bias": [0.875, -1.125, 1.75],
    "norm.scale": 1.25,
}
EXCLUDED = ["dense.bias", "norm.scale"]


def library_file(package, path):
    """Where a library's file is, without importing the library."""
    return Path(importlib.util.find_spec(package).origin).parent / path


def gradient(step, first, shape, dtype):
    """Of every element its own: ((7919 · element + 104729 · step) mod 1009 − 504) / 256."""
    count = math.prod(shape)
    values = [((7919 * (first + i) + 104729 * step) % 1009 - 504) / 256 for i in range(count)]
    return torch.tensor(values, dtype=dtype).reshape(shape)


def values(parameters):
    return {name: p.detach().double().flatten().tolist() for name, p in parameters.items()}


def parameters_of(dtype):
    return {
        name: torch.tensor(start, dtype=dtype, requires_grad=True) for name, start in STARTS.items()
    }


def optimise(dtype, make, max_norm=None, schedule=None, ema=None):
    parameters = parameters_of(dtype)
    optimiser = make(parameters)
    scheduler = schedule and torch.optim.lr_scheduler.LambdaLR(optimiser, schedule)
    model = torch.nn.ParameterDict({n.replace(".", "_"): p for n, p in parameters.items()})
    averaged = ema and AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(ema))
    shown, norms = {}, []
    for step in range(1, STEPS + 1):
        first = 0
        for parameter in parameters.values():
            parameter.grad = gradient(step, first, parameter.shape, dtype)
            first += parameter.numel()
        if max_norm is not None:
            norm = torch.nn.utils.clip_grad_norm_(parameters.values(), max_norm)
            norms.append(norm.item())
        optimiser.step()
        if scheduler:
            scheduler.step()
        if averaged:
            averaged.update_parameters(model)
        if step in SHOWN:
            shown[step] = values(parameters)
    result = {"parameters": shown}
    if norms:
        result["norms"] = norms
    if averaged:
        module = averaged.module
        result["averages"] = values({n: module[n.replace(".", "_")] for n in parameters})
    return result


def run(name, options, make, **more):
    named = {"float32": torch.float32, "float64": torch.float64}
    results = {key: optimise(dtype, make, **more) for key, dtype in named.items()}
    return {"name": name, "options": options, **results}


def adam_w(decay, lr=0.01, excluded=(), **options):
    def make(parameters):
        groups = [
            {"params": [p for n, p in parameters.items() if n not in excluded]},
            {"params": [p for n, p in parameters.items() if n in excluded], "weight_decay": 0.0},
        ]
        return torch.optim.AdamW(groups, lr=lr, weight_decay=decay, foreach=False, **options)

    return make


def sgd(**options):
    return lambda parameters: torch.optim.SGD(parameters.values(), foreach=False, **options)


def transformers_schedules():
    """The factor functions of transformers/optimization.py, by name."""
    path = library_file("transformers", "optimization.py")
    scope = {"math": math}
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef) and node.name.endswith("_lr_lambda"):
            # Two of them have one name; the first is the schedule without a least rate.
            if node.name not in scope:
                exec(compile(ast.Module([node], []), str(path), "exec"), scope)
    return scope


def schedules():
    scope = transformers_schedules()
    constant = scope["_get_constant_schedule_with_warmup_lr_lambda"]
    linear = scope["_get_linear_schedule_with_warmup_lr_lambda"]
    cosine = scope["_get_cosine_schedule_with_warmup_lr_lambda"]
    rate = 3e-4

    def case(kind, options, factor, steps):
        rates = [rate * factor(step) for step in steps]
        return {"kind": kind, "options": {"learningRate": rate, **options}, "steps": steps, "rates": rates}

    def torch_case(kind, options, make, count):
        optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=rate)
        scheduler = make(optimiser)
        rates = []
        for _ in range(count):
            rates.append(optimiser.param_groups[0]["lr"])
            optimiser.step()
            scheduler.step()
        return {"kind": kind, "options": {"learningRate": rate, **options}, "steps": list(range(count)), "rates": rates}

    some = [0, 1, 5, 9, 10, 11, 40, 55, 77, 98, 99, 100]
    long = [0, 1, 299, 2999, 3000, 3001, 50000, 99000, 99990, 99999, 100000]
    annealing = torch.optim.lr_scheduler.CosineAnnealingLR
    return [
        case("constant", {}, lambda step: 1.0, some),
        case("constant", {"warmUpSteps": 10}, lambda s: constant(s, num_warmup_steps=10), some),
        case("linear", {"totalSteps": 100}, lambda s: linear(s, num_warmup_steps=0, num_training_steps=100), some + [101, 500]),
        case("linear", {"totalSteps": 100, "warmUpSteps": 10}, lambda s: linear(s, num_warmup_steps=10, num_training_steps=100), some + [101, 500]),
        case("linear", {"totalSteps": 100, "warmUpShare": 0.091}, lambda s: linear(s, num_warmup_steps=math.ceil(100 * 0.091), num_training_steps=100), some),
        case("linear", {"totalSteps": 100, "warmUpSteps": 100}, lambda s: linear(s, num_warmup_steps=100, num_training_steps=100), some),
        case("cosine", {"totalSteps": 100}, lambda s: cosine(s, num_warmup_steps=0, num_training_steps=100, num_cycles=0.5), some),
        case("cosine", {"totalSteps": 100, "warmUpShare": 0.1}, lambda s: cosine(s, num_warmup_steps=10, num_training_steps=100, num_cycles=0.5), some),
        case("cosine", {"totalSteps": 100000, "warmUpShare": 0.03}, lambda s: cosine(s, num_warmup_steps=3000, num_training_steps=100000, num_cycles=0.5), long),
        case("cosine", {"totalSteps": 100, "warmUpSteps": 10, "cycles": 1.25}, lambda s: cosine(s, num_warmup_steps=10, num_training_steps=100, num_cycles=1.25), some),
        torch_case("cosine", {"totalSteps": 30, "finalRate": 1e-5}, lambda o: annealing(o, T_max=30, eta_min=1e-5), 31),
        torch_case("linear", {"totalSteps": 30, "finalRate": 3e-5}, lambda o: torch.optim.lr_scheduler.LinearLR(o, 1.0, 0.1, 30), 35),
    ]


def timm_decays():
    """ModelEmaV3's decay by update; timm's first update is number 1."""
    path = library_file("timm", "utils/model_ema.py")
    model = next(
        n for n in ast.parse(path.read_text()).body if isinstance(n, ast.ClassDef) and n.name == "ModelEmaV3"
    )
    method = next(n for n in model.body if isinstance(n, ast.FunctionDef) and n.name == "get_decay")
    scope = {"Optional": dict}
    exec(compile(ast.Module([ast.parse("from typing import Optional").body[0], method], []), str(path), "exec"), scope)

    def decays(decay, use_warmup, gamma=1.0, power=2 / 3):
        class Settings:
            pass

        settings = Settings()
        settings.decay, settings.use_warmup, settings.min_decay = decay, use_warmup, 0.0
        settings.update_after_step, settings.warmup_gamma, settings.warmup_power = 0, gamma, power
        return [scope["get_decay"](settings, step) for step in range(1, STEPS + 1)]

    def case(options, decay, warm, **more):
        weights = [((7919 * i) % 1009 - 504) / 256 for i in range(STEPS)]
        averaged = torch.tensor(weights[0], dtype=torch.float64)
        shown = []
        for weight, kept in zip(weights, decays(decay, warm, **more)):
            averaged = averaged.lerp(torch.tensor(weight, dtype=torch.float64), 1.0 - kept)
            shown.append(averaged.item())
        return {"options": options, "weights": weights, "averages": shown}

    return [
        case({"decay": 0.9}, 0.9, False),
        case({"decay": 0.9999, "warmUp": True}, 0.9999, True),
        case({"decay": 0.85, "warmUp": {"gamma": 2, "power": 0.75}}, 0.85, True, gamma=2.0, power=0.75),
    ]


def accumulation():
    """Least squares: 50 updates from one batch of 12, and from 4 times 3 of them."""
    rows, width = 12, 3
    x = torch.tensor([[((31 * i + 17 * j) % 29 - 14) / 8 for j in range(width)] for i in range(rows)])
    y = torch.tensor([((13 * i) % 11 - 5) / 4 for i in range(rows)])

    def train(parts):
        weights = torch.tensor([0.5, -0.25, 1.0], requires_grad=True)
        bias = torch.tensor(0.5, requires_grad=True)
        optimiser = torch.optim.AdamW([weights, bias], lr=0.01, weight_decay=0.1, foreach=False)
        size = rows // parts
        for _ in range(STEPS):
            optimiser.zero_grad()
            for part in range(parts):
                chosen = slice(part * size, (part + 1) * size)
                loss = ((x[chosen] @ weights + bias - y[chosen]) ** 2).mean() / parts
                loss.backward()
            torch.nn.utils.clip_grad_norm_([weights, bias], 1.0)
            optimiser.step()
        return {"weights": weights.tolist(), "bias": [bias.item()]}

    return {"x": x.tolist(), "y": y.tolist(), "whole": train(1), "parts": train(4)}


def runs():
    cosine = transformers_schedules()["_get_cosine_schedule_with_warmup_lr_lambda"]
    schedule = lambda s: cosine(s, num_warmup_steps=5, num_training_steps=STEPS, num_cycles=0.5)
    adam = lambda **o: lambda p: torch.optim.Adam(p.values(), foreach=False, **o)
    return [
        run("adam", {"learningRate": 0.001}, adam(lr=0.001)),
        run("adam", {"learningRate": 0.01, "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-6}, adam(lr=0.01, betas=(0.8, 0.95), eps=1e-6)),
        run("adamW", {"learningRate": 0.01}, adam_w(0.01)),
        run("adamW", {"learningRate": 0.01, "weightDecay": 0.5, "excluded": EXCLUDED}, adam_w(0.5, excluded=EXCLUDED)),
        run("sgd", {"learningRate": 0.001, "weightDecay": 0.1}, sgd(lr=0.001, weight_decay=0.1)),
        run("sgd", {"learningRate": 0.001, "momentum": 0.9}, sgd(lr=0.001, momentum=0.9)),
        run("sgd", {"learningRate": 0.001, "momentum": 0.9, "nesterov": True, "weightDecay": 0.1}, sgd(lr=0.001, momentum=0.9, nesterov=True, weight_decay=0.1)),
        run("optimiser", {"learningRate": 0.01, "maxGradientNorm": 4}, adam_w(0.01), max_norm=4.0),
        run("optimiser", {"learningRate": 0.01, "average": {"decay": 0.9}}, adam_w(0.01), ema=0.9),
        run(
            "optimiser",
            {"learningRate": 0.01, "cosine": {"warmUpSteps": 5, "totalSteps": STEPS}, "maxGradientNorm": 3, "weightDecay": 0.2, "excluded": EXCLUDED, "average": {"decay": 0.95}},
            adam_w(0.2, excluded=EXCLUDED),
            max_norm=3.0,
            schedule=schedule,
            ema=0.95,
        ),
    ]


json.dump(
    {
        "source": f"torch {torch.__version__.split('+')[0]}, transformers 5.24.0, timm 1.0.31: "
        "python bench/peers/optim_torch.py > packages/trainer/test/golden/optim.json",
        "starts": STARTS,
        "runs": runs(),
        "schedules": schedules(),
        "averages": timm_decays(),
        "accumulation": accumulation(),
    },
    sys.stdout,
)
