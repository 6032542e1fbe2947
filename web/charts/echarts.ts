import { BarChart, LineChart, RadarChart } from 'echarts/charts';
import { GridComponent, RadarComponent } from 'echarts/components';
import { use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import VChart from 'vue-echarts';

/**
 * The parts of ECharts that the panels use, and no others. SVG, not canvas: a few hundred shapes stay sharp at any
 * pixel ratio and when the window moves to another display, text is text, and an 8K wall needs no 8K bitmaps.
 * Legends and read-outs are HTML, so neither legend nor tooltip is here.
 */
use([BarChart, LineChart, RadarChart, GridComponent, RadarComponent, SVGRenderer]);

export { VChart };
