"""Small images of every kind, and their pixels as Pillow reads them.

Needs test/golden/requirements-images.txt. Run in this package: python test/golden/image-kinds.py
It writes test/golden/images/* and test/golden/image-kinds.json (then biome formats it: pnpm fix).

Pixels are ImageOps.exif_transpose(image).convert("RGB"), `[height, width, 3]`, zlib, base64.
Two kinds are not Pillow's: 16-bit grey is divided by 256, because Pillow turns nearly all of it
white, and transparent pixels of a GIF are black, because libvips keeps no colour for them.
"""

import base64
import json
import pathlib
import struct
import zlib

import numpy as np
import PIL
from PIL import Image, ImageOps

folder = pathlib.Path(__file__).parent / "images"
folder.mkdir(exist_ok=True)
random = np.random.default_rng(7)


def photo(width, height):
    """Smooth noise at several scales, a disc with a sharp edge and thin lines."""
    canvas = np.full((height, width, 3), 128.0)
    for cells, strength in ((4, 60), (16, 35), (64, 8)):
        noise = random.normal(size=(cells, cells, 3)).astype(np.float32)
        for channel in range(3):
            plane = Image.fromarray(noise[..., channel]).resize((width, height), 3)
            canvas[..., channel] += strength * np.asarray(plane)
    y, x = np.mgrid[:height, :width]
    disc = (x - 0.4 * width) ** 2 + (y - 0.45 * height) ** 2 < (0.25 * min(width, height)) ** 2
    canvas[disc] = 255 - canvas[disc]
    canvas[(x + 2 * y) % max(9, width // 5) < 2] = 240
    return Image.fromarray(np.clip(canvas, 0, 255).astype(np.uint8))


def chunk(kind, data):
    checksum = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)


def write_png(name, values, colour_type, interlaced=False):
    """For what Pillow cannot write: 16-bit colour, and Adam7 interlacing."""
    height, width = values.shape[:2]
    depth = values.dtype.itemsize * 8
    passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4)]
    passes += [(2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
    parts = [values[r::dr, c::dc] for r, c, dr, dc in passes] if interlaced else [values]
    order = values.dtype.newbyteorder(">")
    rows = [b"\0" + row.astype(order).tobytes() for part in parts for row in part if part.size]
    header = struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, int(interlaced))
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"".join(rows)))
    body += chunk(b"IEND", b"")
    (folder / name).write_bytes(b"\x89PNG\r\n\x1a\n" + body)


