"""Routers, router losses and whole mixtures from Hugging Face transformers and PyTorch, as JSON for
`moe/golden.test.ts`.

    pip install -r requirements-moe.txt    (torch==2.13.0, transformers==5.23.0)
    python sparse-mixture.py > sparse-mixture.json    (float64, but for what transformers casts to float32; then `pnpm fix` for the layout)

Every input is `scale * sin(index * step + phase)`, which both sides compute for themselves.
Formulas that transformers does not have are written here from the papers named beside them.
"""

import json
import math

import torch
import transformers
from torch.func import functional_call
from torch.nn import functional
from transformers import DeepseekV3Config, MixtralConfig, SwitchTransformersConfig
from transformers.models.deepseek_v3.modeling_deepseek_v3 import DeepseekV3TopkRouter
from transformers.models.mixtral import modeling_mixtral as mixtral
from transformers.models.switch_transformers import modeling_switch_transformers as switch

torch.set_default_dtype(torch.float64)

TOKENS, DIMENSION, WIDTH, EXPERTS, ACTIVE = 12, 4, 6, 4, 2
MASK = torch.tensor([1, 1, 1, 0, 1, 1, 1, 1, 0, 0, 1, 1.0])


def wave(shape, scale, phase):
    index = torch.arange(math.prod(shape))
    return (scale * torch.sin(index * 0.7 + phase)).reshape(shape)


def flat(tensor):
    return [round(value, 8) for value in tensor.detach().double().flatten().tolist()]


def require_clear(scores, count):
    """Values near a tie would let rounding decide, and golden values must not depend on it."""
    largest = scores.detach().sort(dim=-1, descending=True).values
    gaps = (largest[:, :count] - largest[:, 1 : count + 1]) if count < scores.shape[-1] else largest
    assert gaps.abs().min() > 1e-3, gaps.abs().min()


def inputs():
    return wave([TOKENS, DIMENSION], 1.3, 0.3)


def logits():
    return wave([TOKENS, EXPERTS], 1.6, 0.9)


def mixture_parameters(shared=False):
    shapes = {
        "router.kernel": [DIMENSION, EXPERTS],
        "experts.up.kernel": [EXPERTS, DIMENSION, WIDTH],
        "experts.up.bias": [EXPERTS, WIDTH],
        "experts.down.kernel": [EXPERTS, WIDTH, DIMENSION],
        "experts.down.bias": [EXPERTS, DIMENSION],
    }
    if shared:
        shapes |= {
            "shared.up.kernel": [DIMENSION, WIDTH],
            "shared.up.bias": [WIDTH],
            "shared.down.kernel": [WIDTH, DIMENSION],
            "shared.down.bias": [DIMENSION],
        }
    return {
        name: wave(shape, 0.8, order + 0.2).requires_grad_()
        for order, (name, shape) in enumerate(shapes.items())
    }


def with_gradients(value, leaves, loss=None):
    total = (value * wave(list(value.shape), 1.0, 0.5)).sum()
    (total if loss is None else total + loss).backward()
    return {"value": flat(value), "gradients": {name: flat(leaf.grad) for name, leaf in leaves.items()}}


def loss_with_gradient(function, *arrays):
    """A scalar and its gradients with respect to the arrays."""
    leaves = [array.clone().requires_grad_() for array in arrays]
    loss = function(*leaves)
    loss.backward()
    return {"loss": loss.item(), "gradients": [flat(leaf.grad) for leaf in leaves]}


# --- Mixtral, by transformers ---


def mixtral_block():
    """The unmodified `MixtralSparseMoeBlock`, its gated experts made to be ours by their weights.

    Its experts are `down(gelu(gate(x)) * up(x))` without biases. With a column of ones beside `x`,
    `up` of a hidden unit can be 1 and `gate` has a bias; one more hidden unit, `gelu(1) / gelu(1)`,
    carries the bias of `down`.
    """
    config = MixtralConfig(
        hidden_size=DIMENSION + 1,
        intermediate_size=WIDTH + 1,
        num_local_experts=EXPERTS,
        num_experts_per_tok=ACTIVE,
        router_jitter_noise=0.0,
        hidden_act="gelu",
    )
    config._experts_implementation = "eager"
    block = mixtral.MixtralSparseMoeBlock(config).double().eval()
    weights = mixture_parameters()
    x = inputs().requires_grad_()
    one = torch.zeros(EXPERTS, 1, DIMENSION + 1)
    one[:, :, -1] = 1.0
    gates = torch.cat([weights["experts.up.kernel"].mT, weights["experts.up.bias"][..., None]], -1)
    carried = one / functional.gelu(torch.tensor(1.0))
    state = {
        "gate.weight": functional.pad(weights["router.kernel"].T, (0, 1)),
        "experts.gate_up_proj": torch.cat(
            [gates, one, one.expand(-1, WIDTH, -1), carried], dim=1
        ),
        "experts.down_proj": functional.pad(
            torch.cat(
                [weights["experts.down.kernel"].mT, weights["experts.down.bias"][..., None]], -1
            ),
            (0, 0, 0, 1),
        ),
    }
    beside = torch.cat([x, torch.ones(TOKENS, 1)], -1)[None]
    require_clear(x @ weights["router.kernel"], ACTIVE)
    output = functional_call(block, state, (beside,))[0, :, :DIMENSION]
    router_logits, scores, indices = functional_call(block.gate, {"weight": state["gate.weight"]}, beside)
    result = with_gradients(output, {"x": x, **weights})
    return {**result, "experts": indices.flatten().tolist(), "weights": flat(scores)}


