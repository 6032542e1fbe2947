import {
  AlignmentType,
  Document,
  Footer,
  Header,
  HeightRule,
  HorizontalPositionRelativeFrom,
  ImageRun,
  LineRuleType,
  Packer,
  PageNumber,
  Paragraph,
  Table as DocTable,
  TableCell,
  TableLayoutType,
  TableRow,
  TextRun,
  TextWrappingType,
  VerticalAlign,
  VerticalPositionRelativeFrom,
  WidthType,
  type IRunOptions,
  type ISectionOptions,
} from 'docx';
import type { Report, Section, Table } from '../../../common/report/model.ts';
import { notesHeading } from '../../../common/report/reportOf.ts';
import type { DrawChart } from './chartPng.ts';
import { codeLines, FILE_WORDS, makingLines, type Making } from './fileWords.ts';
import { fixedZip } from './fixedZip.ts';
import { qrPng } from './qr.ts';

/** The form of official documents, GB/T 9704-2012. Lengths in twips, 1/20 of a point. */
const mm = (length: number) => Math.round((length * 1440) / 25.4);
/** A4; the head margin is 37 mm, the binding margin 28 mm, the type area 156 × 225 mm. */
const PAGE = { width: mm(210), height: mm(297), top: mm(37), left: mm(28), right: mm(26), bottom: mm(35) };
const AREA = mm(156);
/** 156 mm in pixels of 1/96 inch. */
const AREA_PX = 589;
/** The side of the code on each sheet, with its quiet zone. */
const CODE_MM = 22;
const CODE_PX = Math.round((CODE_MM * 96) / 25.4);
/** Millimetres in the unit of positions. */
const emu = (length: number) => length * 36_000;
/** 22 lines a page: 28 points each. */
const LINE = 560;
/** 三号 is 16 points, 二号 22; in half points. */
const BODY = 32;
const TITLE = 44;
const FOOT = 28;

const font = (eastAsia: string) => ({
  ascii: 'Times New Roman',
  hAnsi: 'Times New Roman',
  cs: 'Times New Roman',
  eastAsia,
});
const SONG = font('宋体');
const FANG_SONG = font('仿宋_GB2312');
const HEI = font('黑体');
const KAI = font('楷体_GB2312');
/** Where there is no 小标宋, readers take a Song. */
const BIAO_SONG = font('方正小标宋简体');

const exact = { line: LINE, lineRule: LineRuleType.EXACT };
const run = (text: string, options: IRunOptions = {}) => new TextRun({ text, font: FANG_SONG, size: BODY, ...options });

/** @param frozenAt RFC 3339: the date that the file bears, so that the same situation gives the same bytes */
export async function docxOf(report: Report, making: Making, frozenAt: string, draw: DrawChart): Promise<Buffer> {
  const { lang } = report;
  const children: (Paragraph | DocTable)[] = [
    new Paragraph({
      alignment: AlignmentType.CENTER,
      spacing: { line: 700, lineRule: LineRuleType.EXACT },
      children: [run(report.title, { font: BIAO_SONG, size: TITLE })],
    }),
    new Paragraph({
      alignment: AlignmentType.CENTER,
      spacing: { ...exact, after: LINE },
      children: [run(`（${report.span}）`, { font: KAI })],
    }),
    new Paragraph({ spacing: exact, children: [run(report.addressee)] }),
    ...report.sections.flatMap((section, i) => sectionOf(section, report, i, draw)),
    headingOf(notesHeading(lang, report.sections.length)),
    ...report.notes.map((note) => bodyOf([run(note)])),
    new Paragraph({
      spacing: { ...exact, before: LINE },
      alignment: AlignmentType.RIGHT,
      indent: { right: BODY * 20 },
      keepNext: true,
      children: [run(report.sender)],
    }),
    new Paragraph({
      spacing: exact,
      alignment: AlignmentType.RIGHT,
      indent: { right: BODY * 40 },
      children: [run(report.date)],
    }),
    ...makingLines(making, lang).map(
      (line, i) =>
        new Paragraph({
          spacing: { before: i === 0 ? LINE : 0 },
          children: [run(line, { font: SONG, size: 18 })],
        }),
    ),
  ];
  const section: ISectionOptions = {
    properties: {
      page: {
        size: { width: PAGE.width, height: PAGE.height },
        margin: {
          top: PAGE.top,
          right: PAGE.right,
          bottom: PAGE.bottom,
          left: PAGE.left,
          header: mm(15),
          footer: mm(25),
        },
      },
    },
    headers: { default: headerOf(making, lang, 9001), even: headerOf(making, lang, 9002) },
    footers: { default: footerOf(AlignmentType.RIGHT), even: footerOf(AlignmentType.LEFT) },
    children,
  };
  const file = new Document({
    creator: report.sender,
    title: `${report.title} ${report.span}`,
    evenAndOddHeaderAndFooters: true,
    styles: {
      // Figures in Chinese text, too: LibreOffice breaks those of Chinese anywhere, which GB/T 9704 does not allow.
      default: { document: { run: { font: FANG_SONG, size: BODY, language: { value: 'en-US', eastAsia: 'zh-CN' } } } },
    },
    sections: [section],
  });
  const bytes = await Packer.toBuffer(file);
  return fixedZip(bytes, (name, content) =>
    name === 'docProps/core.xml'
      ? Buffer.from(
          Buffer.from(content)
            .toString()
            .replace(
              /(<dcterms:(?:created|modified)[^>]*>)[^<]*/g,
              `$1${new Date(frozenAt).toISOString().slice(0, 19)}Z`,
            ),
        )
      : content,
  );
}

