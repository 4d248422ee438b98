"""Significance tests, intervals and distributions by SciPy, statsmodels and mpmath.

Run in this package:
    pip install -r test/golden/requirements-scipy-significance.txt
    python test/golden/scipy-significance.py > test/golden/scipy-significance.json
(then biome formats the file: pnpm fix).

Cumulative probabilities are mpmath's, with 60 digits; the script checks that SciPy agrees.
Infinities are written as the strings "Infinity" and "-Infinity"; a NaN would stop the script.
"""

import json
import math
import warnings
from itertools import product
from types import SimpleNamespace

import mpmath
import numpy as np
from scipy import special, stats
from statsmodels.stats.multitest import multipletests

warnings.simplefilter("ignore")
mpmath.mp.dps = 60
ALTERNATIVES = ["two-sided", "greater", "less"]
ZEROS = {"drop": "wilcox", "pratt": "pratt", "split": "zsplit"}


def plain(value):
    value = float(value)
    assert not math.isnan(value)
    return value if math.isfinite(value) else ("Infinity" if value > 0 else "-Infinity")


def student_tail(t, freedom):
    """P(T <= -t)."""
    x = mpmath.mpf(freedom) / (mpmath.mpf(freedom) + mpmath.mpf(t) ** 2)
    half = mpmath.mpf(1) / 2
    return mpmath.betainc(mpmath.mpf(freedom) / 2, half, 0, x, regularized=True) / 2


def student():
    rows = []
    freedoms = [1, 2, 3, 4, 7, 9.5, 16, 30, 31, 32, 33, 99, 999, 22362, 1e6]
    ts = [0, 1e-10, 1e-3, 0.1, 0.5, 1, 1.3, 1.7, 1.732, 1.733, 2, 2.5, 3, 4, 6, 10, 20, 37]
    for freedom, t in product(freedoms, ts):
        tail = float(student_tail(t, freedom))
        if tail < 1e-305:
            continue
        # SciPy rounds 1 + t² away for tiny t: cdf(-1e-10, 1) is 0.5 there, 3e-11 off.
        assert math.isclose(tail, stats.t.cdf(-t, freedom), rel_tol=1e-10), (freedom, t)
        rows.append([freedom, -t, tail])
    return rows


def student_quantiles():
    probabilities = [1e-100, 1e-12, 1e-5, 0.005, 0.025, 0.05, 0.2, 0.4, 0.499, 0.5, 0.75, 0.975]
    rows = []
    for freedom, p in product([1, 2, 3, 9, 30, 99, 22362], probabilities):
        rows.append([freedom, p, float(stats.t.ppf(p, freedom))])
    return rows


def normal():
    zs = [0, 1e-10, 0.01, 0.1, 0.5, 1, 1.5, 1.9, 1.99999, 2, 2.00001, 2.1, 2.5, 3, 4, 5, 6, 8]
    rows = []
    for z in [*zs, 10, 15, 20, 25, 30, 35, 37]:
        tail = float(mpmath.erfc(mpmath.mpf(z) / mpmath.sqrt(2)) / 2)
        assert math.isclose(tail, stats.norm.cdf(-z), rel_tol=1e-12), z
        rows.append([-z, tail])
    return rows


def normal_quantiles():
    probabilities = [1e-300, 1e-100, 1e-20, 1e-9, 1e-4, 0.01, 0.025, 0.3, 0.4999, 0.5, 0.6, 0.999]
    return [[p, float(special.ndtri(p))] for p in probabilities]


def gains(ranks, cutoff=10):
    return np.where(ranks <= cutoff, 1 / np.log2(ranks + 1), 0.0)


def datasets():
    rng = np.random.default_rng(20260801)
    smooth = lambda n, shift: (rng.normal(size=n), rng.normal(shift, 1, n))
    ndcg = lambda n, top: (gains(rng.integers(1, top, n)), gains(rng.integers(1, top, n)))
    hit = lambda n: ((rng.random(n) < 0.35) * 1.0, (rng.random(n) < 0.25) * 1.0)
    pairs = {
        "two pairs": (np.array([0.5, 0.75]), np.array([0.25, 0.125])),
        "smooth 5": smooth(5, 0.8),
        "smooth 13": smooth(13, 0.5),
        "smooth 30": smooth(30, -0.6),
        "smooth 50": smooth(50, 0.2),
        "smooth 51": smooth(51, 0.3),
        "smooth 400": smooth(400, 0.4),
        "ties 8": (np.array([1, 2, 3, 4, 5, 6, 7, 8.0]), np.array([2, 1, 1, 2, 7, 3, 3, 4.0])),
        "ties and zeros 12": (
            np.array([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8.0]),
            np.array([3, 2, 1, 1, 4, 1, 3, 6, 2, 2, 1, 1.0]),
        ),
        "ndcg 13": ndcg(13, 14),
        "ndcg 14": ndcg(14, 14),
        "ndcg 60": ndcg(60, 30),
        "ndcg 300": ndcg(300, 40),
        "hit 200": hit(200),
        "large offset": (1e6 + rng.random(40), 1e6 + rng.random(40)),
    }
    return {name: (np.round(a, 10), np.round(b, 10)) for name, (a, b) in pairs.items()}


