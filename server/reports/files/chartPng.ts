import { Resvg } from '@resvg/resvg-js';
import { CHART_SIZE, chartHeight } from '../../../common/report/charts.ts';
import type { ReportChart } from '../../../common/report/model.ts';
import { chartSvg } from './chartSvg.ts';
import { chineseFont } from './font.ts';

export interface Picture {
  png: Buffer;
  width: number;
  height: number;
}

/** A chart as a picture of twice its size in pixels; undefined where this machine has no Chinese font. */
export function chartPng(chart: ReportChart, place: number): Picture | undefined {
  const font = chineseFont();
  if (!font) return undefined;
  const drawn = new Resvg(chartSvg(chart, place, font.family), {
    font: { fontFiles: [font.path], loadSystemFonts: false, defaultFontFamily: font.family },
    fitTo: { mode: 'width', value: 2 * CHART_SIZE.width },
    background: '#ffffff',
  }).render();
  return { png: drawn.asPng(), width: CHART_SIZE.width, height: chartHeight(chart) };
}