/** Above the type area, at its right edge: the code that opens the lists behind the report. @param id no other picture's */
function headerOf(making: Making, lang: Report['lang'], id: number): Header {
  const lines = codeLines(making, lang);
  const code = new ImageRun({
    type: 'png',
    data: qrPng(making.address),
    transformation: { width: CODE_PX, height: CODE_PX },
    altText: { id: String(id), name: lines[0]!, title: lines[0]!, description: making.address },
    floating: {
      horizontalPosition: {
        relative: HorizontalPositionRelativeFrom.PAGE,
        offset: emu(210 - 26 - CODE_MM),
      },
      verticalPosition: { relative: VerticalPositionRelativeFrom.PAGE, offset: emu(11) },
      allowOverlap: true,
      behindDocument: false,
      wrap: { type: TextWrappingType.NONE },
    },
  });
  return new Header({
    children: lines.map(
      (line, i) =>
        new Paragraph({
          alignment: AlignmentType.RIGHT,
          indent: { right: mm(CODE_MM + 2) },
          spacing: { line: 260, lineRule: LineRuleType.EXACT },
          children: [new TextRun({ text: line, font: SONG, size: 16 }), ...(i === 0 ? [code] : [])],
        }),
    ),
  });
}

/** — 1 —, outside, one letter from the edge. */
function footerOf(alignment: typeof AlignmentType.RIGHT | typeof AlignmentType.LEFT): Footer {
  const size = { font: SONG, size: FOOT };
  return new Footer({
    children: [
      new Paragraph({
        alignment,
        indent: { left: FOOT * 10, right: FOOT * 10 },
        children: [new TextRun({ ...size, children: ['— ', PageNumber.CURRENT, ' —'] })],
      }),
    ],
  });
}

const headingOf = (text: string) =>
  new Paragraph({
    spacing: exact,
    keepNext: true,
    indent: { firstLine: BODY * 20 },
    children: [run(text, { font: HEI })],
  });
const captionOf = (text: string) =>
  new Paragraph({
    spacing: { before: 120, after: 60, line: 400, lineRule: LineRuleType.EXACT },
    alignment: AlignmentType.CENTER,
    keepNext: true,
    children: [run(text, { font: KAI, size: 28 })],
  });
const bodyOf = (children: TextRun[]) =>
  new Paragraph({ spacing: exact, alignment: AlignmentType.JUSTIFIED, indent: { firstLine: BODY * 20 }, children });

/** At both sides of a cell's text, twips. */
const CELL_MARGIN = 60;
/** Of what is longer than this, a table does not make its columns wider. */
const MAX_WORD = 20;

