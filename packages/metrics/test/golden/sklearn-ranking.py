"""Graded NDCG, average precision and AUC by scikit-learn on generated scores.

Run in this package: python test/golden/sklearn-ranking.py > test/golden/sklearn-ranking.json
(then biome formats the file: pnpm fix). Needs requirements-sklearn.txt.
"""

import json

import numpy as np
import sklearn
from sklearn.metrics import average_precision_score, ndcg_score, roc_auc_score

generator = np.random.default_rng(5)


def graded(item_count):
    """Distinct scores; grades from 0 to 4, those above 0 relevant."""
    scores = generator.permutation(item_count) / 32
    grades = generator.integers(0, 5, item_count) * generator.integers(0, 2, item_count)
    grades[generator.integers(item_count)] = 3
    cutoffs = [1, 2, 5, 10, item_count]
    relevance = grades > 0
    return {
        "scores": scores.tolist(),
        "grades": grades.tolist(),
        "cutoffs": cutoffs,
        "ndcg": [ndcg_score([grades], [scores], k=k, ignore_ties=True) for k in cutoffs],
        # scikit-learn has linear gains only: hand it the exponential ones.
        "exponentialNdcg": [
            ndcg_score([2.0**grades - 1], [scores], k=k, ignore_ties=True) for k in cutoffs
        ],
        "averagePrecision": average_precision_score(relevance, scores),
        "auc": roc_auc_score(relevance, scores),
    }


def tied(item_count, levels):
    scores = generator.integers(0, levels, item_count)
    relevance = generator.integers(0, 3, item_count) == 0
    relevance[:2] = [True, False]
    return {
        "scores": scores.tolist(),
        "relevant": np.flatnonzero(relevance).tolist(),
        "auc": roc_auc_score(relevance, scores),
    }


print(
    json.dumps(
        {
            "source": f"scikit-learn {sklearn.__version__}, numpy {np.__version__}, "
            "python test/golden/sklearn-ranking.py > test/golden/sklearn-ranking.json",
            "graded": [graded(item_count) for item_count in (12, 12, 25, 40)],
            "tied": [tied(*sizes) for sizes in ((10, 2), (20, 4), (50, 3), (50, 1))],
        },
        default=float,
    )
)
