import type { Row } from './naive-dataset.ts';

/** The rows of a CSV file with the header `user,item,time`, read character by character (RFC 4180). */
export function naiveCsv(text: string): Row[] {
  const lines: string[][] = [];
  let [cells, cell, isQuoted, wasQuoted] = [[] as string[], '', false, false];
  const endCell = () => {
    cells.push(cell);
    [cell, wasQuoted] = ['', false];
  };
  const endLine = () => {
    endCell();
    if (cells.length > 1 || cells[0] !== '') lines.push(cells);
    cells = [];
  };
  for (let at = text.startsWith('\ufeff') ? 1 : 0; at < text.length; at++) {
    const character = text[at]!;
    if (isQuoted) {
      if (character !== '"') cell += character;
      else if (text[at + 1] === '"') cell += text[++at];
      else isQuoted = false;
    } else if (character === '"' && cell === '' && !wasQuoted) [isQuoted, wasQuoted] = [true, true];
    else if (character === ',') endCell();
    else if (character === '\n') endLine();
    else if (character === '\r') {
      if (text[at + 1] === '\n') at++;
      endLine();
    } else cell += character;
  }
  if (cell !== '' || cells.length > 0) endLine();
  return lines
    .slice(1)
    .map(([user, item, time]) => ({ user: user!, item: item!, time: Number(time) }));
}