function sectionOf(
  { heading, sentences, tables, chart }: Section,
  { lang }: Report,
  place: number,
  draw: DrawChart,
): (Paragraph | DocTable)[] {
  const { stop } = FILE_WORDS[lang];
  const words = sentences.map((parts) => parts.map(({ text }) => text).join('') + stop).join(lang === 'en' ? ' ' : '');
  const picture = chart && draw(chart);
  return [
    headingOf(heading),
    ...(words === '' ? [] : [bodyOf([run(words)])]),
    ...tables.flatMap((table) => [captionOf(table.caption), tableOf(table)]),
    ...(chart && picture
      ? [
          captionOf(chart.caption),
          new Paragraph({
            alignment: AlignmentType.CENTER,
            children: [
              new ImageRun({
                type: 'png',
                data: picture.png,
                transformation: { width: AREA_PX, height: Math.round((picture.height * AREA_PX) / picture.width) },
                altText: {
                  id: String(place + 1),
                  name: chart.caption,
                  title: chart.caption,
                  description: chart.caption,
                },
              }),
            ],
          }),
        ]
      : []),
  ];
}

/** Widths by the longest text of each column, a Chinese letter being twice as wide; numbers and codes are not broken while there is room elsewhere. */
function widthsOf({ columns, rows }: Table, size: number): number[] {
  const wide = (text: string) => [...text].reduce((sum, letter) => sum + (letter.charCodeAt(0) > 0x2e7f ? 2 : 1), 0);
  const needs = columns.map(({ label }, i) =>
    Math.min(24, Math.max(5, wide(label), ...rows.map((row) => wide(row[i]!.text)))),
  );
  const all = needs.reduce((sum, need) => sum + need + 2, 0);
  const wished = needs.map((need) => Math.floor(((need + 2) * AREA) / all));
  const least = columns.map((_, i) => Math.max(...rows.map((row) => widthOfWord(row[i]!.text, size)), 0));
  const short = wished.map((width, i) => Math.max(0, least[i]! - width));
  const spare = wished.map((width, i) => Math.max(0, width - least[i]!));
  const [missing, free] = [sum(short), sum(spare)];
  if (missing > free) return wished;
  return wished.map((width, i) => width + short[i]! - (free === 0 ? 0 : Math.ceil((spare[i]! * missing) / free)));
}
const sum = (all: readonly number[]) => all.reduce((so, one) => so + one, 0);

/** How wide a cell must be so that the longest number, date or code in it stands in one line, twips; of longer ones, the first letters. */
function widthOfWord(text: string, size: number): number {
  const words = text.match(/[\x21-\x7e]+/g) ?? [];
  const longest = Math.max(
    0,
    ...words.map((word) => sum([...word.slice(0, MAX_WORD)].map((one) => (/[A-Z%@&]/.test(one) ? 0.75 : 0.5)))),
  );
  // A size is in halves of a point, of which a twip is a tenth.
  return longest === 0 ? 0 : Math.ceil(longest * size * 10) + 2 * CELL_MARGIN + 20;
}

function tableOf(table: Table): DocTable {
  const { columns, rows } = table;
  // 五号, or 小五 and smaller where there are many columns.
  const size = columns.length > 8 ? 16 : columns.length > 6 ? 18 : 21;
  const widths = widthsOf(table, size);
  const cell = (text: string, i: number, head: boolean) =>
    new TableCell({
      width: { size: widths[i]!, type: WidthType.DXA },
      verticalAlign: VerticalAlign.CENTER,
      margins: { left: CELL_MARGIN, right: CELL_MARGIN, top: 20, bottom: 20 },
      ...(head ? { shading: { fill: 'EEF3F8' } } : {}),
      children: [
        new Paragraph({
          alignment: head
            ? AlignmentType.CENTER
            : columns[i]!.kind === 'number'
              ? AlignmentType.RIGHT
              : AlignmentType.LEFT,
          children: [run(text, { font: head ? HEI : FANG_SONG, size })],
        }),
      ],
    });
  const rowOf = (texts: string[], head = false) =>
    new TableRow({
      tableHeader: head,
      cantSplit: true,
      height: { value: 380, rule: HeightRule.ATLEAST },
      children: texts.map((text, i) => cell(text, i, head)),
    });
  return new DocTable({
    width: { size: AREA, type: WidthType.DXA },
    columnWidths: widths,
    layout: TableLayoutType.FIXED,
    rows: [
      rowOf(
        columns.map(({ label }) => label),
        true,
      ),
      ...rows.map((row) => rowOf(row.map(({ text }) => text))),
    ],
  });
}
