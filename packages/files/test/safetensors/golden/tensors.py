"""A file by the Python package safetensors: python test/golden/tensors.py (in this package).

Needs safetensors==0.8.0 and numpy.
"""

import numpy as np
from safetensors.numpy import save_file

save_file(
    {
        "weights.items": np.array([[1.5, -2.0, 0.1], [0.0, 3e38, 1e-45]], dtype=np.float32),
        "scalar": np.array(0.25, dtype=np.float32),
        "ids": np.array([-1, 2147483647, -2147483648], dtype=np.int32),
        "pixels": np.array([[0], [127], [255]], dtype=np.uint8),
        "empty": np.zeros((0, 4), dtype=np.float32),
        "größe ✓": np.array([7], dtype=np.int32),
    },
    "test/golden/tensors.safetensors",
    metadata={"epoch": "12", "note": "größe \"quoted\""},
)
