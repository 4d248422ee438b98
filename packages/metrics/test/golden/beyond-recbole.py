"""Coverage, Gini index, entropy, popularity and tail share by RecBole's own metric classes.

Run in this package: python test/golden/beyond-recbole.py > test/golden/beyond-recbole.json
(then biome formats the file: pnpm fix). Needs recbole==1.2.1, installed with --no-deps, and
requirements-recbole.txt.

The classes are RecBole's, unchanged, and need no shim for NumPy 2. Plain dictionaries stand in
for its data structure and its config. Item 0 is RecBole's padding and is never listed, but it
counts in `data.num_items`.
"""

import json
from collections import Counter

import numpy as np
import recbole
import torch
from recbole.evaluator.metrics import (
    AveragePopularity,
    GiniIndex,
    ItemCoverage,
    ShannonEntropy,
    TailPercentage,
)

CUTOFFS = [1, 5, 10]
TAILS = [0.1, 0.3, 1.0, 3]


def case(seed, user_count, item_count, skew):
    """Lists without repeats, with popular items more often."""
    random = np.random.default_rng(seed)
    weights = (1.0 + np.arange(item_count - 1)) ** -skew
    weights /= weights.sum()
    draws = [
        random.choice(item_count - 1, size=max(CUTOFFS), replace=False, p=weights)
        for _ in range(user_count)
    ]
    lists = 1 + np.stack(draws)
    # Many items share a count, and some have none.
    counts = np.floor(40 * (1.0 + np.arange(item_count)) ** -0.9 * random.random(item_count))
    counts[0] = 0
    return lists, counts.astype(int)


def judge(lists, counts):
    counter = Counter({item: int(count) for item, count in enumerate(counts) if count > 0})
    data = {
        "rec.items": torch.from_numpy(lists),
        "data.num_items": len(counts),
        "data.count_items": counter,
    }

    def values(metric, **settings):
        config = {"topk": CUTOFFS, "metric_decimal_place": 15, **settings}
        return [float(value) for value in metric(config).calculate_metric(data).values()]

    return {
        "lists": lists.tolist(),
        "trainCounts": [int(count) for count in counts],
        "coverage": values(ItemCoverage),
        "gini": values(GiniIndex),
        "entropy": values(ShannonEntropy),
        "averagePopularity": values(AveragePopularity),
        "tail": [
            {"tailRatio": ratio, "values": values(TailPercentage, tail_ratio=ratio)}
            for ratio in TAILS
        ],
    }


print(
    json.dumps(
        {
            "source": f"recbole {recbole.__version__}, numpy {np.__version__}, torch "
            f"{torch.__version__.split('+')[0]}, "
            "python test/golden/beyond-recbole.py > test/golden/beyond-recbole.json",
            "cutoffs": CUTOFFS,
            "cases": [
                judge(*case(seed=1, user_count=12, item_count=30, skew=1.0)),
                judge(*case(seed=2, user_count=25, item_count=60, skew=2.0)),
                judge(*case(seed=3, user_count=8, item_count=200, skew=0.0)),
            ],
        }
    )
)
