import type { Category } from '../catalogue/category.ts';

/** The shape of a category in a box of 128 by 128, standing on y = 108. */
export interface Silhouette {
  /** Behind the body, stroked in the frame's colour: handles, legs, poles. */
  readonly frame: string;
  readonly frameWidth: number;
  /** The filled part that carries colour, pattern and material: one closed path or more. */
  readonly body: string;
  /** On top of the body, drawn as thin lines. */
  readonly lines: string;
}

export const silhouettes: Readonly<Record<Category, Silhouette>> = {
  basket: {
    frame: 'M38 58 C38 16 90 16 90 58',
    frameWidth: 6,
    body: 'M24 56 H104 L95 102 Q94 108 88 108 H40 Q34 108 33 102 Z',
    lines: 'M25 66 H103',
  },
  bottle: {
    frame: 'M64 18 V30',
    frameWidth: 16,
    body: 'M56 26 H72 V44 C72 52 86 54 86 68 V100 Q86 108 78 108 H50 Q42 108 42 100 V68 C42 54 56 52 56 44 Z',
    lines: 'M56 34 H72',
  },
  chair: {
    frame: 'M42 74 L36 108 M86 74 L92 108 M50 76 L48 104 M78 76 L80 104',
    frameWidth: 5,
    body: 'M42 20 Q64 12 86 20 L84 58 H44 Z M34 62 H94 Q98 62 97 68 L95 76 H33 L31 68 Q30 62 34 62 Z',
    lines: 'M48 58 V62 M80 58 V62',
  },
  clock: {
    frame: 'M64 14 V24',
    frameWidth: 9,
    body: 'M64 20 A44 44 0 1 1 63.9 20 Z',
    lines: 'M64 64 V38 M64 64 L82 74 M64 26 V31 M64 97 V102 M26 64 H31 M97 64 H102',
  },
  cushion: {
    frame: '',
    frameWidth: 0,
    body: 'M24 34 Q64 44 104 34 Q96 70 104 104 Q64 96 24 104 Q32 70 24 34 Z',
    lines: 'M33 44 Q64 51 95 44 M33 95 Q64 88 95 95',
  },
  lamp: {
    frame: 'M64 60 V104 M44 105 H84',
    frameWidth: 6,
    body: 'M48 20 H80 L98 64 H30 Z',
    lines: 'M45 28 H83 M76 64 V78',
  },
  mug: {
    frame: 'M86 52 C114 46 114 92 86 88',
    frameWidth: 8,
    body: 'M32 38 H88 V96 Q88 108 76 108 H44 Q32 108 32 96 Z',
    lines: 'M32 46 H88',
  },
  plate: {
    frame: '',
    frameWidth: 0,
    body: 'M64 34 A52 37 0 1 1 63.9 34 Z',
    lines: 'M64 48 A33 23 0 1 1 63.9 48 Z',
  },
  rug: {
    frame:
      'M16 44 V36 M28 44 V36 M40 44 V36 M52 44 V36 M64 44 V36 M76 44 V36 M88 44 V36 M100 44 V36 M112 44 V36 M10 100 V108 M24 100 V108 M38 100 V108 M52 100 V108 M66 100 V108 M80 100 V108 M94 100 V108 M106 100 V108 M118 100 V108',
    frameWidth: 2.5,
    body: 'M14 43 H114 L121 101 H7 Z',
    lines: 'M22 50 H106 L112 94 H16 Z',
  },
  table: {
    frame: 'M30 62 L24 108 M98 62 L104 108 M40 86 H88',
    frameWidth: 6,
    body: 'M14 46 H114 Q118 46 118 52 V62 Q118 68 112 68 H16 Q10 68 10 62 V52 Q10 46 14 46 Z',
    lines: 'M10 58 H118',
  },
  teapot: {
    frame: 'M84 60 C116 46 118 98 86 94 M36 84 C24 82 24 62 12 56',
    frameWidth: 8,
    body: 'M64 46 C96 46 100 108 76 108 H52 C28 108 32 46 64 46 Z M58 34 A6 6 0 1 1 70 34 A6 6 0 1 1 58 34 Z',
    lines: 'M46 56 Q64 48 82 56',
  },
  vase: {
    frame: 'M58 30 Q52 14 40 10 M64 30 V6 M70 30 Q78 16 88 14',
    frameWidth: 3,
    body: 'M52 28 H76 C72 46 98 56 92 80 C88 96 80 100 80 108 H48 C48 100 40 96 36 80 C30 56 56 46 52 28 Z',
    lines: 'M51 35 H77',
  },
};
