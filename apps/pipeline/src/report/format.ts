/** How figures are written, in every table of the report. */

/** A share with four decimals, the field's custom: `0.0516`. */
export const share = (value: number): string => value.toFixed(4);

/** `0.0516 ± 0.0008`; the mean alone where one seed gives no error. */
export function meanAndError({
  mean,
  standardError,
}: {
  readonly mean: number;
  readonly standardError: number | null;
}): string {
  return standardError === null ? share(mean) : `${share(mean)} ± ${share(standardError)}`;
}

/** `+1.23 %`, with the sign; `–` for what is no share of anything. */
export function percentGain(value: number | null): string {
  if (value === null) return '–';
  const text = (100 * value).toFixed(2);
  return `${value < 0 ? text.replace('-', '−') : `+${text}`} %`;
}

/** `12.3 %`. */
export const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;

/** `0.031`, or `< 0.001`. */
export const probability = (value: number): string =>
  value < 0.001 ? '< 0.001' : value.toFixed(3);

/** `1,234`. */
export const wholeNumber = (value: number): string => Math.round(value).toLocaleString('en-US');

/** Three digits that count: `12.3`, `0.177`; `unknown` if it is NaN. */
export const measured = (value: number): string => {
  if (Number.isNaN(value)) return 'unknown';
  return value >= 100 ? wholeNumber(value) : String(Number(value.toPrecision(3)));
};

/** `695 MB`. */
export const megabytes = (bytes: number): string => `${wholeNumber(bytes / 1e6)} MB`;

/** `beta 0.3, poolSize 500`. */
export function settingsText(settings: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(settings).map(([name, value]) => `${name} ${plain(value)}`);
  return entries.join(', ');
}

const plain = (value: unknown): string =>
  typeof value === 'object' ? JSON.stringify(value) : String(value);
