/**
 * `[pixels, 4]` → `[pixels, 3]` by `(255 - ink) (255 - black) / 255`, as Pillow does, with no
 * colour profile.
 *
 * @see https://github.com/python-pillow/Pillow/blob/main/src/libImaging/Convert.c `cmyk2rgb`
 */
export function cmykToRgb(cmyk: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((cmyk.length / 4) * 3);
  for (let from = 0, to = 0; from < cmyk.length; from += 4) {
    const light = 255 - cmyk[from + 3]!;
    for (let ink = 0; ink < 3; ink++) {
      rgb[to++] = light - Math.round((cmyk[from + ink]! * light) / 255);
    }
  }
  return rgb;
}
