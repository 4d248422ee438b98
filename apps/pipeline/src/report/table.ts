import { html, type Markup } from './html.ts';
import { markdownText } from './markdown-text.ts';

/** Text in rows and columns, for the page and for Markdown alike. */
export interface Table {
  readonly caption: string;
  readonly columns: readonly string[];
  /** The first cell names its row. */
  readonly rows: readonly (readonly TableCell[])[];
}

export type TableCell = string | { readonly strong: string };

export function htmlTable({ caption, columns, rows }: Table): Markup {
  const head = columns.map((column) => html`<th scope="col">${column}</th>`);
  const body = rows.map(
    ([name, ...cells]) =>
      html`<tr><th scope="row">${textOf(name!)}</th>${cells.map(htmlCell)}</tr>`,
  );
  return html`<div class="wide"><table>
<caption>${caption}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${body}
</tbody>
</table></div>`;
}

export function markdownTable({ caption, columns, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const lines = rows.map((row) => line(row.map(markdownCell)));
  return [
    `${markdownText(caption)}:`,
    '',
    line(columns.map(markdownText)),
    line(columns.map(() => '---')),
    ...lines,
  ].join('\n');
}

const textOf = (cell: TableCell): string => (typeof cell === 'string' ? cell : cell.strong);

const htmlCell = (cell: TableCell): Markup =>
  typeof cell === 'string'
    ? html`<td>${cell}</td>`
    : html`<td><strong>${cell.strong}</strong></td>`;

const markdownCell = (cell: TableCell): string =>
  typeof cell === 'string' ? markdownText(cell) : `**${markdownText(cell.strong)}**`;
