"""Log-probabilities of score-based sampling by NumPy and SciPy, in float64.

Needs test/golden/requirements-pool.txt. Run in this package:
python test/golden/pool.py > test/golden/pool.json
(then biome formats the file: pnpm fix).

Pools are cut from a stable sort of the whole catalogue. Dynamic negatives are the hypergeometric
distribution of how many better items are among the candidates; `enumerated` counts all candidate
sets of a small catalogue instead. The confidence is the paper's formula as printed.
"""

import itertools
import json

import numpy as np
import scipy
from scipy.special import log_softmax
from scipy.stats import hypergeom

ITEM_COUNT = 40
EXCLUDED = [[], [3, 17], list(range(0, 40, 3))]


def wave(count, frequency):
    """Values without randomness, rounded to halves so that some are equal."""
    values = 3 * np.sin(frequency * (np.arange(count) + 1))
    return np.round(values * 2) / 2


SCORES = [wave(ITEM_COUNT, frequency) for frequency in (0.7, 1.9, 2.3)]


def ranked(scores, excluded):
    """The allowed items from best to worst, ties to the lower index."""
    order = np.argsort(-scores, kind="stable")
    return [int(item) for item in order if item not in excluded]


def spread(items, logs):
    row = [None] * ITEM_COUNT  # JSON has no infinity: null is an item that is never drawn
    for item, value in zip(items, logs):
        row[item] = float(value) if np.isfinite(value) else None
    return row


def pooled(pool_size, weigh):
    rows = []
    for scores, excluded in zip(SCORES, EXCLUDED):
        pool = ranked(scores, excluded)[:pool_size]
        rows.append(spread(pool, log_softmax(weigh(scores, pool))))
    return rows


def softmax(pool_size, temperature):
    return {
        "poolSize": pool_size,
        "temperature": temperature,
        "logProbabilities": pooled(pool_size, lambda scores, pool: scores[pool] / temperature),
    }


def rank(pool_size, exponent):
    return {
        "poolSize": pool_size,
        "rankExponent": exponent,
        "logProbabilities": pooled(
            pool_size, lambda _, pool: -exponent * np.log(np.arange(len(pool)) + 1)
        ),
    }


def dynamic(candidates, keep):
    rows = []
    for scores, excluded in zip(SCORES, EXCLUDED):
        allowed = ranked(scores, excluded)
        n = len(allowed)
        drawn = min(candidates, n)
        kept = min(keep, drawn)
        ranks = np.arange(1, n + 1)
        # P(candidate) · P(fewer than `kept` of the other candidates are better) / kept
        tail = hypergeom.logcdf(kept - 1, n - 1, ranks - 1, drawn - 1)
        rows.append(spread(allowed, np.log(drawn / n / kept) + tail))
    return {"candidateCount": candidates, "keep": keep, "logProbabilities": rows}


def enumerated(item_count, candidates, keep):
    """The probability of each rank, by going through every set of candidates."""
    counts = np.zeros(item_count)
    sets = list(itertools.combinations(range(item_count), candidates))
    for chosen in sets:
        for item in chosen[:keep]:  # combinations come in ascending order: best rank first
            counts[item] += 1 / keep
    return {
        "itemCount": item_count,
        "candidateCount": candidates,
        "keep": keep,
        "probabilities": (counts / len(sets)).tolist(),
    }


def confidence(prior):
    rows = []
    for scores, excluded in zip(SCORES, EXCLUDED):
        allowed = ranked(scores, excluded)
        row = [0.0] * ITEM_COUNT
        for item in allowed:
            f = np.mean(scores[allowed] <= scores[item])
            p = prior if np.isscalar(prior) else prior[item]
            row[item] = float((1 - f) * (1 - p) / (1 - f - p + 2 * f * p))
        rows.append(row)
    return {
        "prior": prior if np.isscalar(prior) else list(prior),
        "confidences": rows,
    }


print(
    json.dumps(
        {
            "source": f"numpy {np.__version__}, scipy {scipy.__version__}",
            "scores": [scores.tolist() for scores in SCORES],
            "excluded": EXCLUDED,
            "softmax": [softmax(10, 0.5), softmax(7, 2.0), softmax(40, 0.02)],
            "rank": [rank(10, 1.0), rank(40, 0.5), rank(5, 2.0)],
            "dynamic": [dynamic(1, 1), dynamic(8, 1), dynamic(12, 5), dynamic(30, 3), dynamic(6, 6)],
            "enumerated": [enumerated(9, 4, 2), enumerated(8, 8, 3), enumerated(10, 3, 3)],
            "confidence": [confidence(0.1), confidence([0.01 + 0.02 * i for i in range(40)])],
        }
    )
)
