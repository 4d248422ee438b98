// Our preprocessing against sharp alone, told the sizes beforehand, and no float in sight.
import { library } from '../common/libraries.mjs';
import { median } from '../common/median.mjs';
import { inFlight, rateOf } from './in-flight.mjs';

const side = 224;

export async function preprocessing(files, { concurrency, rounds }) {
  const { default: sharp } = await library('sharp');
  const { clipPreprocessing, preprocessImage } = await library('@rodpo/features/image');
  const plans = await Promise.all(files.map((file) => planOf(sharp, file)));
  const bare = ({ file, width, height, left, top }) =>
    sharp(file)
      .resize({ width, height, fit: 'fill', kernel: 'cubic', fastShrinkOnLoad: false })
      .extract({ left, top, width: side, height: side })
      .removeAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer();
  const ours = ({ file }) => preprocessImage(file, clipPreprocessing);

  const rates = { bare: [], ours: [] };
  for (let round = 0; round <= rounds; round++) {
    for (const [name, work] of Object.entries({ bare, ours })) {
      const rate = await rateOf(files.length, () => inFlight(plans, concurrency, work));
      if (round > 0) rates[name].push(rate); // the first round warms up
    }
  }
  return { bare: median(rates.bare), ours: median(rates.ours) };
}

async function planOf(sharp, file) {
  const { width, height } = await sharp(file).metadata();
  const scale = side / Math.min(width, height);
  const size = (length) => (length * scale <= side ? side : Math.floor(length * scale));
  const [scaledWidth, scaledHeight] = [size(width), size(height)];
  const left = Math.floor((scaledWidth - side) / 2);
  const top = Math.floor((scaledHeight - side) / 2);
  return { file, width: scaledWidth, height: scaledHeight, left, top };
}