def mixtral_loss(mask):
    def loss(z):
        return mixtral.load_balancing_loss_func((z,), EXPERTS, ACTIVE, mask)

    return loss_with_gradient(loss, logits())


# --- Switch, by transformers ---


def switch_router(capacity):
    config = SwitchTransformersConfig(
        d_model=DIMENSION,
        num_experts=EXPERTS,
        expert_capacity=capacity,
        router_jitter_noise=0.0,
        router_bias=False,
        router_dtype="float32",
    )
    router = switch.SwitchTransformersTop1Router(config).double().eval()
    kernel = mixture_parameters()["router.kernel"].detach()
    router.classifier.weight.data = kernel.T.contiguous()
    hot, top, router_logits = router(inputs()[None].clone())
    require_clear(router_logits[0], 1)
    probabilities = router_logits.softmax(-1)
    return hot[0], top[0], router_logits, probabilities


def switch_golden():
    hot, top, router_logits, probabilities = switch_router(capacity=TOKENS)
    kept, _, _, _ = switch_router(capacity=2)

    def balance(z):
        return switch.load_balancing_loss_func(z.softmax(-1)[None], z.argmax(-1)[None])

    def z_loss(z):
        return switch.router_z_loss_func(z[None])

    return {
        "experts": hot.argmax(-1).tolist(),
        "weights": flat(top),
        "probabilities": flat(probabilities),
        "keptOfCapacity2": kept.sum(-1).tolist(),
        "balance": loss_with_gradient(balance, logits()),
        "zLoss": loss_with_gradient(z_loss, logits()),
    }


# --- DeepSeek-V3, router by transformers ---


def deepseek_router():
    config = DeepseekV3Config(
        hidden_size=DIMENSION,
        num_local_experts=EXPERTS,
        n_routed_experts=EXPERTS,
        num_experts_per_tok=ACTIVE,
        n_group=1,
        topk_group=1,
        norm_topk_prob=True,
        routed_scaling_factor=2.5,
    )
    router = DeepseekV3TopkRouter(config).eval()
    router.e_score_correction_bias = wave([EXPERTS], 0.4, 0.1)
    return router


def deepseek_mixture():
    """Its router, with our experts and our shared expert: Dai et al., arXiv:2401.06066, equation 9."""
    router = deepseek_router()
    weights = mixture_parameters(shared=True)
    x = inputs().requires_grad_()

    def layer(part, expert=...):
        up = x @ weights[f"{part}.up.kernel"][expert] + weights[f"{part}.up.bias"][expert]
        return functional.gelu(up) @ weights[f"{part}.down.kernel"][expert] + weights[f"{part}.down.bias"][expert]

    router_logits, scores, indices = functional_call(router, {"weight": weights["router.kernel"].T}, x)
    require_clear(router_logits.double().sigmoid() + router.e_score_correction_bias, ACTIVE)
    gates = torch.zeros(TOKENS, EXPERTS).scatter(1, indices, scores.double())
    everyone = torch.stack([layer("experts", expert) for expert in range(EXPERTS)], 1)
    output = (gates[..., None] * everyone).sum(1) + layer("shared")
    sigmoids = (x @ weights["router.kernel"]).sigmoid()
    auxiliary = 0.3 * megatron_balance(
        sigmoids / sigmoids.sum(-1, keepdim=True), indices, MASK
    ) + 0.2 * masked_z_loss(x @ weights["router.kernel"], MASK)
    result = with_gradients(output, {"x": x, **weights}, auxiliary)
    return {**result, "gates": flat(gates), "auxiliaryLoss": auxiliary.item()}


# --- Formulas that transformers does not have ---


