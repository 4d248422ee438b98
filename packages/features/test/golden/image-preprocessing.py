"""Resizing by Pillow, and the slow (Pillow) image processors of Hugging Face's transformers.

Needs test/golden/requirements-images.txt and the images of image-kinds.py. Run in this package:
python test/golden/image-preprocessing.py > test/golden/image-preprocessing.json
(then biome formats the file: pnpm fix).

`resized`: `[height, width, 3]`, uint8, zlib, base64. `processed`: `pixel_values[:, row::step,
column::step]`, float32 little-endian, base64, so that the file stays small.
"""

import base64
import json
import pathlib
import zlib

import numpy as np
import PIL
import transformers
from PIL import Image
from transformers.models.bit.image_processing_pil_bit import BitImageProcessorPil
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil
from transformers.models.deit.image_processing_pil_deit import DeiTImageProcessorPil
from transformers.models.mobilenet_v1.image_processing_pil_mobilenet_v1 import (
    MobileNetV1ImageProcessorPil,
)
from transformers.models.siglip.image_processing_pil_siglip import SiglipImageProcessorPil
from transformers.models.vit.image_processing_pil_vit import ViTImageProcessorPil

folder = pathlib.Path(__file__).parent / "images"
filters = {"nearest": 0, "lanczos": 1, "bilinear": 2, "bicubic": 3}
classes = {
    "Bit": BitImageProcessorPil,
    "CLIP": CLIPImageProcessorPil,
    "DeiT": DeiTImageProcessorPil,
    "MobileNetV1": MobileNetV1ImageProcessorPil,
    "Siglip": SiglipImageProcessorPil,
    "ViT": ViTImageProcessorPil,
}


def resized(file, width, height, resample):
    image = Image.open(folder / file).convert("RGB").resize((width, height), filters[resample])
    data = base64.b64encode(zlib.compress(image.tobytes(), 9)).decode()
    return {"file": file, "width": width, "height": height, "resample": resample, "data": data}


def processed(family, file, config, kind="image_processor_type", suffix="ImageProcessor"):
    processor = classes[family](**config)
    image = Image.open(folder / file).convert("RGB")
    values = np.asarray(processor(image, return_tensors="np")["pixel_values"][0])
    _, height, width = values.shape
    step = max(1, height // 12)
    row, column = step // 2, step // 3
    kept = np.ascontiguousarray(values[:, row::step, column::step], "<f4")
    return {
        "file": file,
        "config": {kind: family + suffix, **config},
        "width": width,
        "height": height,
        "row": row,
        "column": column,
        "step": step,
        "data": base64.b64encode(kept.tobytes()).decode(),
    }


OLD = {"kind": "feature_extractor_type", "suffix": "FeatureExtractor"}
CLIP = {"image_mean": [0.48145466, 0.4578275, 0.40821073]}
CLIP["image_std"] = [0.26862954, 0.26130258, 0.27577711]
HALF = {"image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}
square = {"height": 40, "width": 40}
plain_clip = {"size": {"shortest_edge": 224}, "crop_size": {"height": 224, "width": 224}, **CLIP}

every_filter = [("photo.jpg", 72, 48), ("photo.jpg", 28, 19), ("rgb.png", 47, 35)]
every_filter += [("rgb.png", 24, 40), ("rgb.png", 50, 20), ("rgb.png", 40, 20), ("rgb.png", 1, 1)]
bicubic = [("photo-progressive.jpg", 60, 41), ("photo.jpg", 55, 38), ("photo.jpg", 56, 38)]
bicubic += [("poster.jpg", 65, 98), ("rgb.png", 3, 90)]
kinds = ["alpha.png", "cmyk.jpg", "grey-alpha.png", "palette-alpha.png", "rgb16.png"]
bicubic += [(file, 20, 14) for file in kinds]
print(
    json.dumps(
        {
            "source": f"Pillow {PIL.__version__}, transformers {transformers.__version__}, "
            "test/golden/image-preprocessing.py",
            "resized": [
                *[resized(*case, name) for case in every_filter for name in filters],
                *[resized(*case, "bicubic") for case in bicubic],
            ],
            "processed": [
                processed("CLIP", "poster.jpg", {**plain_clip, "resample": 3}),
                processed("CLIP", "photo.jpg", plain_clip),
                processed("CLIP", "photo.jpg", {"size": 64, "crop_size": 64, **CLIP}, **OLD),
                processed("CLIP", "photo.jpg", {**plain_clip, "size": 51, "crop_size": 33}),
                processed(
                    "CLIP",
                    "photo.jpg",
                    {**CLIP, "size": 60, "crop_size": {"height": 77, "width": 120}},
                ),
                processed("CLIP", "rgb.png", {**CLIP, "size": 28, "crop_size": 43}),
                processed(
                    "Bit",
                    "poster.jpg",
                    {**CLIP, "size": 96, "crop_size": 64, "resample": 1},
                ),
                processed("ViT", "poster.jpg", {"size": 96, **HALF}, **OLD),
                processed("ViT", "rgb.png", {"size": square, **HALF, "do_normalize": False}),
                processed("ViT", "rgb.png", {"size": square, **HALF, "do_rescale": False}),
                processed("ViT", "rgb.png", {"do_resize": False, **HALF, "rescale_factor": 0.01}),
                processed("Siglip", "poster.jpg", {"size": {"height": 96, "width": 96}, **HALF}),
                processed("DeiT", "poster.jpg", {"size": 120, "crop_size": 99, **HALF}),
                processed("MobileNetV1", "poster.jpg", {"size": 80, "crop_size": 64, **HALF}),
                processed(
                    "MobileNetV1",
                    "poster.jpg",
                    {"size": {"height": 100, "width": 100}, "do_center_crop": False, **HALF},
                ),
            ],
        }
    )
)
