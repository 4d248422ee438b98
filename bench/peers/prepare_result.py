"""What a contender of `pnpm bench:data` tells: time, memory, and a fingerprint of the sequences."""
import hashlib
import resource

import numpy as np


def result(seconds: float, processor_seconds: float, items: np.ndarray, lengths: np.ndarray, cases: int) -> dict:
    fingerprint = hashlib.sha256()
    fingerprint.update(np.ascontiguousarray(lengths, dtype="<i4").tobytes())
    fingerprint.update(np.ascontiguousarray(items, dtype="<i4").tobytes())
    return {
        "seconds": seconds,
        "processorSeconds": processor_seconds,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "interactions": int(items.size),
        "users": int(lengths.size),
        "cases": cases,
        "sequences": fingerprint.hexdigest(),
    }
