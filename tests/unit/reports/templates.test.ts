import { strFromU8, strToU8, unzipSync, zipSync, type Zippable } from 'fflate';
import { describe, expect, it } from 'vitest';
import { reportOf } from '../../../common/report/reportOf.ts';
import { placeholdersOf, templateValues } from '../../../common/report/template.ts';
import { REPORT_ABOUTS } from '../../../contract/reportLimits.ts';
import type { FrozenReport } from '../../../contract/reportSituation.ts';
import type { HttpProblem } from '../../../server/platform/http/problem.ts';
import { chineseFont } from '../../../server/reports/files/font.ts';
import { renderFiles } from '../../../server/reports/files/renderFiles.ts';
import { checkTemplate } from '../../../server/reports/templates/checkTemplate.ts';
import { templateDocx, type TemplateParts } from '../../support/templateDocx.ts';
import { randomCircular } from '../common/report/randomCircular.ts';
import { randomSituation } from '../common/report/randomSituation.ts';
import { randomUnit } from '../common/report/randomUnit.ts';

/** A site's own documents: what is refused, with name and place, and what they are filled with. */

const making = {
  madeAt: '2026-11-01T08:31:00+08:00',
  digest: 'd'.repeat(64),
  address: 'https://a.example.cn/reports/d/lists',
};
const RANDOM: Record<(typeof REPORT_ABOUTS)[number], (seed: number) => FrozenReport> = {
  situation: randomSituation,
  unit: randomUnit,
  supervision: randomCircular,
};
const seeds = Array.from({ length: 100 }, (_, i) => i);

async function refusal(file: Buffer): Promise<HttpProblem> {
  try {
    await checkTemplate(file, 'situation');
  } catch (error) {
    return error as HttpProblem;
  }
  throw new Error('it was taken');
}
/** The same document with parts changed, added, or left out. */
function changed(file: Buffer, change: (parts: Record<string, Uint8Array>) => void): Buffer {
  const parts = unzipSync(new Uint8Array(file));
  change(parts);
  return Buffer.from(zipSync(parts as Zippable));
}

describe('placeholders', () => {
  it.each(REPORT_ABOUTS)('name all figures, sentences, tables and charts that reports have (%s)', (about) => {
    const { texts, loops, pictures } = placeholdersOf(about);
    for (const seed of seeds)
      for (const lang of ['zh-CN', 'en'] as const) {
        const report = reportOf(RANDOM[about](seed), lang);
        const values = templateValues(report, about, { madeAt: 'm', digest: 'd', link: 'l' }, '。');
        expect(Object.keys(values.texts).sort()).toEqual([...texts].sort());
        expect(Object.keys(values.loops).sort()).toEqual([...loops].sort());
        for (const name of Object.keys(values.charts)) expect(pictures).toContain(name);
        for (const { id, tables } of report.sections) {
          expect(texts).toContain(`text.${id}`);
          for (const { id: table, rows, ids, columns } of tables) {
            // Of the number of places alone a template has no need.
            if (table !== 'places') expect(values.loops[`table.${table}`]).toHaveLength(rows.length);
            expect(columns.length).toBeLessThanOrEqual(12);
            ids?.forEach((figure, r) => {
              expect(values.texts[figure], figure).toBe(rows[r]![1]!.text);
              if (columns.length >= 4)
                expect(values.texts[`${figure}.lastYearChange`], figure).toBe(rows[r]!.at(-1)!.text);
            });
          }
        }
      }
  });
});

