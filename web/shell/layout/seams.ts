/** The screens that a wall is put together from, side by side and one above the other. */
export interface Panels {
  columns: number;
  rows: number;
}
/** Where their frames meet, CSS px from the left and the top of the page: no text, figure or marker lies there. */
export interface Seams {
  x: readonly number[];
  y: readonly number[];
}

const MOST = 8;

/** @param text `3x1`: three beside one another; undefined for anything else, and for a single panel */
export function parsePanels(text: string): Panels | undefined {
  const [, columns, rows] = /^([1-8])x([1-8])$/i.exec(text)?.map(Number) ?? [];
  return columns && rows && columns * rows > 1 && Math.max(columns, rows) <= MOST ? { columns, rows } : undefined;
}

/** @param width CSS px of the page, as `height` */
export function seamsOf(panels: Panels | undefined, width: number, height: number): Seams {
  const lines = (count: number, length: number) =>
    Array.from({ length: count - 1 }, (_, i) => (length * (i + 1)) / count);
  return panels ? { x: lines(panels.columns, width), y: lines(panels.rows, height) } : { x: [], y: [] };
}
