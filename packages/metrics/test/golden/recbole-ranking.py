"""RecBole's own collector and evaluator on generated scores: several relevant items per case.

Run in this package: python test/golden/recbole-ranking.py > test/golden/recbole-ranking.json
(then biome formats the file: pnpm fix). Needs recbole==1.2.1, installed with --no-deps, and
requirements-recbole.txt.
"""

import importlib
import json

import numpy as np

np.float = float  # RecBole uses this old name, which NumPy 1.24 took out

import torch

Collector = importlib.import_module("recbole.evaluator").Collector
Evaluator = importlib.import_module("recbole.evaluator").Evaluator

CASES, ITEMS, CUTOFFS = 16, 40, [1, 3, 5, 10, 30]
generator = np.random.default_rng(20)


class Config(dict):
    """RecBole's configuration answers None for what is not set."""

    __missing__ = lambda self, key: None


def evaluate(names, mode, fill):
    config = Config(
        metrics=names,
        topk=CUTOFFS,
        eval_args={"mode": mode},
        device="cpu",
        metric_decimal_place=17,
        LABEL_FIELD="label",
    )
    collector = Collector(config)
    fill(collector)
    result = Evaluator(config).evaluate(collector.get_data_struct())
    return {key: float(value) for key, value in result.items()}


def rank(names, cases, padded):
    """`padded` has -inf for item 0, which RecBole reserves, and for excluded items."""

    def fill(collector):
        rows = [row for row, case in enumerate(cases) for _ in case["relevant"]]
        columns = [item + 1 for case in cases for item in case["relevant"]]
        collector.eval_batch_collect(padded, None, torch.tensor(rows), torch.tensor(columns))

    return evaluate(names, "full", fill)


def draw_cases(scores):
    cases = []
    padded = torch.full((CASES, ITEMS + 1), -torch.inf)
    padded[:, 1:] = torch.tensor(scores, dtype=torch.float32)
    for row in range(CASES):
        items = generator.permutation(ITEMS)
        count = 1 + row % 8
        relevant = items[:count].tolist()
        excluded = items[count : count + row % 5].tolist()
        padded[row, [item + 1 for item in excluded]] = -torch.inf
        cases.append(
            {"scores": scores[row].tolist(), "relevant": relevant, "excluded": excluded}
        )
    # GAUC takes the first -inf for the number of ranked items: make sure that is what it finds.
    left = torch.sort(padded, dim=-1, descending=True).values.argmin(dim=1).tolist()
    assert left == [ITEMS - len(case["excluded"]) for case in cases]
    return cases, padded


def distinct():
    cases, padded = draw_cases(np.array([generator.permutation(ITEMS) for _ in range(CASES)]) / 64)
    names = ["Hit", "Recall", "Precision", "NDCG", "MRR", "MAP", "GAUC"]
    alone = [rank(names, [case], padded[row : row + 1]) for row, case in enumerate(cases)]
    return {"cases": cases, "perCase": alone, "means": rank(names, cases, padded)}


def tied():
    cases, padded = draw_cases(generator.integers(0, 6, (CASES, ITEMS)))
    alone = [rank(["GAUC"], [case], padded[row : row + 1]) for row, case in enumerate(cases)]
    return {"cases": cases, "perCase": alone, "means": rank(["GAUC"], cases, padded)}


def pooled():
    scores = generator.integers(0, 20, 200) / 4
    labels = (generator.random(200) < 0.1 + scores / 10).astype(int)

    def fill(collector):
        collector.eval_collect(torch.tensor(scores), torch.tensor(labels))

    result = evaluate(["AUC"], "labeled", fill)
    return {"scores": scores.tolist(), "labels": labels.tolist(), "auc": result["auc"]}


print(
    json.dumps(
        {
            "source": f"recbole {importlib.import_module('recbole').__version__} (with np.float "
            f"put back), torch {torch.__version__.split('+')[0]}, numpy {np.__version__}, "
            "python test/golden/recbole-ranking.py > test/golden/recbole-ranking.json",
            "cutoffs": CUTOFFS,
            "distinct": distinct(),
            "tied": tied(),
            "pooled": pooled(),
        }
    )
)
