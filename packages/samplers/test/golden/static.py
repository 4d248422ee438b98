"""Log-probabilities of popularity and log-uniform sampling by NumPy, in float64.

Needs test/golden/requirements-static.txt. Run in this package:
python test/golden/static.py > test/golden/static.json
(then biome formats the file: pnpm fix).

A row is the formula over the whole catalogue, the excluded items set to zero, divided by its sum.
"""

import json

import numpy as np


def rows(mass, excluded):
    kept = np.tile(np.asarray(mass, dtype=np.float64), (len(excluded), 1))
    for row, items in zip(kept, excluded):
        row[items] = 0
    with np.errstate(divide="ignore"):
        logs = np.log(kept / kept.sum(axis=1, keepdims=True))
    # JSON has no infinity: null is an item that is never drawn.
    return [[value if np.isfinite(value) else None for value in row] for row in logs.tolist()]


def popularity(counts, exponent, smoothing, excluded):
    total = np.asarray(counts, dtype=np.float64) + smoothing
    mass = np.where(total > 0, np.power(total, exponent), 0)
    return {
        "counts": counts,
        "exponent": exponent,
        "smoothing": smoothing,
        "excluded": excluded,
        "logProbabilities": rows(mass, excluded),
    }


def log_uniform(item_count, order, excluded):
    ranks = np.arange(item_count, dtype=np.float64)
    by_rank = (np.log(ranks + 2) - np.log(ranks + 1)) / np.log(item_count + 1)
    mass = np.empty(item_count)
    mass[np.arange(item_count) if order is None else order] = by_rank
    return {
        "itemCount": item_count,
        "order": order,
        "excluded": excluded,
        "logProbabilities": rows(mass, excluded),
    }


counts = [120, 0, 33, 33, 7, 1, 904, 2, 58, 15]
excluded = [[], [6], [0, 6, 8], [0, 1, 2, 3, 4, 6, 7, 8, 9]]
print(
    json.dumps(
        {
            "source": f"numpy {np.__version__}, test/golden/static.py",
            "popularity": [
                popularity(counts, 0.75, 0, excluded),
                popularity(counts, 1.0, 0, excluded),
                popularity(counts, 0.0, 0, excluded),
                popularity(counts, 0.5, 2.5, excluded),
            ],
            "logUniform": [
                log_uniform(10, None, excluded),
                log_uniform(10, [6, 0, 8, 2, 3, 9, 4, 7, 5, 1], excluded),
                log_uniform(1, None, [[]]),
            ],
        }
    )
)
