"""Preference losses by TRL's own trainer: values, gradients and logged metrics.

Run in this package, in an environment of test/golden/requirements-trl.txt (Python 3.11):
python test/golden/trl-dpo.py > test/golden/trl-dpo.json
(then biome formats the file: pnpm fix).

`DPOTrainer._compute_loss` itself runs. Its model is a table of logits with one row per context, and
every completion is one token: an item. Gradients are by that table. float64 wherever TRL allows;
its alpha divergence knows 16 and 32 bits alone, so those cases are float32.
"""

import json
import math
import sys
import tempfile

import torch
import transformers
import trl
from datasets import Dataset
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import PretrainedConfig, PreTrainedModel, PreTrainedTokenizerFast
from transformers.modeling_outputs import CausalLMOutput
from trl import DPOConfig, DPOTrainer

pairs, items = 4, 7


def wave(frequency, amplitude):
    """Logits without randomness, rounded to float32 so that both sides start from the same."""
    values = [amplitude * math.sin(frequency * (i + 1)) for i in range(pairs * items)]
    return torch.tensor(values, dtype=torch.float32).reshape(pairs, items)


def problem(amplitude):
    policy, reference = wave(1.3, amplitude), wave(0.7, amplitude)
    policy[2] = reference[2]  # a tie: neither item of this pair gained anything
    return {"policy": policy, "reference": reference, "chosen": [1, 6, 0, 5], "rejected": [4, 2, 3, 0]}


problems = [problem(1.0), problem(2.5)]


class TableModel(PreTrainedModel):
    """A causal model that looks the next token's logits up by the present token."""

    config_class = PretrainedConfig

    def __init__(self, table):
        super().__init__(PretrainedConfig())
        self.table = torch.nn.Parameter(table.clone())
        self.post_init()

    def forward(self, input_ids, attention_mask=None, use_cache=False, **kwargs):
        # Past the context comes the item, whose own prediction the trainer drops.
        context = input_ids.clamp(max=pairs - 1)
        return CausalLMOutput(logits=torch.nn.functional.embedding(context, self.table))


def tokenizer():
    words = {str(i): i for i in range(items)}
    model = Tokenizer(models.WordLevel(words | {"<end>": items}, unk_token="<end>"))
    model.pre_tokenizer = pre_tokenizers.Whitespace()
    return PreTrainedTokenizerFast(tokenizer_object=model, eos_token="<end>", pad_token="<end>")


def batch(of):
    """As TRL's collator makes it: all chosen sequences, then all rejected ones."""
    sequences = [[row, item] for side in ("chosen", "rejected") for row, item in enumerate(of[side])]
    return {
        "input_ids": torch.tensor(sequences),
        "attention_mask": torch.ones(2 * pairs, 2, dtype=torch.long),
        "completion_mask": torch.tensor([[0, 1]] * (2 * pairs)),
    }


def case(index, losses, beta, **options):
    dtype = torch.float32 if options.get("f_divergence_type") == "alpha_divergence" else torch.float64
    of = problems[index]
    model, reference = (TableModel(of[side].to(dtype)) for side in ("policy", "reference"))
    with tempfile.TemporaryDirectory() as folder:
        trainer = DPOTrainer(
            model=model,
            ref_model=reference,
            args=DPOConfig(
                output_dir=folder, use_cpu=True, bf16=False, report_to=[], gradient_checkpointing=False,
                loss_type=losses, beta=beta, **options,
            ),
            processing_class=tokenizer(),
            train_dataset=Dataset.from_dict({"prompt": ["0"], "chosen": ["1"], "rejected": ["2"]}),
        )
    loss = trainer._compute_loss(model.train(), batch(of), return_outputs=False)
    loss.backward()
    logged = {name: values[-1] for name, values in trainer._metrics["train"].items()}
    return {
        "problem": index,
        "losses": losses,
        "beta": beta,
        "options": options,
        "loss": rounded(loss.item()),
        "gradient": [[rounded(slope) for slope in row] for row in model.table.grad.tolist()],
        "metrics": {name: rounded(v) for name, v in logged.items() if name.startswith(("rewards/", "logps/"))},
    }


def rounded(value):
    return float(f"{value:.10g}")


def cases():
    plain = ["sigmoid", "sigmoid_norm", "hinge", "ipo", "nca_pair", "bco_pair", "sppo_hard", "aot",
             "aot_unpaired", "apo_zero", "apo_down", "discopop", "robust", "sft"]
    for loss in plain:
        yield case(0, [loss], 0.1)
        yield case(1, [loss], 2.0)
    for epsilon in (0.001, 0.2):
        yield case(0, ["exo_pair"], 0.5, label_smoothing=epsilon)
        yield case(1, ["exo_pair"], 2.0, label_smoothing=epsilon)
    for loss in ("robust", "aot", "aot_unpaired", "sigmoid"):  # TRL's sigmoid ignores it
        yield case(1, [loss], 0.5, label_smoothing=0.1)
    yield case(1, ["discopop"], 0.5, discopop_tau=0.5)

    divergences = [("forward_kl", None), ("js_divergence", None), ("alpha_divergence", 0.5),
                   ("alpha_divergence", 2.0), ("alpha_divergence", 1.0)]
    for loss in ("sigmoid", "hinge", "ipo", "exo_pair", "robust", "discopop"):
        smoothing = {"label_smoothing": 0.1} if loss in ("exo_pair", "robust") else {}
        for divergence, alpha in divergences:
            coefficient = {} if alpha is None else {"f_alpha_divergence_coef": alpha}
            yield case(0, [loss], 0.5, f_divergence_type=divergence, **coefficient, **smoothing)

    # TRL weighs in place, which autograd forbids for hinge (relu) and sft (an expanded tensor).
    for loss in ("sigmoid", "ipo", "exo_pair", "nca_pair", "robust", "bco_pair", "sppo_hard",
                 "apo_zero", "apo_down", "discopop"):
        smoothing = {"label_smoothing": 0.1} if loss in ("exo_pair", "robust") else {}
        yield case(1, [loss], 0.5, use_weighting=True, **smoothing)

    yield case(1, ["sigmoid", "bco_pair", "sft"], 0.1, loss_weights=[0.8, 0.2, 1.0])
    yield case(0, ["ipo", "robust"], 0.5, loss_weights=[0.25, 2.0], label_smoothing=0.2,
               f_divergence_type="js_divergence")


def versions():
    return f"trl {trl.__version__}, transformers {transformers.__version__}, torch {torch.__version__.split('+')[0]}"


listed = [
    {name: value.tolist() if torch.is_tensor(value) else value for name, value in of.items()}
    for of in problems
]
json.dump(
    {
        "source": f"{versions()}, python test/golden/trl-dpo.py > test/golden/trl-dpo.json",
        "problems": listed,
        "cases": list(cases()),
    },
    sys.stdout,
)