def megatron_balance(probabilities, indices, mask):
    """Megatron-LM, moe_utils.py, switch_load_balancing_loss_func, without its coefficient:
    sum(aggregated_probs_per_expert * tokens_per_expert) * experts / (topk * tokens * tokens)."""
    tokens = mask.sum()
    aggregated = (probabilities * mask[:, None]).sum(0)
    counts = (functional.one_hot(indices, EXPERTS).sum(1) * mask[:, None]).sum(0)
    return (aggregated * counts).sum() * EXPERTS / (indices.shape[1] * tokens * tokens)


def masked_z_loss(z, mask):
    """Zoph et al., ST-MoE, arXiv:2202.08906, equation 5, over real tokens."""
    return (torch.logsumexp(z, -1) ** 2 * mask).sum() / mask.sum()


def noisy_gates(z, raw, normal):
    """Shazeer et al., arXiv:1701.06538, equations 3 to 5."""
    deviation = functional.softplus(raw) + 1e-2
    noisy = z + normal * deviation
    top = noisy.topk(ACTIVE, -1)
    gates = torch.zeros_like(z).scatter(1, top.indices, top.values.softmax(-1))
    return noisy, deviation, gates


def squared_variation(values, correction):
    return values.var(correction=correction) / values.mean() ** 2


def importance(correction):
    """Shazeer et al., equations 6 and 7; padding left out."""

    def loss(z, raw):
        _, _, gates = noisy_gates(z, raw, wave([TOKENS, EXPERTS], 1.1, 2.0))
        return squared_variation((gates * MASK[:, None]).sum(0), correction)

    return loss


def load(correction):
    """Shazeer et al., appendix A: P(x, i) = Phi((clean_i - kth_excluding(noisy, k, i)) / deviation)."""

    def loss(z, raw):
        noisy, deviation, _ = noisy_gates(z, raw, wave([TOKENS, EXPERTS], 1.1, 2.0))
        rows = []
        for token in range(TOKENS):
            for expert in range(EXPERTS):
                others = torch.cat([noisy[token, :expert], noisy[token, expert + 1 :]])
                rows.append(others.topk(ACTIVE).values[-1])
        threshold = torch.stack(rows).reshape(TOKENS, EXPERTS)
        chance = torch.special.ndtr((z - threshold) / deviation)
        return squared_variation((chance * MASK[:, None]).sum(0), correction)

    return loss


def noisy_golden():
    z, raw, normal = logits(), wave([TOKENS, EXPERTS], 0.9, 0.4), wave([TOKENS, EXPERTS], 1.1, 2.0)
    noisy, _, gates = noisy_gates(z, raw, normal)
    require_clear(noisy, ACTIVE)
    kinds = {"population": 0, "sample": 1}
    return {
        "gates": flat(gates),
        "importance": {name: loss_with_gradient(importance(c), z, raw) for name, c in kinds.items()},
        "load": {name: loss_with_gradient(load(c), z, raw) for name, c in kinds.items()},
    }


def gshard_capacity(capacity):
    """Lepikhin et al., GShard, arXiv:2006.16668, algorithm 1: all first choices, then all second
    ones, each to its expert until that is full. Padding takes no place."""
    indices = logits().topk(ACTIVE, -1).indices
    filled = [0] * EXPERTS
    keep = [[0] * ACTIVE for _ in range(TOKENS)]
    for choice in range(ACTIVE):
        for token in range(TOKENS):
            expert = indices[token, choice].item()
            if MASK[token] == 1 and filled[expert] < capacity:
                filled[expert] += 1
                keep[token][choice] = 1
    return keep


if __name__ == "__main__":
    require_clear(logits(), ACTIVE)
    chosen = logits().topk(ACTIVE, -1).indices
    golden = {
        "source": (
            f"transformers {transformers.__version__}, torch {torch.__version__.split('+')[0]}: "
            "python sparse-mixture.py > sparse-mixture.json"
        ),
        "mask": MASK.tolist(),
        "mixtral": {
            **mixtral_block(),
            "balance": mixtral_loss(None),
            "maskedBalance": mixtral_loss(MASK[None]),
        },
        "switch": switch_golden(),
        "deepseek": deepseek_mixture(),
        "megatron": loss_with_gradient(lambda z: megatron_balance(z.softmax(-1), chosen, MASK), logits()),
        "maskedZLoss": loss_with_gradient(lambda z: masked_z_loss(z, MASK), logits()),
        "noisy": noisy_golden(),
        "gshardCapacity": {str(capacity): gshard_capacity(capacity) for capacity in (1, 2, 4)},
    }
    print(json.dumps(golden, separators=(",", ":")))
