"""Numbers of 16 bits by torch and the Python package safetensors.

Run in packages/files: python test/safetensors/golden/halves.py > test/safetensors/golden/halves.json
It also writes halves.safetensors. Needs torch==2.13.0 and safetensors==0.8.0.

Numbers to round are bits of float32, `(2654435761 · i + 12345) mod 2^32` for i below 2^18, and all
halves with what lies halfway to the next, and a bit to either side of that. What is no number
(NaN) counts as 0 in the digests.
"""

import hashlib
import json

import torch
from safetensors.torch import save_file

types = {"F16": torch.float16, "BF16": torch.bfloat16}
special = torch.tensor([1 / 3, -2.5, 65504.0, 1e-7, 0.0, -0.0, float("inf")])
save_file(
    {
        "half": special.to(torch.float16),
        "brain": special.to(torch.bfloat16).reshape(7, 1),
        "whole": torch.tensor([1, 2], dtype=torch.int32),
    },
    "test/safetensors/golden/halves.safetensors",
)


def digest(tensor):
    cleaned = torch.where(torch.isnan(tensor), torch.zeros_like(tensor), tensor)
    plain = cleaned if cleaned.dtype == torch.float32 else cleaned.view(torch.int16)
    return hashlib.sha256(plain.numpy().tobytes()).hexdigest()


def every(dtype):
    return torch.arange(-(2**15), 2**15, dtype=torch.int32).to(torch.int16).view(dtype)


def to_round(dtype):
    """Scattered bits, and bits about the ties between neighbours."""
    scattered = (2654435761 * torch.arange(2**18) + 12345) % 2**32
    halves = every(dtype).float()
    halves = halves[torch.isfinite(halves)].contiguous().view(torch.int32).long() % 2**32
    step = 2**12 if dtype == torch.float16 else 2**15
    ties = torch.cat([halves, halves + step - 1, halves + step, halves + step + 1])
    bits = torch.cat([scattered, ties]) % 2**32
    about = torch.where(bits >= 2**31, bits - 2**32, bits).to(torch.int32).view(torch.float32)
    # Halfway between the numbers of float16 that are too small to have all their digits.
    small = (torch.arange(1024) + 0.5) * 2**-24
    return torch.cat([about, small, -small])


print(
    json.dumps(
        {
            "source": f"torch {torch.__version__.split('+')[0]}, safetensors 0.8.0",
            "special": {name: special.to(t).float().tolist()[:6] for name, t in types.items()},
            "read": {name: digest(every(t).float()) for name, t in types.items()},
            "rounded": {name: digest(to_round(t).to(t)) for name, t in types.items()},
            "doubles": {
                name: torch.tensor([1 + 2**-11 + 2**-40, 1 / 3, 1e-300], dtype=torch.float64)
                .to(t)
                .float()
                .tolist()
                for name, t in types.items()
            },
        }
    )
)
