"""faiss's side of bench/serving.mjs: passes over a catalogue, and a graph of neighbours.

    python scan_faiss.py '{"items": "items.f32", "queries": "queries.f32", "itemCount": 1000000, …}'

Says that it is set up in a line of JSON, and answers each line until its input ends.
"""

import json
import sys
import time

import faiss
import numpy as np

task = json.loads(sys.argv[1])
width = task["width"]
items = np.fromfile(task["items"], np.float32).reshape(-1, width)
queries = np.fromfile(task["queries"], np.float32).reshape(-1, width)
faiss.omp_set_num_threads(task["threads"])
flat = faiss.IndexFlatIP(width)
flat.add(items)
graph = None


def exact(together):
    found = []
    begun = time.perf_counter()
    for first in range(0, 64, together):
        found.append(flat.search(queries[first : first + together], 10)[1])
    milliseconds = (time.perf_counter() - begun) * 1000 / 64
    return {"milliseconds": milliseconds, "items": np.concatenate(found).tolist()}


def approximate():
    """At the least efSearch that finds as much as is wanted."""
    global graph
    if graph is None:
        graph = faiss.IndexHNSWFlat(width, 16, faiss.METRIC_INNER_PRODUCT)
        graph.hnsw.efConstruction = 128
        graph.add(items)
        best = flat.search(queries, 10)[1]
        for expansion in [16, 32, 64, 128, 256, 512, 1024, 2048, 4096]:
            graph.hnsw.efSearch = expansion
            near = graph.search(queries, 10)[1]
            shares = [np.isin(own, found).mean() for own, found in zip(best, near)]
            if np.mean(shares) >= task["recall"]:
                break
    found = []
    begun = time.perf_counter()
    for query in queries:
        found.append(graph.search(query[None], 10)[1][0].tolist())
    return {"milliseconds": (time.perf_counter() - begun) * 1000 / len(queries), "items": found}


print(json.dumps({}), flush=True)
answers = {"exact": lambda: exact(1), "exact together": lambda: exact(64), "approximate": approximate}
for line in sys.stdin:
    print(json.dumps(answers[json.loads(line)["kind"]]()), flush=True)
