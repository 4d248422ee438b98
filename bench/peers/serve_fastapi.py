"""FastAPI's side of bench/serving.mjs: the same bundle, by onnxruntime and NumPy.

    RODPO_BUNDLE=/path/to/bundle uvicorn serve_fastapi:app --workers 2

Reads what `rodpo export` wrote, and answers POST /recommend as `rodpo serve` does for known items without
filters: the ten best that are not in the history.
"""

import json
import os
from pathlib import Path

import numpy as np
import onnxruntime
from fastapi import FastAPI
from pydantic import BaseModel
from safetensors.numpy import load_file

folder = Path(os.environ["RODPO_BUNDLE"])
manifest = json.loads((folder / "bundle.json").read_text())
row_length, max_length, width = (manifest[name] for name in ("rowLength", "maxLength", "width"))
vectors = load_file(folder / "items.safetensors")["vectors"]
items = [json.loads(line) for line in (folder / "items.jsonl").read_text().splitlines()]
index_of = {item["id"]: index for index, item in enumerate(items)}

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(
    folder / "encoder.onnx", options, providers=["CPUExecutionProvider"]
)
app = FastAPI()


class Request(BaseModel):
    history: list[str]
    count: int = 10


@app.post("/recommend")
def recommend(request: Request):
    history = [index_of[name] for name in request.history if name in index_of]
    read = history[-max_length:]
    inputs = {
        "vectors": np.zeros((row_length, width), np.float32),
        "positions": np.zeros(row_length, np.int32),
        "segments": np.zeros(row_length, np.int32),
    }
    inputs["vectors"][: len(read)] = vectors[read]
    inputs["positions"][: len(read)] = np.arange(len(read))
    inputs["segments"][: len(read)] = 1
    hidden = session.run(["hidden"], {name: inputs[name] for name in manifest["inputs"]})[0]
    scores = vectors @ hidden[len(read) - 1]
    scores[history] = -np.inf
    best = np.argpartition(-scores, request.count)[: request.count]
    best = best[np.argsort(-scores[best], kind="stable")]
    return {"items": [{**items[item], "score": float(scores[item])} for item in best]}
