import { SHAPES, type ShapeName } from '../../web/shell/layout/shapes.ts';
import { LAYOUTS, TRACKS } from '../../web/wall/layouts.ts';

const HEADER_REM = 8.4;
const GAP_REM = 1.6;
const MARGIN_REM = 3.2;

/** Width and height that each panel has in a layout of the wall at its design size, in px of 10 to the rem. */
export function slotSizes(name: ShapeName): Record<string, [number, number]> {
  const { columns, headerLines } = LAYOUTS[name];
  const { design } = SHAPES[name];
  const fixed = columns.map(({ width }) => (width.endsWith('rem') ? parseFloat(width) : 0));
  const flexible = fixed.filter((width) => width === 0).length;
  const rest = design[0] / 10 - MARGIN_REM - fixed.reduce((a, b) => a + b, 0) - GAP_REM * (columns.length - 1);
  const tall = design[1] / 10 - HEADER_REM * headerLines - MARGIN_REM;
  const sizes: Record<string, [number, number]> = {};
  columns.forEach(({ stack }, column) => {
    for (const [slot, tracks] of stack) {
      const width = Math.round((fixed[column] || rest / flexible) * 10);
      const height = Math.round(((tall + GAP_REM) * (tracks / TRACKS) - GAP_REM) * 10);
      // A panel in two columns is as wide as both.
      sizes[slot] = sizes[slot] ? [sizes[slot][0] + width + GAP_REM * 10, height] : [width, height];
    }
  });
  return sizes;
}
