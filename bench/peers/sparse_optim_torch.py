"""What torch and torchrec compute with sparse gradients, for the tests of packages/embeddings.

    python bench/peers/sparse_optim_torch.py > packages/embeddings/test/golden/sparse-optim.json

Needs torch==2.13.0 and, without its own dependencies (pip install --no-deps), torchrec==1.9.2, of which
one file is read: optim/rowwise_adagrad.py, whose RowWiseAdagrad takes dense gradients only. To AdaGrad a
row of zeros is no gradient, so that dense and sparse are one. To Adam and AdamW it is not: they move every
row in every step, which is what catching up has to come to.

Each runs twice, in float32 as people do and in float64, which is what its formula says. Rows, starts and
gradients follow from the numbers of step, row and element, and are exact in either, so that the test makes
the same. Step 13 touches no row, and row 6 is touched by two steps only.
"""

import importlib.util
import json
import sys
from pathlib import Path

import torch

STEPS = 50
SHOWN = [1, 2, 3, 10, 13, 25, 50]
ROWS, WIDTH = 7, 3


def touched(step):
    """Not in order, as the rows of a batch are not."""
    if step == 13:
        return []
    rows = [row for row in range(ROWS - 1) if (5 * row + 3 * step + step // 7) % 7 < 3]
    if step in (9, 38):
        rows.append(ROWS - 1)
    return rows[::-1] if step % 2 else rows


def start(dtype):
    values = [((31 * i) % 23 - 11) / 16 for i in range(ROWS * WIDTH)]
    return torch.tensor(values, dtype=dtype).reshape(ROWS, WIDTH)


def gradient(step, dtype):
    """Of every element of a touched row its own: ((7919 · element + 104729 · step) mod 1009 − 504) / 256."""
    values = [((7919 * i + 104729 * step) % 1009 - 504) / 256 for i in range(ROWS * WIDTH)]
    rows = touched(step)
    dense = torch.tensor(values, dtype=dtype).reshape(ROWS, WIDTH)
    index = torch.tensor([rows], dtype=torch.int64)
    return torch.sparse_coo_tensor(index, dense[rows], (ROWS, WIDTH), check_invariants=True)


def optimise(dtype, make, dense):
    parameter = torch.nn.Parameter(start(dtype))
    optimiser = make([parameter])
    shown = {}
    for step in range(1, STEPS + 1):
        sparse = gradient(step, dtype)
        parameter.grad = sparse.to_dense() if dense else sparse
        optimiser.step()
        if step in SHOWN:
            shown[step] = parameter.detach().double().flatten().tolist()
    return shown


def run(name, options, make, dense=False):
    named = {"float32": torch.float32, "float64": torch.float64}
    results = {key: optimise(dtype, make, dense) for key, dtype in named.items()}
    return {"name": name, "options": options, **results}


def row_wise(**options):
    """torchrec's optimiser, without importing the rest of torchrec."""
    origin = importlib.util.find_spec("torchrec").origin
    path = Path(origin).parent / "optim" / "rowwise_adagrad.py"
    spec = importlib.util.spec_from_file_location("rowwise_adagrad", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return lambda parameters: module.RowWiseAdagrad(parameters, **options)


def adam(**options):
    return lambda parameters: torch.optim.SparseAdam(parameters, **options)


def dense_adam(**options):
    return lambda parameters: torch.optim.Adam(parameters, foreach=False, **options)


def dense_adam_w(**options):
    return lambda parameters: torch.optim.AdamW(parameters, foreach=False, **options)


def adagrad(**options):
    return lambda parameters: torch.optim.Adagrad(parameters, foreach=False, **options)


json.dump(
    {
        "source": f"torch {torch.__version__.split('+')[0]}, torchrec 1.9.2: "
        "python bench/peers/sparse_optim_torch.py > packages/embeddings/test/golden/sparse-optim.json",
        "rows": ROWS,
        "width": WIDTH,
        "touched": {step: touched(step) for step in range(1, STEPS + 1)},
        "runs": [
            run("sparseAdam", {}, adam()),
            run(
                "sparseAdam",
                {"learningRate": 0.01, "beta1": 0.8, "beta2": 0.95, "epsilon": 0.5},
                adam(lr=0.01, betas=(0.8, 0.95), eps=0.5),
            ),
            run("sparseAdam", {"skipped": "catch-up"}, dense_adam(), dense=True),
            run(
                "sparseAdam",
                {"skipped": "catch-up", "learningRate": 0.01, "beta1": 0.8, "beta2": 0.95},
                dense_adam(lr=0.01, betas=(0.8, 0.95)),
                dense=True,
            ),
            run(
                "sparseAdamW",
                {"skipped": "catch-up", "learningRate": 0.01, "weightDecay": 0.5},
                dense_adam_w(lr=0.01, weight_decay=0.5),
                dense=True,
            ),
            run("sparseAdaGrad", {}, adagrad()),
            run(
                "sparseAdaGrad",
                {"learningRate": 0.1, "epsilon": 0.5},
                adagrad(lr=0.1, eps=0.5),
            ),
            run("sparseAdaGrad", {"rowWise": True}, row_wise(), dense=True),
            run(
                "sparseAdaGrad",
                {"rowWise": True, "learningRate": 0.1, "epsilon": 0.5},
                row_wise(lr=0.1, eps=0.5),
                dense=True,
            ),
        ],
    },
    sys.stdout,
)