describe('a template', () => {
  it('is filled with texts, rows and pictures, the same bytes each time', async () => {
    const situation = randomSituation(seeds.find((seed) => randomSituation(seed).figures.totals.raised > 60)!);
    const report = reportOf(situation, 'zh-CN');
    const template = await templateDocx({
      paragraphs: [
        '关于{title}（{span}）',
        '{text.overview}',
        '新增{raised}起，环比{raised.previousChange}。',
        '{#notes}{c1}{/}',
        '{qr}',
        '{chart.overview}',
      ],
      row: ['{#table.overview}{c1}', '{c2}{/}'],
      header: '摘要 {digest}',
    });
    await checkTemplate(template, 'situation');
    const [first, again] = await Promise.all(
      [1, 2].map(() => renderFiles({ situation, lang: 'zh-CN', making, template })),
    );
    expect(Buffer.from(first!.docx).equals(Buffer.from(again!.docx))).toBe(true);
    const parts = unzipSync(first!.docx);
    const told = (name: string) =>
      strFromU8(parts[name]!)
        .replace(/<\/w:p>/g, '\n')
        .replace(/<[^>]*>/g, '');
    const text = told('word/document.xml');
    expect(text).toContain(`关于${report.title}（${report.span}）`);
    const [overview] = report.sections;
    for (const sentence of overview!.sentences) expect(text).toContain(sentence.map((part) => part.text).join(''));
    const [table] = overview!.tables;
    for (const row of table!.rows) expect(text).toContain(row[0]!.text);
    expect(text).toContain(`新增${table!.rows[0]![1]!.text}起`);
    for (const note of report.notes) expect(text).toContain(note);
    expect(text).not.toMatch(/[{}]/);
    expect(Object.entries(parts).find(([name]) => /word\/header\d*\.xml/.test(name))).toBeDefined();
    expect(
      Object.keys(parts)
        .filter((name) => /word\/header\d*\.xml/.test(name))
        .map(told)
        .join(),
    ).toContain(making.digest);
    const pictures = Object.keys(parts).filter((name) => name.endsWith('.png'));
    expect(pictures).toHaveLength(situation.series && chineseFont() && overview!.chart ? 2 : 1);
  });

  it.each<[what: string, parts: TemplateParts, place: { part: string; paragraph: number; given: string }]>([
    [
      'an unknown name',
      { paragraphs: ['a', '共{rasied}起'] },
      { part: 'word/document.xml', paragraph: 2, given: '{rasied}' },
    ],
    [
      'a brace that is not ended',
      { paragraphs: ['共{raised起'] },
      { part: 'word/document.xml', paragraph: 1, given: '{raised起' },
    ],
    [
      'a brace that ends nothing',
      { paragraphs: ['共raised}起'] },
      { part: 'word/document.xml', paragraph: 1, given: '}' },
    ],
    [
      'an unknown table',
      { paragraphs: ['{#table.none}{/}'] },
      { part: 'word/document.xml', paragraph: 1, given: '{#table.none}' },
    ],
    ['a cell outside of rows', { paragraphs: ['{c1}'] }, { part: 'word/document.xml', paragraph: 1, given: '{c1}' }],
    [
      'a loop without an end',
      { paragraphs: ['{#notes}', '{c1}'] },
      { part: 'word/document.xml', paragraph: 1, given: '{#notes}' },
    ],
    ['an end without a loop', { paragraphs: ['{/}'] }, { part: 'word/document.xml', paragraph: 1, given: '{/}' }],
    [
      'an unknown name in the head',
      { paragraphs: ['a'], header: '{nobody}' },
      { part: 'word/header1.xml', paragraph: 1, given: '{nobody}' },
    ],
    [
      'what is of another kind of report',
      { paragraphs: ['{received}'] },
      { part: 'word/document.xml', paragraph: 1, given: '{received}' },
    ],
  ])('is refused for %s, with its place', async (_what, parts, place) => {
    const problem = await refusal(await templateDocx(parts));
    expect(problem.status).toBe(422);
    expect(problem.extensions).toMatchObject({ rule: 'template-placeholders' });
    expect((problem.extensions['faults'] as unknown[])[0]).toMatchObject(place);
    expect(problem.message).toContain(`paragraph ${place.paragraph}`);
  });

  it.each<[what: string, make: (good: Buffer) => Buffer, rule: string]>([
    ['is empty', () => Buffer.alloc(0), 'file-empty'],
    ['is no ZIP', () => Buffer.from('%PDF-1.7'), 'file-type'],
    ['is cut off', (good) => good.subarray(0, good.length / 2), 'file-damaged'],
    ['has macros', (good) => changed(good, (parts) => (parts['word/vbaProject.bin'] = strToU8('x'))), 'file-macros'],
    [
      'holds a document',
      (good) => changed(good, (parts) => (parts['word/embeddings/o.bin'] = strToU8('x'))),
      'file-macros',
    ],
    [
      'is made to fill a disk',
      (good) => changed(good, (parts) => (parts['word/media/a.bin'] = new Uint8Array(210 * 1024 * 1024))),
      'file-bomb',
    ],
    [
      'declares entities',
      (good) =>
        changed(good, (parts) => {
          const text = strFromU8(parts['word/document.xml']!).replace('?>', '?><!DOCTYPE a [<!ENTITY b "c">]>');
          parts['word/document.xml'] = strToU8(text);
        }),
      'file-damaged',
    ],
    [
      'fetches from elsewhere',
      (good) =>
        changed(good, (parts) => {
          const name = 'word/_rels/document.xml.rels';
          const more =
            '<Relationship Id="x" Type="http://a/attachedTemplate" Target="http://b/" TargetMode="External"/>';
          parts[name] = strToU8(strFromU8(parts[name]!).replace('</Relationships>', `${more}</Relationships>`));
        }),
      'file-type',
    ],
  ])('is refused where it %s', async (_what, make, rule) => {
    const problem = await refusal(make(await templateDocx({ paragraphs: ['{title}'] })));
    expect([problem.status, problem.extensions['rule']]).toEqual([422, rule]);
  });
});
