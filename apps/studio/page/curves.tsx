import { useState } from 'preact/hooks';
import type { SiteCurve } from '../src/site.ts';

/** How the models were trained: one figure at a time, as a picture and as a table. */
export function Curves({ curves }: { readonly curves: readonly SiteCurve[] }) {
  const figures = [...new Set(curves.map(({ figure }) => figure))].sort();
  const usual = figures.find((figure) => figure === 'validation ndcg@10') ?? figures[0]!;
  const [figure, setFigure] = useState(usual);
  const shown = curves.filter((curve) => curve.figure === figure);
  return (
    <section aria-labelledby="curves-heading" class="curves">
      <h2 id="curves-heading">Learning curves</h2>
      <label for="figure">Figure, as the run logged it</label>
      <select id="figure" value={figure} onChange={(event) => setFigure(event.currentTarget.value)}>
        {figures.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <Picture figure={figure} curves={shown} />
      <Table figure={figure} curves={shown} />
    </section>
  );
}

interface Shown {
  readonly figure: string;
  readonly curves: readonly SiteCurve[];
}

const [width, height, edge] = [640, 240, 40];

/** Lines of different dashes, so that they are told apart without colours. */
function Picture({ figure, curves }: Shown) {
  const points = curves.flatMap(({ points: own }) => own);
  const place = scale(points);
  const [[, low], [, high]] = [extreme(points, Math.min), extreme(points, Math.max)];
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={`${figure} by epoch; the table has the numbers`}
    >
      <path class="axis" d={`M${edge},8V${height - 24}H${width - 8}`} />
      <text x="2" y="16">
        {short(high)}
      </text>
      <text x="2" y={height - 26}>
        {short(low)}
      </text>
      <text x={width - 8} y={height - 6} text-anchor="end">
        epoch
      </text>
      {curves.map(({ model, points: own }, at) => (
        <g key={model} class={`curve curve-${at % 4}`}>
          <polyline points={own.map((point) => place(point).join(',')).join(' ')} />
          {own.map((point) => {
            const [x, y] = place(point);
            return <circle key={point[0]} cx={x} cy={y} r="3" />;
          })}
        </g>
      ))}
    </svg>
  );
}

type Point = SiteCurve['points'][number];

function extreme(points: readonly Point[], of: (...values: number[]) => number): [number, number] {
  return [of(...points.map(([epoch]) => epoch)), of(...points.map(([, value]) => value))];
}

/** From epochs and values to places of the picture; what does not change lies in the middle. */
function scale(points: readonly Point[]): (point: Point) => [number, number] {
  const [least, most] = [extreme(points, Math.min), extreme(points, Math.max)];
  const share = (value: number, axis: 0 | 1) =>
    most[axis] > least[axis] ? (value - least[axis]) / (most[axis] - least[axis]) : 0.5;
  return ([epoch, value]) => [
    edge + share(epoch, 0) * (width - edge - 16),
    height - 32 - share(value, 1) * (height - 48),
  ];
}

function Table({ figure, curves }: Shown) {
  const epochs = [...new Set(curves.flatMap(({ points }) => points.map(([epoch]) => epoch)))];
  epochs.sort((a, b) => a - b);
  const valueAt = ({ points }: SiteCurve, epoch: number) =>
    points.find(([own]) => own === epoch)?.[1];
  return (
    <table>
      <caption>{figure}</caption>
      <thead>
        <tr>
          <th scope="col">epoch</th>
          {curves.map(({ model }, at) => (
            <th key={model} scope="col">
              <span class={`key key-${at % 4}`} aria-hidden="true" /> {model}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {epochs.map((epoch) => (
          <tr key={epoch}>
            <th scope="row">{epoch}</th>
            {curves.map((curve) => (
              <td key={curve.model}>{short(valueAt(curve, epoch))}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const short = (value: number | undefined) =>
  value === undefined ? '–' : Number(value.toPrecision(4));