def t_tests(a, b):
    rows = []
    for alternative, confidence in product(ALTERNATIVES, [0.95, 0.8, 0.999]):
        test = stats.ttest_rel(a, b, alternative=alternative)
        low, high = test.confidence_interval(confidence)
        rows.append({
            "alternative": alternative,
            "confidence": confidence,
            "statistic": plain(test.statistic),
            "degreesOfFreedom": int(test.df),
            "pValue": plain(test.pvalue),
            "confidenceInterval": [plain(low), plain(high)],
        })
    return rows


def wilcoxon_methods(differences):
    """SciPy's name for each of ours; exact with ties or zeros is its permutation test."""
    size = np.abs(differences)
    plain_ranks = np.all(differences != 0) and len(np.unique(size)) == len(size)
    methods = {"auto": "auto", "normal": "asymptotic"}
    if plain_ranks:
        methods["exact"] = "exact"
    elif len(differences) <= 14:
        methods["exact"] = stats.PermutationMethod(n_resamples=np.inf)
    return methods


def wilcoxon(a, b):
    rows = []
    methods = wilcoxon_methods(a - b)
    for alternative, zeros, method in product(ALTERNATIVES, ZEROS, methods):
        for correction in [False, True] if method == "normal" else [False]:
            test = stats.wilcoxon(
                a, b, alternative=alternative, zero_method=ZEROS[zeros],
                method=methods[method], correction=correction,
            )
            options = {"alternative": alternative, "zeros": zeros, "method": method}
            rows.append([
                {**options, "continuityCorrection": correction},
                plain(test.statistic),
                plain(test.pvalue),
            ])
    return rows


def effect_sizes(a, b):
    differences = a - b
    freedom = len(differences) - 1
    plain_size = differences.mean() / differences.std(ddof=1)
    log_ratio = special.gammaln(freedom / 2) - special.gammaln((freedom - 1) / 2)
    correction = math.exp(log_ratio) / math.sqrt(freedom / 2) if freedom > 1 else 0
    kept = differences[differences != 0]
    ranks = stats.rankdata(np.abs(kept))
    return {
        "cohensDz": plain_size,
        "hedges": plain_size * correction,
        "rankBiserial": float((np.sign(kept) * ranks).sum() / ranks.sum()),
        "winsAndLosses": [int(np.sum(differences * sign > 0)) for sign in (1, -1)],
    }


def draws():
    """Park and Miller's generator, so that both sides draw the same."""
    state = 20260801
    while True:
        state = state * 48271 % 2147483647
        yield (state - 1) / 2147483646


def bootstrap(a, b, resamples=2000):
    differences = a - b
    count = len(differences)
    random = draws()
    picked = [[int(next(random) * count) for _ in range(count)] for _ in range(resamples)]
    means = differences[np.array(picked)].mean(axis=1)
    rows = []
    for method, confidence in product(["percentile", "bca"], [0.95, 0.8]):
        result = stats.bootstrap(
            (differences,), np.mean, n_resamples=0, confidence_level=confidence, method=method,
            bootstrap_result=SimpleNamespace(bootstrap_distribution=means),
        )
        rows.append({
            "method": method,
            "confidence": confidence,
            "confidenceInterval": [plain(end) for end in result.confidence_interval],
            "standardError": plain(result.standard_error),
        })
    return {"resamples": resamples, "rows": rows}


def holm():
    rng = np.random.default_rng(7)
    cases = [
        [0.01, 0.04, 0.03, 0.005],
        [0.02, 0.02, 0.02],
        [0.9, 0.8, 1.0],
        [0.04],
        [0.0, 1e-300, 0.5],
        rng.random(12).round(6).tolist(),
        (rng.random(30) ** 4).round(9).tolist(),
    ]
    return [{"pValues": p, "adjusted": multipletests(p, method="holm")[1].tolist()} for p in cases]


def over_seeds():
    values = [0.0912, 0.0905, 0.0931, 0.0899, 0.0921]
    error = stats.sem(values)
    interval = lambda confidence: [
        float(end) for end in stats.t.interval(confidence, 4, np.mean(values), error)
    ]
    return {
        "values": values,
        "mean": float(np.mean(values)),
        "standardDeviation": float(np.std(values, ddof=1)),
        "standardError": float(error),
        "intervals": [{"confidence": c, "interval": interval(c)} for c in [0.95, 0.99]],
    }


BOOTSTRAPPED = ["two pairs", "smooth 13", "ndcg 60", "hit 200", "large offset"]
print(json.dumps({
    "source": "mpmath 1.3.0, numpy 2.4.6, scipy 1.17.1, statsmodels 0.15.0, "
    "python test/golden/scipy-significance.py > test/golden/scipy-significance.json",
    "student": student(),
    "studentQuantiles": student_quantiles(),
    "normal": normal(),
    "normalQuantiles": normal_quantiles(),
    "pairs": [
        {
            "name": name,
            "a": a.tolist(),
            "b": b.tolist(),
            "tTests": t_tests(a, b),
            "wilcoxon": wilcoxon(a, b),
            "effectSizes": effect_sizes(a, b),
            "bootstrap": bootstrap(a, b) if name in BOOTSTRAPPED else None,
        }
        for name, (a, b) in datasets().items()
    ],
    "holm": holm(),
    "overSeeds": over_seeds(),
}))
