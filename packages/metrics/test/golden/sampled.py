"""Corrected metrics after Krichene and Rendle, KDD 2020, section 6, solved two other ways.

With a positive weight of the variance: stacked least squares by numpy.linalg.lstsq, one row per
rank for the bias and one per pair of a rank and a sampled rank for the variance, the binomial
probabilities from logarithms of factorials. Without: exact normal equations in 80 digits by mpmath.

Run in this package: python test/golden/sampled.py > test/golden/sampled.json
(then biome formats the file: pnpm fix). Needs requirements-sampled.txt.
"""

import json
from math import lgamma

import mpmath
import numpy as np

mpmath.mp.dps = 80


def ndcg_at_10(rank):
    return 1 / np.log2(rank + 1) if rank <= 10 else 0.0


def reciprocal_rank(rank):
    return 1 / rank


METRICS = {"ndcg@10": ndcg_at_10, "reciprocal rank": reciprocal_rank}


def probabilities(sample_count, item_count):
    """Of each sampled rank (column) given each rank (row)."""
    chance = (np.arange(item_count) / (item_count - 1))[:, None]
    above = np.arange(sample_count + 1)[None, :]
    with np.errstate(divide="ignore", invalid="ignore"):
        chosen = [lgamma(sample_count + 1) - lgamma(k + 1) - lgamma(sample_count - k + 1) for k in above[0]]
        log = np.array(chosen) + above * np.log(chance) + (sample_count - above) * np.log1p(-chance)
    table = np.exp(np.nan_to_num(log, nan=-np.inf))
    table[0], table[-1] = 0, 0
    table[0, 0] = table[-1, -1] = 1
    return table


def stacked(metric, sample_count, item_count, weight, prior):
    """(1 - w)(E[x] - M)^2 + w E[(x - M)^2] is (E[x] - M)^2 + w Var[x] for each rank."""
    table = probabilities(sample_count, item_count)
    worth = np.array([metric(rank) for rank in range(1, item_count + 1)])
    root = np.sqrt(prior)
    rows = [np.sqrt(1 - weight) * root[:, None] * table]
    right = [np.sqrt(1 - weight) * root * worth]
    for sampled in range(sample_count + 1):
        block = np.zeros_like(table)
        block[:, sampled] = np.sqrt(weight * prior * table[:, sampled])
        rows.append(block)
        right.append(block[:, sampled] * worth)
    return np.linalg.lstsq(np.vstack(rows), np.concatenate(right), rcond=None)[0].tolist()


def exact(metric, sample_count, item_count):
    size = sample_count + 1
    products, right = mpmath.zeros(size), mpmath.zeros(size, 1)
    for rank in range(1, item_count + 1):
        chance = mpmath.mpf(rank - 1) / (item_count - 1)
        row = mpmath.matrix(
            [mpmath.binomial(sample_count, k) * chance**k * (1 - chance) ** (sample_count - k) for k in range(size)]
        )
        products += row * row.T
        right += row * mpmath.mpf(float(metric(rank)))
    return [float(value) for value in mpmath.lu_solve(products, right)]


def case(metric, sample_count, item_count, weight, power=None):
    ranks = np.arange(1, item_count + 1)
    prior = np.ones(item_count) if power is None else ranks ** -float(power)
    solve = METRICS[metric]
    return {
        "metric": metric,
        "sampleCount": sample_count,
        "itemCount": item_count,
        "biasVariance": weight,
        "power": power,
        "values": exact(solve, sample_count, item_count)
        if weight == 0
        else stacked(solve, sample_count, item_count, weight, prior / prior.sum()),
    }


print(
    json.dumps(
        {
            "source": f"numpy {np.__version__}, mpmath {mpmath.__version__}, "
            "python test/golden/sampled.py > test/golden/sampled.json",
            "cases": [
                case("ndcg@10", 20, 400, 0.1),
                case("ndcg@10", 50, 1000, 0.01),
                case("ndcg@10", 50, 1000, 0.01, power=1),
                case("reciprocal rank", 30, 200, 1),
                case("reciprocal rank", 30, 200, 0.001, power=0.5),
                case("reciprocal rank", 10, 6, 0.1),
                case("ndcg@10", 5, 100, 0),
                case("ndcg@10", 12, 1000, 0),
                case("reciprocal rank", 15, 300, 0),
            ],
        }
    )
)
