"""Hashed n-grams, TF-IDF, truncated SVD and their pipeline by scikit-learn and NumPy.

Needs test/golden/requirements-text.txt. Run in this package:
python test/golden/text-descriptor.py > test/golden/text-descriptor.json
(then biome formats the file: pnpm fix).

All texts and sentences are our own.
"""

import json
import unicodedata

import numpy as np
import scipy
import sklearn
from scipy.sparse import hstack, random as random_sparse
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer

TEXTS = [
    "Red lacquer, red gloss & RED top coat (15 ml)",
    "Straßenschuhe für Öl und Wasser, Größe 42, ÄRMEL kürzer",
    "しっとり化粧水 200ml 詰め替え用 しっとり",
    "مرطب للوجه بزيت الأرگان ٥٠ مل",
    "Sparkle ✨ set 💄💄 for you 𝒳y 👩 𠮷野",
    "<b>Salt</b> &amp; lemon <br> soap, a < b",
    "हिन्दी में साबुन",
    "ΟΔΥΣΣΕΥΣ ΣΑΣ İstanbul ǅungla ﬁne ½ m² ①",
    "a b c I x1 _ __ a_b don't e-mail v2.0",
    "no\u00a0break\u3000wide \u2003 space\t\ttabs\n\nlines",
    "q",
    "...",
]

PARTS = [
    ["gentle", "rich", "matte", "bright", "long lasting", "organic", "travel size", "refillable"],
    ["rose", "lemon", "argan", "charcoal", "honey", "sea salt", "mint", "shea", "green tea"],
    ["shampoo", "face cream", "lip balm", "nail polish", "body wash", "hair mask", "eye serum"],
    ["for dry skin", "for curly hair", "for every day", "with pump", "pack of two", "50 ml"],
]


def sparse(matrix):
    rows = []
    for row in matrix.tocsr():
        row.eliminate_zeros()
        row.sort_indices()
        rows.append({"indices": row.indices.tolist(), "values": row.data.tolist()})
    return rows


def hashed(texts, analyzer, ngrams, feature_count):
    vectorizer = HashingVectorizer(
        analyzer=analyzer, ngram_range=ngrams, n_features=feature_count, norm=None
    )
    counts = vectorizer.transform(texts)
    counts.eliminate_zeros()
    return counts


def hashed_cases():
    cases = []
    for kind, analyzer in [("words", "word"), ("characters", "char_wb")]:
        for ngrams, feature_count in [((1, 2), 2**18), ((3, 5), 2**18), ((2, 4), 64), ((1, 1), 7)]:
            cases.append(
                {
                    "kind": kind,
                    "range": ngrams,
                    "featureCount": feature_count,
                    "rows": sparse(hashed(TEXTS, analyzer, ngrams, feature_count)),
                }
            )
    return cases


def tfidf_cases():
    counts = hashed(TEXTS, "char_wb", (1, 2), 50)
    plain = TfidfTransformer().fit_transform(counts)
    # Logarithms know no negative counts: weigh the magnitudes, and put the signs back.
    sublinear = TfidfTransformer(sublinear_tf=True).fit_transform(abs(counts))
    return {
        "counts": sparse(counts),
        "columnCount": 50,
        "idf": TfidfTransformer().fit(counts).idf_.tolist(),
        "plain": sparse(plain),
        "sublinear": sparse(sublinear.multiply(counts.sign())),
    }


def svd_case(name, matrix, rank):
    _, values, right = np.linalg.svd(matrix.toarray())
    return {
        "name": name,
        "columnCount": matrix.shape[1],
        "rows": sparse(matrix),
        "singularValues": values[:rank].tolist(),
        "next": float(values[rank]) if rank < len(values) else 0,
        # Rows are right singular vectors.
        "components": right[:rank].tolist(),
    }


def svd_cases(generator):
    def uniform(shape, density):
        # Multiples of 1/64 are the same in float32, which is what the other side keeps.
        matrix = random_sparse(*shape, density=density, random_state=generator, format="csr")
        matrix.data = np.round(128 * matrix.data - 64) / 64
        matrix.eliminate_zeros()
        return matrix

    left, right = uniform((40, 4), 0.7), uniform((4, 25), 0.7)
    low = (left @ right).tocsr()
    return [
        svd_case("tall", uniform((60, 20), 0.2), 6),
        svd_case("wide", uniform((18, 70), 0.15), 5),
        svd_case("square, all singular values", uniform((12, 12), 0.5), 12),
        svd_case("of rank 4", low, 4),
    ]


def pipeline_case(generator):
    sentences = [
        " ".join(str(generator.choice(part)) for part in PARTS if generator.random() < 0.85)
        for _ in range(90)
    ]
    sentences = [sentence for sentence in sentences if sentence]
    cleaned = [unicodedata.normalize("NFKC", sentence) for sentence in sentences]
    counts = hstack(
        [hashed(cleaned, "word", (1, 2), 2**18), hashed(cleaned, "char_wb", (3, 5), 2**18)]
    ).tocsr()
    weights = TfidfTransformer().fit_transform(counts)
    vectors = TruncatedSVD(12, algorithm="arpack", random_state=0).fit_transform(weights)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return {
        "sentences": sentences,
        "dimension": 12,
        "lengths": np.linalg.norm(vectors, axis=1).round(8).tolist(),
        # Of the first twenty with all.
        "cosines": (unit[:20] @ unit.T).round(8).tolist(),
    }


generator = np.random.RandomState(20)
print(
    json.dumps(
        {
            "source": f"scikit-learn {sklearn.__version__}, numpy {np.__version__}, "
            f"scipy {scipy.__version__}, test/golden/text-descriptor.py",
            "texts": TEXTS,
            "hashed": hashed_cases(),
            "tfidf": tfidf_cases(),
            "svd": svd_cases(generator),
            "pipeline": pipeline_case(generator),
        },
        ensure_ascii=False,
    )
)
