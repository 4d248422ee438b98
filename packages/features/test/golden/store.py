"""A store of two shards, written by the Python package safetensors.

Needs test/golden/requirements-store.txt. Run in this package: python test/golden/store.py

The metadata follow the description of the format in the README; nothing here is our output.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

FOLDER = Path(__file__).parent / "store"
SHARD_SIZE = 3
DESCRIPTION = {"revision": "r1", "model": "golden", "settings": {"pooling": "mean", "limits": [1, None]}}
CATALOGUE = [
    ("a", "one", [1.5, -2.0, 0.1, 3e38]),
    ("größe ✓", "two", [0.0, 1e-45, -0.5, 7.0]),
    ("bad", "three", None),
    ("d", "four", [0.25, 0.5, 0.75, 1.0]),
]


def compact(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def write_shard(index, items):
    present = [(item, vector) for item, _, vector in items if vector is not None]
    vectors = np.array([vector for _, vector in present], dtype=np.float32)
    lines = "".join(compact(item) + compact(text) + "\n" for item, text, _ in items)
    metadata = {
        "format": "rodpo-features",
        "version": "1",
        "description": compact(DESCRIPTION),
        "ids": compact([item for item, _ in present]),
        "failures": compact(
            [
                {"id": item, "reason": "corrupt", "message": "broken"}
                for item, _, vector in items
                if vector is None
            ]
        ),
        "inputs": hashlib.sha256(lines.encode()).hexdigest(),
    }
    checksum = hashlib.sha256(compact(metadata).encode() + vectors.tobytes()).hexdigest()
    file = FOLDER / f"shard-{index:05}.safetensors"
    save_file({"vectors": vectors}, file, metadata={**metadata, "checksum": checksum})


FOLDER.mkdir(exist_ok=True)
for start in range(0, len(CATALOGUE), SHARD_SIZE):
    write_shard(start // SHARD_SIZE, CATALOGUE[start : start + SHARD_SIZE])
source = {"source": "safetensors 0.8.0 and numpy 2.4.6, by store.py"}
(FOLDER / "source.json").write_text(json.dumps(source) + "\n")
