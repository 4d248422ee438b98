"""Files of vectors by NumPy and pyarrow, and what they hold.

Needs test/golden/requirements-vectors.txt. Run in this package:
python test/golden/vectors.py > test/golden/vectors.json
(then biome formats the file: pnpm fix). Writes the files to test/golden/vectors/.
"""

import hashlib
import io
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

folder = Path(__file__).parent / "vectors"
folder.mkdir(exist_ok=True)

# Exact in float16, so that every type holds the same numbers.
table = (np.arange(12).reshape(4, 3) - 5.5) / 4


def npy(name, array, version=None):
    with open(folder / name, "wb") as file:
        np.lib.format.write_array(file, array, version=version)
    return {
        "file": name,
        "shape": list(array.shape),
        "data": np.ascontiguousarray(array).astype(np.float32).ravel().tolist(),
    }


def numpy_files():
    files = [
        npy(f"{order}{kind}-{layout}.npy", np.array(table, dtype=f"{code}{kind}", order=layout))
        for order, code in [("little-", "<"), ("big-", ">")]
        for kind in ["f2", "f4", "f8"]
        for layout in ["C", "F"]
    ]
    single = table.astype("<f4")
    return files + [
        npy("version-2.npy", single, (2, 0)),
        npy("version-3.npy", single, (3, 0)),
        npy("one-axis.npy", single[0]),
        npy("three-axes.npy", single.reshape(2, 2, 3)),
        npy("number.npy", np.float32(2.5).reshape(())),
        npy("no-rows.npy", single[:0]),
    ]


def refused_numpy_files():
    np.save(folder / "refused-int.npy", np.arange(3))
    np.save(folder / "refused-structured.npy", np.zeros(2, dtype=[("a", "<f4"), ("b", "<f4")]))
    np.save(folder / "refused-fortran.npy", np.asfortranarray(np.zeros((2, 3, 4), dtype="<f4")))
    with open(folder / "refused-two-arrays.npy", "wb") as file:
        np.save(file, table.astype("<f4"))
        np.save(file, table.astype("<f4"))


def saved(rows, dimension):
    """What numpy.save makes of value i = i / 8 in float32."""
    values = (np.arange(rows * dimension, dtype=np.float64) / 8).astype("<f4")
    file = io.BytesIO()
    np.save(file, values.reshape(rows, dimension))
    content = file.getvalue()
    return {
        "shape": [rows, dimension],
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def all_halves():
    """Every float16 but the NaNs, in the order of the codes, as float32."""
    with np.errstate(invalid="ignore"):
        values = np.arange(2**16, dtype="<u2").view("<f2").astype("<f4")
    values[np.isnan(values)] = 0
    return hashlib.sha256(values.tobytes()).hexdigest()


vectors = [[1.5, 2.5, 3.5], None, [4.25, 5.25, 6.25], [7.0, 8.0, -9.0]]


def parquet(name, ids, vector_type, values=vectors, columns=("item_id", "embedding"), **options):
    table = pa.table(
        {
            columns[0]: ids,
            "price": pa.array([1, 2, 3, 4][: len(ids)]),
            columns[1]: pa.array(values, vector_type),
        }
    )
    pq.write_table(table, folder / name, **options)


def parquet_files():
    text = pa.array(["a", "b", "c", "d"])
    floats = pa.list_(pa.float32())
    halves = [value and np.array(value, dtype=np.float16) for value in vectors]
    parquet("list-float.parquet", text, floats, row_group_size=3)
    parquet("list-double.parquet", text, pa.list_(pa.float64()), compression="gzip")
    parquet("fixed-size-list.parquet", text, pa.list_(pa.float32(), 3), compression="none")
    parquet("half.parquet", text, pa.list_(pa.float16()), halves)
    parquet("large-list.parquet", text.dictionary_encode(), pa.large_list(pa.float32()),
            compression="brotli")
    parquet("split-streams.parquet", text, floats, use_dictionary=False,
            use_byte_stream_split=["embedding.list.element"], data_page_version="2.0")
    parquet("late.parquet", text, floats, [None, None, [1.0, 2.0], None], row_group_size=1)
    parquet("other-names.parquet", text, floats, columns=("asin", "clip"))
    parquet("integers.parquet", pa.array([7, 2**60 + 1, 0, -3]), floats)
    parquet("unsigned.parquet", pa.array([7, 2**63 + 5, 0, 3], pa.uint64()), floats)
    parquet("small-integers.parquet", pa.array([7, 8, 0, -3], pa.int16()), floats)
    parquet("zstd.parquet", text, floats, compression="zstd")
    parquet("lz4.parquet", text, floats, compression="lz4")
    pq.write_table(pa.table({"item_id": text[:0], "embedding": pa.array([], floats)}),
                   folder / "empty.parquet")


def refused_parquet_files():
    text = pa.array(["a", "b", "c", "d"])
    floats = pa.list_(pa.float32())
    doubles = pa.list_(pa.float64())
    parquet("refused-ragged.parquet", text, floats, [[1, 2], None, [1, 2], [1, 2, 3]],
            row_group_size=3)
    parquet("refused-null-value.parquet", text, floats, [[1, 2], [1, 2], [1, None], None])
    parquet("refused-no-values.parquet", text, floats, [None, [], [1], None])
    parquet("refused-range.parquet", text, doubles, [[1], [1e39], [1], None])
    parquet("refused-integers.parquet", text, pa.list_(pa.int32()), [[1], [2], [3], None])
    parquet("refused-nested.parquet", text, pa.list_(floats), [[[1]], [[2]], None, None])
    parquet("refused-scalars.parquet", text, pa.float32(), [1, 2, 3, 4])
    parquet("refused-nothing.parquet", text, floats, [None] * 4, row_group_size=2)
    parquet("refused-null-id.parquet", pa.array(["a", None, "c", "d"]), floats)
    parquet("refused-same-id.parquet", pa.array(["a", "b", "c", "b"]), floats, row_group_size=2)
    parquet("refused-bytes-id.parquet", pa.array([b"a", b"\xff", b"c", b"d"]), floats)
    parquet("refused-float-id.parquet", pa.array([1.5, 2.5, 3.5, 4.5]), floats)
    parquet("refused-date-id.parquet", pa.array([1, 2, 3, 4], pa.date32()), floats)


numpy_cases = numpy_files()
refused_numpy_files()
parquet_files()
refused_parquet_files()
print(
    json.dumps(
        {
            "source": f"numpy {np.__version__}, pyarrow {pa.__version__}, test/golden/vectors.py",
            "npy": numpy_cases,
            "saved": [
                saved(*shape) for shape in [(1, 1), (4, 3), (1000, 7), (0, 5), (123456, 2), (3, 0)]
            ],
            "halves": all_halves(),
            "vectors": vectors,
        }
    )
)
