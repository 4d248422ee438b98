"""Novelty, diversity, calibration, groups and alignment figures by NumPy and SciPy, in float64.

Run in this package:
    pip install -r test/golden/requirements-beyond.txt
    python test/golden/beyond.py > test/golden/beyond.json
(then biome formats the file: pnpm fix).

Nothing here is a translation of the package: pairs are listed by scipy's pdist, divergences are
scipy's entropy, ranks are scipy's rankdata, standard errors are scipy's sem, and implicit rewards
are TRL 1.10's formulas (trl/trainer/dpo_trainer.py) with S-DPO's product over rejected items
(trainer/softmax_dpo_trainer.py) written with arrays.
"""

import json

import numpy as np
import scipy
from scipy.spatial.distance import pdist
from scipy.stats import entropy, rankdata, sem


def float32(values):
    """Rounded, so that both sides start from the same numbers."""
    return np.asarray(values, dtype=np.float32).astype(np.float64)


def lists_of(random, case_count, item_count, lengths):
    return [
        random.choice(item_count, size=random.choice(lengths), replace=False).tolist()
        for _ in range(case_count)
    ]


def novelty(random):
    user_count, item_count = 500, 40
    counts = random.integers(0, user_count + 1, size=item_count)
    counts[:3] = [0, 1, user_count]
    lists = lists_of(random, 6, item_count, [1, 4, 10])
    lists[0] = [0, 1, 2]  # nobody has touched item 0, and no other list has it

    def mean_surprise(own, smoothing):
        # A Bernoulli variable per item and user, with a Beta(smoothing, smoothing) prior.
        yes, no = counts[own] + smoothing, user_count - counts[own] + smoothing
        return float(np.mean(np.log2((yes + no) / yes)))

    return {
        "userCount": user_count,
        "userCounts": counts.tolist(),
        "lists": lists,
        "withoutFirst": [mean_surprise(own, 0.0) for own in lists[1:]],
        "smoothed": [
            {"smoothing": smoothing, "values": [mean_surprise(own, smoothing) for own in lists]}
            for smoothing in (0.5, 1.0, 10.0)
        ],
    }


def diversity(random):
    item_count, dimension = 30, 7
    vectors = float32(random.normal(size=(item_count, dimension)) + 0.5)
    vectors[4] = vectors[3]
    vectors[5] = float32(-2 * vectors[3])
    vectors[6] = float32(1e4 * vectors[7])
    lists = lists_of(random, 6, item_count, [2, 5, 10])
    lists[0], lists[1], lists[2] = [3, 4], [3, 5], [6, 7, 8]
    return {
        "dimension": dimension,
        "vectors": vectors.ravel().tolist(),
        "lists": lists,
        "values": [float(np.mean(pdist(vectors[own], "cosine"))) for own in lists],
    }


def calibration(random):
    item_count, category_count, cutoff = 25, 6, 8
    weights = float32(random.random((item_count, category_count)))
    weights[random.random((item_count, category_count)) < 0.6] = 0
    weights[weights.sum(axis=1) == 0, 0] = 1
    shares = weights / weights.sum(axis=1, keepdims=True)
    lists = lists_of(random, 8, item_count, [3, cutoff])
    profiles = lists_of(random, 8, item_count, [1, 5, 20])
    discount = 1 / np.log2(np.arange(cutoff) + 2)

    def values(alpha, rank_weights):
        result = []
        for own, profile in zip(lists, profiles):
            p = np.mean(shares[profile], axis=0)
            q = np.average(shares[own], axis=0, weights=rank_weights[: len(own)])
            result.append(float(entropy(p, (1 - alpha) * q + alpha * p)))
        return result

    plain = np.ones(cutoff)
    return {
        "categoryCount": category_count,
        "weights": weights.ravel().tolist(),
        "lists": lists,
        "profiles": profiles,
        "cases": [
            {"alpha": a, "rankWeights": w.tolist(), "values": values(a, w)}
            for a, w in [(0.01, plain), (0.01, discount), (0.3, plain)]
        ],
    }


def groups(random):
    values = random.normal(size=40) * 3 + 100
    missing = random.random(40) < 0.2
    group = random.integers(-1, 3, size=40)
    chosen = [values[(group == g) & ~missing] for g in range(3)]
    return {
        "values": [None if gone else float(value) for value, gone in zip(values, missing)],
        "groups": group.tolist(),
        "means": [float(np.mean(own)) for own in chosen],
        "standardErrors": [float(sem(own)) for own in chosen],
        "counts": [len(own) for own in chosen],
        "missing": [int(np.sum((group == g) & missing)) for g in range(3)],
    }


def rewards(random, rows, rejected_count, beta):
    log_probability = lambda shape: float32(-6 + 2 * random.normal(size=shape))
    policy = {"chosen": log_probability(rows), "rejected": log_probability((rows, rejected_count))}
    reference = {side: float32(own + random.normal(size=own.shape)) for side, own in policy.items()}
    for own in (policy, reference):  # one row without change: its rewards tie at 0
        own["chosen"][0] = -5
        own["rejected"][0] = -7
    chosen = beta * (policy["chosen"] - reference["chosen"])
    rejected = beta * (policy["rejected"] - reference["rejected"])
    beats = (chosen[:, None] > rejected).astype(float)
    change = {side: policy[side] - reference[side] for side in policy}
    change["rejected"] = change["rejected"].mean(axis=1)
    flat = lambda scores: {side: own.ravel().tolist() for side, own in scores.items()}
    return {
        "beta": beta,
        "policy": flat(policy),
        "reference": flat(reference),
        "metrics": {
            "rewards/chosen": float(chosen.mean()),
            "rewards/rejected": float(rejected.mean()),
            "rewards/accuracies": float(beats.prod(axis=1).mean()),
            "rewards/margins": float((chosen[:, None] - rejected).mean()),
            "logps/chosen": float(policy["chosen"].mean()),
            "logps/rejected": float(policy["rejected"].mean()),
        },
        "drift": {
            side: {
                "mean": float(np.mean(own)),
                "standardError": float(sem(own)),
                "fellShare": float(np.mean(own < 0)),
            }
            for side, own in change.items()
        },
    }


def hardness(random):
    rows, item_count, count = 5, 20, 4
    scores = np.round(random.normal(size=(rows, item_count)) * 2) / 2  # ties are common
    negatives = random.integers(0, item_count, size=(rows, count))
    percentile = (rankdata(scores, axis=1) - 1) / (item_count - 1)
    return {
        "itemCount": item_count,
        "count": count,
        "scores": scores.ravel().tolist(),
        "negatives": negatives.ravel().tolist(),
        "values": np.take_along_axis(percentile, negatives, axis=1).mean(axis=1).tolist(),
    }


def seeded(seed):
    return np.random.default_rng(seed)


print(
    json.dumps(
        {
            "source": f"numpy {np.__version__}, scipy {scipy.__version__}, "
            "python test/golden/beyond.py > test/golden/beyond.json",
            "novelty": novelty(seeded(1)),
            "diversity": diversity(seeded(2)),
            "calibration": calibration(seeded(3)),
            "groups": groups(seeded(4)),
            "rewards": [
                rewards(seeded(5), rows=9, rejected_count=1, beta=0.1),
                rewards(seeded(6), rows=12, rejected_count=3, beta=1.0),
                rewards(seeded(7), rows=30, rejected_count=5, beta=0.5),
            ],
            "hardness": hardness(seeded(8)),
        }
    )
)
