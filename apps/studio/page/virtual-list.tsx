import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

interface VirtualListProps<Row> {
  readonly id: string;
  readonly label: string;
  readonly rows: readonly Row[];
  /** The one that the keyboard is at. */
  readonly active: number;
  readonly view: (row: Row) => ComponentChildren;
  readonly onChoose: (row: Row) => void;
}

/** Height of a row in pixels, as the style has it. */
const rowHeight = 52;
/** Rows beyond the edges that are there already when they are scrolled to. */
const overscan = 4;

/** The id of an option, for `aria-activedescendant`. */
export const optionId = (list: string, place: number) => `${list}-${place}`;

/** A list of any length, of which only the rows in sight are in the document. */
export function VirtualList<Row>(props: VirtualListProps<Row>) {
  const { id, label, rows, active, view, onChoose } = props;
  const list = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(400);
  useEffect(() => {
    const measure = () => setHeight(list.current?.clientHeight || 400);
    measure();
    addEventListener('resize', measure);
    return () => removeEventListener('resize', measure);
  }, []);
  useEffect(() => {
    const box = list.current!;
    const [from, to] = [active * rowHeight, (active + 1) * rowHeight];
    if (from < box.scrollTop) box.scrollTop = from;
    else if (to > box.scrollTop + box.clientHeight) box.scrollTop = to - box.clientHeight;
    setTop(box.scrollTop);
  }, [active, rows]);
  const first = Math.max(0, Math.floor(top / rowHeight) - overscan);
  const last = Math.min(rows.length, Math.ceil((top + height) / rowHeight) + overscan);
  const shown = rows.slice(first, last).map((row, at) => ({ row, place: first + at }));
  // The row of the keyboard is always there, so that what names it names something.
  const isThere = active >= rows.length || (active >= first && active < last);
  if (!isThere) shown.push({ row: rows[active]!, place: active });
  return (
    <div
      ref={list}
      id={id}
      class="list"
      role="listbox"
      aria-label={label}
      tabIndex={-1}
      onScroll={() => setTop(list.current!.scrollTop)}
    >
      <div class="rows" role="presentation" ref={(box) => size(box, rows.length * rowHeight)}>
        {shown.map(({ row, place }) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the box above has the keyboard
          <div
            key={place}
            id={optionId(id, place)}
            class="row"
            role="option"
            tabIndex={-1}
            aria-selected={place === active}
            aria-setsize={rows.length}
            aria-posinset={place + 1}
            ref={(box) => move(box, place * rowHeight)}
            onClick={() => onChoose(row)}
          >
            {view(row)}
          </div>
        ))}
      </div>
    </div>
  );
}

// Styles are set by script: the page's policy allows no attribute of that name.
function size(box: HTMLElement | null, pixels: number): void {
  if (box) box.style.height = `${pixels}px`;
}

function move(box: HTMLElement | null, pixels: number): void {
  if (box) box.style.transform = `translateY(${pixels}px)`;
}