def swapped_profile():
    """A valid RGB colour profile with gamma 1 and red and blue exchanged."""

    def fixed(value):
        return struct.pack(">i", round(value * 65536))

    def xyz(values):
        return b"XYZ \0\0\0\0" + b"".join(fixed(value) for value in values)

    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, 256) + b"\0\0"
    name = b"desc\0\0\0\0" + struct.pack(">I", 2) + b"s\0" + b"\0" * 78
    tags = {
        b"desc": name,
        b"cprt": b"text\0\0\0\0none\0\0\0\0",
        b"wtpt": xyz((0.9642, 1.0, 0.8249)),
        b"rXYZ": xyz((0.1431, 0.0606, 0.7141)),
        b"gXYZ": xyz((0.3851, 0.7169, 0.0971)),
        b"bXYZ": xyz((0.4360, 0.2225, 0.0139)),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    table, data = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for tag, content in tags.items():
        table += tag + struct.pack(">II", start + len(data), len(content))
        data += content + b"\0" * (-len(content) % 4)
    size = start + len(data)
    head = struct.pack(">I4sI4s4s4s", size, b"none", 0x02100000, b"mntr", b"RGB ", b"XYZ ")
    head += struct.pack(">6H", 2020, 1, 1, 0, 0, 0) + b"acsp" + b"\0" * 28
    head += fixed(0.9642) + fixed(1.0) + fixed(0.8249)
    return head.ljust(128, b"\0") + table + data


def oriented(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def packed(values):
    data = base64.b64encode(zlib.compress(np.ascontiguousarray(values, np.uint8).tobytes(), 9))
    return {"width": values.shape[1], "height": values.shape[0], "data": data.decode()}


WIDTH, HEIGHT = 40, 28
small = photo(WIDTH, HEIGHT)
alpha = Image.fromarray((np.mgrid[:HEIGHT, :WIDTH][1] * 255 // (WIDTH - 1)).astype(np.uint8))
translucent = small.copy()
translucent.putalpha(alpha)
frames = [Image.fromarray(np.roll(np.asarray(small), 9 * k, 1)) for k in range(3)]
deep = random.integers(0, 65536, (HEIGHT, WIDTH, 4)).astype(np.uint16)
inks = Image.merge("CMYK", [*photo(WIDTH, HEIGHT).split(), alpha])


def save(name, image, **options):
    image.save(folder / name, **options)


save("photo.jpg", photo(220, 150), quality=85)
save("photo-progressive.jpg", Image.open(folder / "photo.jpg"), quality=75, progressive=True)
save("poster.jpg", photo(240, 360), quality=70)
save("rgb.png", small)
for value in range(1, 9):
    save(f"orientation-{value}.jpg", small, quality=92, exif=oriented(value))
save("orientation.png", small, exif=oriented(6))
save("orientation.webp", small, exif=oriented(8), lossless=True)
save("orientation.tif", small, exif=oriented(5))
save("alpha.png", translucent)
save("alpha.webp", translucent, lossless=True, exact=True)
save("palette.png", small.quantize(32))
save("palette-alpha.png", small.quantize(32), transparency=3)
save("colour-key.png", small, transparency=small.getpixel((3, 3)))
save("two-bits.png", small.quantize(4), bits=2)
save("black-white.png", small.convert("1"))
save("grey.png", small.convert("L"))
save("grey.jpg", small.convert("L"), quality=92)
save("grey-alpha.png", Image.merge("LA", [small.convert("L"), alpha]))
save("cmyk.jpg", inks, quality=92)
save("cmyk.tif", inks, compression="tiff_lzw")
save("profile.jpg", small, quality=92, icc_profile=swapped_profile())
save("profile.png", small, icc_profile=swapped_profile())
save("progressive.jpg", small, quality=92, progressive=True)
save("subsampled.jpg", small, quality=80, subsampling="4:2:0")
save("lossy.webp", small, quality=80)
save("rgb.tif", small, compression="tiff_lzw")
save("rgb.avif", small, quality=90, subsampling="4:4:4")
save("animated.gif", frames[0], save_all=True, append_images=frames[1:])
save("animated.webp", frames[0], save_all=True, append_images=frames[1:], lossless=True)
save("transparent.gif", small.quantize(32), transparency=3)
save("float.tif", Image.fromarray(np.linspace(0, 1, 200, dtype=np.float32).reshape(10, 20)))
write_png("rgb16.png", deep[..., :3], 2)
write_png("alpha16.png", deep, 6)
write_png("grey16.png", deep[..., 0], 0)
write_png("interlaced.png", np.asarray(small), 2, interlaced=True)

special = {"grey16.png", "transparent.gif"}
uncompared = {"float.tif", "photo.jpg", "photo-progressive.jpg", "poster.jpg"}
decoded = []
for path in sorted(folder.iterdir()):
    if path.name in special | uncompared:
        continue
    image = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
    decoded.append({"file": path.name, **packed(np.asarray(image))})

grey = np.repeat((deep[..., :1] // 256).astype(np.uint8), 3, axis=2)
opaque = np.asarray(Image.open(folder / "transparent.gif").convert("RGBA"))
decoded.append({"file": "grey16.png", **packed(grey)})
decoded.append({"file": "transparent.gif", **packed(opaque[..., :3] * (opaque[..., 3:] > 0))})

background = (200, 100, 50)
blended = Image.alpha_composite(Image.new("RGBA", (WIDTH, HEIGHT), background), translucent)
golden = {
    "source": f"Pillow {PIL.__version__}, test/golden/image-kinds.py",
    "decoded": decoded,
    "blended": {
        "file": "alpha.png",
        "background": background,
        **packed(np.asarray(blended.convert("RGB"))),
    },
}
(folder.parent / "image-kinds.json").write_text(json.dumps(golden, indent=2))
