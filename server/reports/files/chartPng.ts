import { Resvg } from '@resvg/resvg-js';
import type { NameLang } from '../../../common/codeNames.ts';
import { CHART_SIZE, chartHeight } from '../../../common/report/charts.ts';
import type { ReportChart } from '../../../common/report/model.ts';
import { chartSvg } from './chartSvg.ts';
import { chineseFont } from './font.ts';

/** Lengths in px of 1/96 inch; the picture itself has twice as many. */
export interface Picture {
  png: Buffer;
  width: number;
  height: number;
}

/** A chart as a picture; undefined where this machine has no Chinese font. */
export type DrawChart = (chart: ReportChart) => Picture | undefined;

/** Draws the charts of one report, each once, however many of its files show it. */
export function chartDrawer(lang: NameLang): DrawChart {
  const font = chineseFont();
  const drawn = new Map<ReportChart, Picture>();
  return (chart) => {
    if (!font) return undefined;
    let picture = drawn.get(chart);
    if (!picture) {
      const png = new Resvg(chartSvg(chart, { lang, font: font.family }), {
        font: { fontFiles: [font.path], loadSystemFonts: false, defaultFontFamily: font.family },
        fitTo: { mode: 'width', value: 2 * CHART_SIZE.width },
        background: '#ffffff',
      })
        .render()
        .asPng();
      picture = { png, width: CHART_SIZE.width, height: chartHeight(chart) };
      drawn.set(chart, picture);
    }
    return picture;
  };
}
