import type { Cell, Report, Section, Table } from '../../../common/report/model.ts';
import { notesHeading } from '../../../common/report/reportOf.ts';
import { chartSvg } from './chartSvg.ts';
import { codeLines, FILE_WORDS, makingLines, type Making } from './fileWords.ts';
import { qrSvg } from './qr.ts';

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: string) => text.replace(/[&<>"']/g, (letter) => ESCAPES[letter]!);

/** A report as one page, to be read and printed: no script, and nothing from elsewhere. */
export function htmlOf(report: Report, making: Making): Buffer {
  const { lang } = report;
  const [scan = '', short = ''] = codeLines(making, lang);
  const code = `<div class="code"><div><p>${escape(scan)}<br>${escape(short)}</p>${qrSvg(making.address, escape(scan))}</div></div>`;
  const body = [
    `<h1>${escape(report.title)}</h1>`,
    `<p class="span">${escape(report.span)}</p>`,
    `<p class="to">${escape(report.addressee)}</p>`,
    ...report.sections.map((section, i) => sectionOf(section, report, i)),
    `<section class="notes"><h2>${escape(notesHeading(lang, report.sections.length))}</h2>${report.notes.map((note) => `<p>${escape(note)}</p>`).join('')}</section>`,
    `<p class="from">${escape(report.sender)}<br>${escape(report.date)}</p>`,
    `<footer>${makingLines(making, lang)
      .map((line) => `<p>${escape(line)}</p>`)
      .join('')}</footer>`,
  ];
  return Buffer.from(
    `<!doctype html>\n<html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escape(`${report.title} ${report.span}`)}</title><style>${STYLE}</style></head>\n<body><article><div class="sheets">${code}<div class="flow">\n${body.join('\n')}\n</div></div></article></body></html>\n`,
  );
}

function sectionOf({ id, heading, sentences, tables, chart }: Section, { lang }: Report, place: number): string {
  const words = FILE_WORDS[lang];
  const text = sentences
    .map((parts) => parts.map(({ text, figure }) => (figure ? `<b>${escape(text)}</b>` : escape(text))).join(''))
    .join(lang === 'en' ? `${words.stop} ` : words.stop);
  const figure = chart
    ? `<figure>${chartSvg(chart, { lang, place })}<figcaption>${escape(chart.caption)}</figcaption></figure>`
    : '';
  return `<section id="${id}"><h2>${escape(heading)}</h2>${text === '' ? '' : `<p>${text}${words.stop}</p>`}${tables.map((table) => tableOf(table)).join('')}${figure}</section>`;
}

function tableOf({ caption, columns, rows }: Table): string {
  const kind = (i: number) => (columns[i]!.kind === 'number' ? ' class="n"' : '');
  const head = columns.map(({ label }, i) => `<th scope="col"${kind(i)}>${escape(label)}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map((cell, i) => cellOf(cell, kind(i), row)).join('')}</tr>`).join('\n');
  return `<div class="table"><table><caption>${escape(caption)}</caption><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table></div>`;
}

/** A cell; who rests on it is told how it was reckoned, or why there is nothing. */
function cellOf({ text, why, formula }: Cell, kind: string, row: readonly Cell[]): string {
  const how = formulaText(formula, row) ?? why;
  return `<td${kind}${how === undefined ? '' : ` title="${escape(how)}"`}>${escape(text)}</td>`;
}

/** (42 − 40) ÷ 40 × 100% */
export function formulaText(formula: Cell['formula'], row: readonly Cell[]): string | undefined {
  if (!formula) return undefined;
  const [now, then] = [row[formula.now]!.text, row[formula.then]!.text];
  return formula.kind === 'percent' ? `(${now} − ${then}) ÷ ${then} × 100%` : `${now} − ${then}`;
}

/** Light, as paper is. */
const STYLE = `
:root{color-scheme:light;--ink:#0a1a30;--ink2:#435c79;--line:#c3cfdc;--head:#eef3f8}
*{box-sizing:border-box}
body{margin:0;background:#e9eef4;color:var(--ink);font:16px/1.75 'Noto Sans CJK SC','Noto Sans SC','PingFang SC','Microsoft YaHei',sans-serif}
article{max-width:60rem;margin:1.5rem auto;padding:3rem 3.5rem;background:#fff;box-shadow:0 1px 6px rgb(20 40 66/18%)}
h1{margin:0;font-size:1.9rem;line-height:1.4;text-align:center;letter-spacing:.04em;text-wrap:balance}
/* On paper it heads every sheet: the head of a table is repeated. */
.code>div{display:flex;gap:.8rem;align-items:center;justify-content:flex-end;margin:-1.4rem -1.6rem .6rem 0}
.code p{margin:0;color:var(--ink2);font-size:.75rem;line-height:1.5;text-align:right}
.code svg{flex:none;width:5.5rem;height:5.5rem}
.span{margin:.4rem 0 2rem;color:var(--ink2);text-align:center}
.to{margin:0}
h2{margin:2.2rem 0 .4rem;font-size:1.2rem;line-height:1.5}
section>p{margin:0 0 .8rem;text-indent:2em}
html[lang=en] section>p{text-indent:0}
.notes p{margin:0 0 .3rem;color:var(--ink2);font-size:.88rem}
b{font-weight:600;font-variant-numeric:tabular-nums}
.table{margin:.8rem 0 1.2rem;overflow-x:auto}
table{width:100%;border-collapse:collapse;font-size:.88rem;line-height:1.45}
caption{padding:.3rem 0;font-weight:600;text-align:left;caption-side:top}
th,td{padding:.38rem .6rem;border:1px solid var(--line);text-align:left}
th{background:var(--head);font-weight:600;white-space:nowrap}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td[title]{text-decoration:underline dotted var(--line);text-underline-offset:.25em}
figure{margin:1rem 0;break-inside:avoid}
figure svg{display:block;width:100%;max-width:50rem;height:auto;margin:0 auto}
figcaption{color:var(--ink2);font-size:.88rem;text-align:center}
.from{margin:2.5rem 2em 0 0;text-align:right}
footer{margin-top:2.5rem;padding-top:.8rem;border-top:1px solid var(--line);color:var(--ink2);font-size:.78rem;overflow-wrap:anywhere}
footer p{margin:0}
@media(max-width:700px){article{margin:0;padding:1.4rem 1.1rem;box-shadow:none}h1{font-size:1.45rem}.code>div{margin:-.6rem -.4rem .4rem 0}td,th{padding:.3rem .4rem}}
@page{size:A4;margin:10mm 18mm 16mm}
@media print{.sheets{display:table;table-layout:fixed;width:100%}.code{display:table-header-group;break-inside:avoid}.flow{display:table-row-group}.code>div{margin:0 0 3mm}.code p{font-size:7.5pt}.code svg{width:20mm;height:20mm}body{background:#fff;font-size:11pt}article{max-width:none;margin:0;padding:0;box-shadow:none}tr{break-inside:avoid}thead{display:table-header-group}h2{break-after:avoid}.table{overflow:visible}table{font-size:8.5pt}th,td{padding:1.5pt 3pt}td[title]{text-decoration:none}}
`.trim();
