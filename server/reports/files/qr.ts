import { Resvg } from '@resvg/resvg-js';
import { encode } from 'uqr';

/** A code as SVG path in units of a module, with the quiet zone of four modules that readers need. The same text gives the same code. */
export function qrPath(text: string): { d: string; size: number } {
  const { data, size } = encode(text, { ecc: 'M', border: 4 });
  let d = '';
  data.forEach((row, y) => {
    for (let x = 0; x < size; x++) {
      if (!row[x]) continue;
      let end = x;
      while (row[end + 1]) end++;
      d += `M${x} ${y}h${end - x + 1}v1h-${end - x + 1}z`;
      x = end;
    }
  });
  return { d, size };
}

/** The code as SVG, black on white whatever is around it. */
export function qrSvg(text: string, label: string): string {
  const { d, size } = qrPath(text);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" role="img" aria-label="${label}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${size}v${size}h-${size}z"/><path fill="#000" d="${d}"/></svg>`;
}

/** Pixels of a module: on 20 mm some 1,000 dpi, so that printers find its edges. */
const MODULE_PX = 12;

/** The code as PNG. */
export function qrPng(text: string): Buffer {
  const { size } = qrPath(text);
  return new Resvg(qrSvg(text, ''), {
    font: { loadSystemFonts: false },
    fitTo: { mode: 'width', value: size * MODULE_PX },
  })
    .render()
    .asPng();
}
