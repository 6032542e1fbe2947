import { MimeType, TemplateHandler, type ImageContent } from 'easy-template-x';
import type { Report } from '../../../common/report/model.ts';
import { CODE_PICTURE, placeholdersOf, templateValues } from '../../../common/report/template.ts';
import type { ReportAbout } from '../../../contract/reportLimits.ts';
import type { DrawChart } from './chartPng.ts';
import { FILE_WORDS, minute, type Making } from './fileWords.ts';
import { prepareTemplate } from '../templates/prepareTemplate.ts';
import { fixedZip } from './fixedZip.ts';
import { qrPng } from './qr.ts';

/** Pixels of 1/96 inch: 22 mm, and the width of a sheet's text. */
const CODE_PX = 83;
const CHART_PX = 560;
/** Elements within elements: a text box in a table has more than the twenty of the library. */
const MAX_DEPTH = 200;

/** A site's own document, filled. The same template and report give the same bytes. */
export async function filledDocx(
  template: Uint8Array,
  report: Report,
  about: ReportAbout,
  making: Making,
  draw: DrawChart,
): Promise<Buffer> {
  const { madeAt, digest, address } = making;
  const { texts, loops, charts } = templateValues(
    report,
    about,
    { madeAt: minute(madeAt), digest, link: address },
    FILE_WORDS[report.lang].stop,
  );
  const picture = (source: Buffer, width: number, height: number, altText: string): ImageContent => ({
    _type: 'image',
    source,
    format: MimeType.Png,
    width,
    height,
    altText,
  });
  const pictures: Record<string, ImageContent | string> = Object.fromEntries(
    placeholdersOf(about).pictures.map((name) => [name, '']),
  );
  pictures[CODE_PICTURE] = picture(qrPng(address), CODE_PX, CODE_PX, address);
  for (const [name, chart] of Object.entries(charts)) {
    const drawn = draw(chart);
    if (drawn)
      pictures[name] = picture(drawn.png, CHART_PX, Math.round((drawn.height * CHART_PX) / drawn.width), chart.caption);
  }
  const handler = new TemplateHandler({ maxXmlDepth: MAX_DEPTH });
  const filled = await handler.process(prepareTemplate(template), { ...texts, ...loops, ...pictures });
  return fixedZip(filled);
}
