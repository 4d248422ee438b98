"""Histograms of oriented gradients by scikit-image, and of colours by scikit-image and NumPy.

Needs test/golden/requirements-images.txt and the images of image-kinds.py. Run in this package:
python test/golden/image-histograms.py > test/golden/image-histograms.json
(then biome formats the file: pnpm fix).

Vectors are float32 little-endian, base64; pixels are uint8, zlib, base64.
"""

import base64
import json
import pathlib
import zlib

import numpy as np
import skimage
from PIL import Image
from skimage.color import rgb2hsv
from skimage.feature import hog

folder = pathlib.Path(__file__).parent / "images"
# An odd size: the last rows and columns fill no cell, and grid cells differ by a pixel.
image = np.asarray(Image.open(folder / "photo.jpg").convert("RGB").resize((70, 51), 3))


def packed(values):
    return base64.b64encode(np.asarray(values, "<f4").tobytes()).decode()


def gradients(orientations, cell_size, block_size):
    values = hog(
        image,
        orientations=orientations,
        pixels_per_cell=(cell_size, cell_size),
        cells_per_block=(block_size, block_size),
        block_norm="L2-Hys",
        channel_axis=-1,
    )
    options = {"orientations": orientations, "cellSize": cell_size, "blockSize": block_size}
    return {"options": options, "vector": packed(values)}


def colours(hue_bins, saturation_bins, value_bins, grid):
    # Of values 0 to 255 as they are, so that hue and saturation are not rounded twice.
    hue, saturation, value = np.moveaxis(rgb2hsv(image.astype(np.float64)), -1, 0)
    height, width = hue.shape
    rows, columns = np.mgrid[:height, :width]
    edges = [
        np.arange(grid + 1) * height / grid,
        np.arange(grid + 1) * width / grid,
        np.arange(hue_bins + 1) / hue_bins,
        np.arange(saturation_bins + 1) / saturation_bins,
        np.arange(value_bins + 1) * 256 / value_bins,
    ]
    samples = np.stack([part.ravel() for part in (rows, columns, hue, saturation, value)], 1)
    counts = np.histogramdd(samples, bins=edges)[0].reshape(grid * grid, -1)
    vector = np.sqrt(counts / counts.sum(1, keepdims=True) / grid**2)
    options = {"hueBins": hue_bins, "saturationBins": saturation_bins}
    return {"options": {**options, "valueBins": value_bins, "grid": grid}, "vector": packed(vector)}


print(
    json.dumps(
        {
            "source": f"scikit-image {skimage.__version__}, numpy {np.__version__}, "
            "test/golden/image-histograms.py",
            "width": image.shape[1],
            "height": image.shape[0],
            "data": base64.b64encode(zlib.compress(image.tobytes(), 9)).decode(),
            "gradients": [gradients(9, 16, 2), gradients(6, 8, 3), gradients(8, 5, 1)],
            "colours": [colours(8, 3, 3, 2), colours(12, 4, 5, 3), colours(1, 1, 7, 1)],
        }
    )
)
