"""PCA, whitening and ZCA by scikit-learn and NumPy, in float64.

Needs test/golden/requirements-fusion.txt. Run in this package:
python test/golden/fusion.py > test/golden/fusion.json
(then biome formats the file: pnpm fix).

Inputs are float32, as the package takes them. A case holds the rows fitted on, all rows, and all
rows transformed. ZCA is the inverse square root of numpy.cov, by scipy's general Schur method.
"""

import json

import numpy as np
import scipy.linalg
import sklearn
from sklearn.covariance import shrunk_covariance
from sklearn.decomposition import PCA

random = np.random.default_rng(5)


def correlated(rows, dimension, scale=1.0, offset=0.0):
    values = random.normal(size=(rows, dimension)) @ random.normal(size=(dimension, dimension))
    return (values * scale + offset).astype(np.float32)


def case(name, values, dimension, method, rows=None, shrinkage=0.0):
    fitted = (values if rows is None else values[rows]).astype(np.float64)
    wide = values.astype(np.float64)
    if shrinkage == 0 and method != "zca":
        pca = PCA(dimension, whiten=method == "pca-whitening", svd_solver="full").fit(fitted)
        transformed, variance = pca.transform(wide), pca.explained_variance_
    else:
        covariance = np.cov(fitted, rowvar=False)
        variance = np.sort(np.linalg.eigvalsh(covariance))[::-1][:dimension]
        shrunk = shrunk_covariance(covariance, shrinkage=shrinkage)
        centred = wide - fitted.mean(axis=0)
        if method == "zca":
            transformed = centred @ scipy.linalg.inv(scipy.linalg.sqrtm(shrunk)).real.T
        else:
            values_, vectors = np.linalg.eigh(shrunk)
            vectors = vectors[:, ::-1][:, :dimension]
            vectors *= np.sign(vectors[np.abs(vectors).argmax(axis=0), range(dimension)])
            transformed = centred @ vectors / np.sqrt(values_[::-1][:dimension])
    return {
        "name": name,
        "method": method,
        "inputDimension": values.shape[1],
        "dimension": dimension,
        "rows": rows,
        "shrinkage": shrinkage,
        "values": values.ravel().tolist(),
        "mean": fitted.mean(axis=0).tolist(),
        "explainedVariance": variance.tolist(),
        "transformed": transformed.ravel().tolist(),
    }


plain = correlated(24, 5)
train = list(range(0, 24, 2))
low_rank = (random.normal(size=(20, 3)) @ random.normal(size=(3, 7))).astype(np.float32)
print(
    json.dumps(
        {
            "source": f"scikit-learn {sklearn.__version__}, numpy {np.__version__}, "
            f"scipy {scipy.__version__}, test/golden/fusion.py",
            "cases": [
                case("pca, all axes", plain, 5, "pca"),
                case("pca, fewer axes", plain, 2, "pca"),
                case("whitening, all axes", plain, 5, "pca-whitening"),
                case("whitening, fitted on training rows", plain, 3, "pca-whitening", rows=train),
                case("zca, fitted on training rows", plain, 5, "zca", rows=train),
                case("zca with shrinkage", plain, 5, "zca", shrinkage=0.25),
                case("whitening with shrinkage", plain, 4, "pca-whitening", shrinkage=0.1),
                case("pca of rows of rank 3", low_rank, 3, "pca"),
                case("whitening of rows of rank 3", low_rank, 3, "pca-whitening"),
                case("zca of fewer rows than axes, with shrinkage", low_rank[:5], 7, "zca", shrinkage=0.5),
                case("a mean far from zero", correlated(30, 4, 1.0, 1000.0), 4, "pca-whitening"),
                case("very small values", correlated(30, 4, 1e-10, 0.0), 4, "pca-whitening"),
                case("many axes", correlated(40, 24), 24, "zca"),
            ],
        }
    )
)
