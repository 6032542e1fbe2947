import type { ChartInk } from './axes.ts';

/** The colours of charts on paper: those of the wall by day (web/styles/tokens.css; a unit test keeps them so). */
export const PAPER: ChartInk = {
  text: '#0a1a30',
  text2: '#435c79',
  structure: '#075a9e',
  hairline: 'rgba(7, 90, 158, 0.2)',
  line: 'rgba(7, 90, 158, 0.5)',
  green: '#006b4b',
  bar: '#4a86bf',
  fill: { red: '#dd0205', orange: '#ff8a00', yellow: '#ffd500', blue: '#064bc2' },
  rim: { borderColor: '#543c06', borderWidth: 1 },
};
