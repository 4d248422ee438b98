"""Interactions to k-cored, split sequences in pandas: the peer of `pnpm bench:data`.

python prepare_pandas.py FILE; prints one JSON object. What it does: prepare_polars.py. Versions:
requirements-data.txt.
"""
import json
import sys
import time

import numpy as np
import pandas as pd

from prepare_result import result

file = sys.argv[1]
started = time.perf_counter()
processor_started = time.process_time()
if file.endswith(".csv"):
    frame = pd.read_csv(file, dtype={"user": str, "item": str})
else:
    frame = pd.read_parquet(file)
frame = frame[frame["rating"] >= 2]
frame = pd.DataFrame(
    {
        "user": pd.factorize(frame["user"])[0],
        "item": pd.factorize(frame["item"])[0],
        "time": frame["time"].to_numpy(np.float64),
    }
)
while True:
    before = len(frame)
    frame = frame[frame.groupby("item")["item"].transform("size") >= 5]
    frame = frame[frame.groupby("user")["user"].transform("size") >= 5]
    if len(frame) == before:
        break
frame["item"] = np.unique(frame["item"].to_numpy(), return_inverse=True)[1].astype(np.int32)
frame = frame.sort_values(["user", "time"], kind="stable")
items = frame["item"].to_numpy()
lengths = frame.groupby("user", sort=True).size().to_numpy()
ends = np.cumsum(lengths)
sequences = np.split(items, ends[:-1])
split = [(own[:-2], own[-2], own[-1]) for own in sequences]
seconds = time.perf_counter() - started
processor_seconds = time.process_time() - processor_started
print(json.dumps(result(seconds, processor_seconds, items, lengths, len(split))))
