import { init } from 'echarts/dist/echarts.esm.min.mjs';
import type { NameLang } from '../../../common/codeNames.ts';
import { CHART_SIZE, chartHeight, chartOption } from '../../../common/report/charts.ts';
import type { ReportChart } from '../../../common/report/model.ts';

/** What pages have; a picture in a document names the one font that it is drawn with. */
const PAGE_FONTS = "'Noto Sans CJK SC', 'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif";

export interface ChartSvgOptions {
  lang: NameLang;
  font?: string;
  /** Makes the names inside it differ from those of other charts of the page. */
  place?: number;
}

/** A chart as SVG, the same text for the same chart. */
export function chartSvg(chart: ReportChart, { lang, font = PAGE_FONTS, place = 0 }: ChartSvgOptions): string {
  const drawn = init(null, null, {
    renderer: 'svg',
    ssr: true,
    width: CHART_SIZE.width,
    height: chartHeight(chart),
  });
  try {
    drawn.setOption(chartOption(chart, lang, font));
    // ECharts numbers its charts and their parts through all that it draws: numbered anew, they are those of this chart.
    const numbers = new Map<string, number>();
    return drawn.renderToSVGString().replace(/\bzr\d+-([a-z]+)-?(\d+)/g, (name, kind: string) => {
      if (!numbers.has(name)) numbers.set(name, numbers.size);
      return `chart${place}-${kind}${numbers.get(name)!}`;
    });
  } finally {
    drawn.dispose();
  }
}
