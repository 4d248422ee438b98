"""Interactions to k-cored, split sequences in polars: the peer of `pnpm bench:data`.

python prepare_polars.py FILE [THREADS]; prints one JSON object. Versions: requirements-data.txt.

A table of user, item, rating, time; ratings from 2 on; users and items numbered by first appearance; the
5-core; a user's items by time, ties in the order of the file; the last item tests, the one before it
validates.
"""
import json
import os
import sys
import time

os.environ["POLARS_MAX_THREADS"] = sys.argv[2] if len(sys.argv) > 2 else "2"
import polars as pl  # noqa: E402  (reads the number of threads)

from prepare_result import result  # noqa: E402

file = sys.argv[1]
started = time.perf_counter()
processor_started = time.process_time()


def scan() -> pl.LazyFrame:
    if file.endswith(".csv"):
        return pl.scan_csv(file, schema_overrides={"user": pl.String, "item": pl.String})
    return pl.scan_parquet(file)


def numbered(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """Ids to numbers by first appearance: categories are numbered in any order, and then in that one."""
    codes = frame.get_column(name).cast(pl.Categorical).to_physical().rename("code")
    order = codes.unique(maintain_order=True)
    place = pl.Series([0], dtype=pl.UInt32).new_from_index(0, codes.max() + 1)
    place = place.scatter(order.cast(pl.UInt32), pl.arange(order.len(), dtype=pl.UInt32, eager=True))
    return frame.with_columns(place.gather(codes).alias(name))


frame = (
    scan()
    .filter(pl.col("rating") >= 2)
    .select("user", "item", pl.col("time").cast(pl.Float64))
    .collect()
)
frame = numbered(numbered(frame, "user"), "item").with_row_index("row")
while True:
    before = frame.height
    frame = frame.filter(pl.len().over("item") >= 5).filter(pl.len().over("user") >= 5)
    if frame.height == before:
        break
items = frame.get_column("item").unique().sort()
place = pl.Series([0], dtype=pl.UInt32).new_from_index(0, items.max() + 1)
place = place.scatter(items, pl.arange(items.len(), dtype=pl.UInt32, eager=True))
frame = frame.with_columns(place.gather(frame.get_column("item")).cast(pl.Int32).alias("item"))
frame = frame.sort("user", "time", "row")
users = frame.group_by("user", maintain_order=True).agg("item", "time")
split = users.select(
    pl.col("item").list.slice(0, pl.col("item").list.len() - 2).alias("train"),
    pl.col("item").list.get(-2).alias("validation"),
    pl.col("item").list.get(-1).alias("test"),
)
seconds = time.perf_counter() - started
processor_seconds = time.process_time() - processor_started
lengths = users.select(pl.col("item").list.len()).to_series().to_numpy()
print(json.dumps(result(seconds, processor_seconds, frame.get_column("item").to_numpy(), lengths, split.height)))
