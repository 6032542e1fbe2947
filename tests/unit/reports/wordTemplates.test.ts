import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { reportOf } from '../../../common/report/reportOf.ts';
import type { TemplateFault } from '../../../contract/reportTemplates.ts';
import type { HttpProblem } from '../../../server/platform/http/problem.ts';
import { renderFiles } from '../../../server/reports/files/renderFiles.ts';
import { checkTemplate } from '../../../server/reports/templates/checkTemplate.ts';
import { scanXml, textOf } from '../../../server/reports/templates/scanXml.ts';
import {
  attachedTemplate,
  cell,
  control,
  paragraph,
  row,
  run,
  table,
  textBox,
  wordDocx,
  type WordParts,
} from '../../support/wordDocx.ts';
import { randomSituation } from '../common/report/randomSituation.ts';

/** Templates as Word and WPS write them: filled, or refused with the part and the paragraph. */

const situation = randomSituation(
  Array.from({ length: 200 }, (_, i) => i).find(
    (seed) => randomSituation(seed).figures.totals.raised > 60 && randomSituation(seed).scope === '330110',
  )!,
);
const report = reportOf(situation, 'zh-CN');
const making = {
  madeAt: '2026-11-01T08:31:00+08:00',
  digest: 'd'.repeat(64),
  address: 'https://a.example.cn/reports/d/lists',
};
const raised = report.sections[0]!.tables[0]!.rows[0]![1]!.text;

const PROOF = '<w:proofErr w:type="spellStart"/>';
/** WPS tells Chinese from other letters by hints and languages, and cuts at each change. */
const HINT = '<w:rPr><w:rFonts w:hint="eastAsia"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr>';
const LATIN = '<w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman"/><w:lang w:val="en-US"/></w:rPr>';
const LINK = (content: string) => `<w:hyperlink r:id="rId5" w:history="1">${content}</w:hyperlink>`;

/** A paragraph each, and what is read there when it is filled. */
const QUIRKS: Record<string, [xml: string, read: string]> = {
  'runs by revision': [paragraph(run('新增{'), run('rai'), run('sed}'), run('起')), `新增${raised}起`],
  spelling: [
    paragraph(run('共{'), PROOF, run('raised'), '<w:proofErr w:type="spellEnd"/>', run('}起')),
    `共${raised}起`,
  ],
  'languages of WPS': [
    paragraph(run('计', HINT), run('{', HINT), run('raised', LATIN), run('}', HINT), run('起', HINT)),
    `计${raised}起`,
  ],
  'texts of one run': [paragraph('<w:r><w:t>有{ra</w:t><w:t>ised</w:t><w:t>} 起</w:t></w:r>'), `有${raised} 起`],
  'a bookmark within': [
    paragraph(
      run('达{rai'),
      '<w:bookmarkStart w:id="7" w:name="总数"/>',
      run('sed}'),
      '<w:bookmarkEnd w:id="7"/>',
      run('起'),
    ),
    `达${raised}起`,
  ],
  'a link around a part': [paragraph(run('见{'), LINK(run('raised')), run('}起')), `见${raised}起`],
  'a smart tag': [
    paragraph(
      run('为{'),
      `<w:smartTag w:uri="urn:schemas-microsoft-com:office:smarttags" w:element="chsdate"><w:smartTagPr><w:attr w:name="Year" w:val="2026"/></w:smartTagPr>${run('raised')}</w:smartTag>`,
      run('}起'),
    ),
    `为${raised}起`,
  ],
  'marks of printing': [
    paragraph(run('合{rai', '<w:lastRenderedPageBreak/>'), run('sed}起', '<w:rPr><w:noProof/></w:rPr>')),
    `合${raised}起`,
  ],
  'curly quotes': [paragraph(run('“{'), run('raised'), run('}”')), `“${raised}”`],
  'a control that is bound': [
    paragraph(
      run('题：'),
      control(
        run('{title}'),
        '<w:dataBinding w:xpath="/ns0:coreProperties[1]/ns1:title[1]" w:storeItemID="{6C3C8BC8-F283-45AE-878A-BAB7291924A1}"/><w:text/>',
      ),
    ),
    `题：${report.title}`,
  ],
  'a control with a loop': [control(paragraph(run('注：{#notes}{c1}；{/}'))), `注：${report.notes.join('；')}；`],
  'a text box': [paragraph(run('左'), textBox(paragraph(run('框{rai'), run('sed}起')), 2), run('右')), `框${raised}起`],
};

async function read(parts: WordParts) {
  const template = wordDocx(parts);
  await checkTemplate(template, 'situation');
  const { docx } = await renderFiles({ situation, lang: 'zh-CN', making, template });
  const files = unzipSync(docx);
  const of = (name: string) => strFromU8(files[name]!);
  return { files, of, texts: (name: string) => scanXml(of(name)).paragraphs.map((one) => textOf(one)) };
}

describe('what Word and WPS write', () => {
  it('is filled, whatever stands between the letters of a placeholder', async () => {
    const { of, texts, files } = await read({
      body: Object.values(QUIRKS)
        .map(([xml]) => xml)
        .join(''),
      header: paragraph(run('摘要{di'), PROOF, run('gest}'), textBox(paragraph(run('{qr}')), 9)),
      footer: control(
        paragraph(
          run('第'),
          '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>',
          run('页 {date}'),
        ),
        '<w:docPartObj><w:docPartGallery w:val="Page Numbers (Bottom of Page)"/></w:docPartObj>',
      ),
      parts: {
        'customXml/item1.xml':
          '<s:customData xmlns:s="http://www.wps.cn/officeDocument/2013/wpsCustomData">{x}</s:customData>',
        'word/glossary/document.xml': '<w:glossaryDocument><w:docParts>{无}</w:docParts></w:glossaryDocument>',
      },
    });
    const told = texts('word/document.xml');
    for (const [what, [, wanted]] of Object.entries(QUIRKS)) expect(told, what).toContain(wanted);
    // Once more in the copy for older programs.
    expect(told.filter((text) => text === `框${raised}起`)).toHaveLength(2);
    expect(told).toContain('左右');
    expect(told.join('')).not.toMatch(/[{}]/);
    expect(of('word/document.xml')).toContain('<w:bookmarkStart w:id="7" w:name="总数"/>');
    expect(of('word/document.xml')).toContain('<w:hyperlink r:id="rId5"');
    expect(of('word/document.xml')).not.toContain('w:dataBinding');
    expect(texts('word/header1.xml')).toContain(`摘要${making.digest}`);
    expect(of('word/header1.xml').match(/<a:blip r:embed/g)).toHaveLength(2);
    // Lines of exactly 28 points would cut the picture off; those of text stay.
    expect(of('word/header1.xml').match(/w:lineRule="\w+"/g)).toEqual(
      ['exact', 'auto', 'auto'].map((rule) => `w:lineRule="${rule}"`),
    );
    expect(texts('word/footer1.xml')).toEqual([`第页 ${report.date}`]);
    expect(of('word/footer1.xml')).toContain(' PAGE ');
    // The Word template of the office's machine is nobody else's.
    expect(of('word/settings.xml')).not.toContain('attachedTemplate');
    expect(of('word/_rels/settings.xml.rels')).not.toContain('file:');
    expect(Object.keys(files).filter((name) => name.endsWith('.png'))).toHaveLength(1);
  });

  it('repeats rows with merged cells, in controls, and in a table with text boxes', async () => {
    const rows = report.sections.find(({ id }) => id === 'areas')!.tables[0]!.rows;
    const { of, texts } = await read({
      body: [
        table(
          row(cell(paragraph(run('各地')), '<w:vMerge w:val="restart"/>'), cell(paragraph(run('镇街')))),
          row(
            cell(paragraph(run('{#table.'), PROOF, run('areas}')), '<w:vMerge/>'),
            cell(paragraph(run('{c1}：{c2}{'), run('/}'))),
          ),
        ),
        table(control(row(cell(paragraph(run('{#table.areas}{c1}'))), cell(paragraph(run('计{c2}{/}')))))),
        table(
          row(cell(paragraph(textBox(paragraph(run('{pla'), run('ce}')), 3))), cell(control(paragraph(run('{span}'))))),
        ),
      ].join(''),
    });
    const told = texts('word/document.xml');
    for (const [name, now] of rows) {
      expect(told).toContain(`${name!.text}：${now!.text}`);
      expect(told).toContain(`计${now!.text}`);
    }
    expect(of('word/document.xml').match(/<w:vMerge\/>/g)).toHaveLength(rows.length);
    expect(told.filter((text) => text === report.scopeName)).toHaveLength(2);
    expect(told).toContain(report.span);
  });
});

describe('is refused', () => {
  const NOTES = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
  const DOCUMENT = 'word/document.xml';
  it.each<[what: string, parts: WordParts, fault: Partial<TemplateFault>, words: string]>([
    [
      'with changes that are tracked',
      { body: paragraph(run('一')) + paragraph(run('共{ra'), `<w:ins w:id="1" w:author="甲">${run('ised}')}</w:ins>`) },
      { part: DOCUMENT, paragraph: 2, given: '共{raised}' },
      'changes are tracked',
    ],
    [
      'with a row that is tracked, in the next paragraph',
      {
        body: table(
          row(cell(paragraph(run('一')))),
          '<w:tr><w:trPr><w:del w:id="2" w:author="甲"/></w:trPr>' + cell(paragraph(run('二'))) + '</w:tr>',
        ),
      },
      { part: DOCUMENT, paragraph: 2, given: '二' },
      'changes are tracked',
    ],
    [
      'with the braces of a Chinese keyboard',
      { body: paragraph(run('共｛ｒａｉｓｅｄ｝起，｛附件｝')) },
      { part: DOCUMENT, paragraph: 1, given: '｛ｒａｉｓｅｄ｝' },
      'write {raised} with narrow braces',
    ],
    [
      'with a capital that Word has made',
      { body: paragraph(run('{'), run('Raised}起')) },
      { part: DOCUMENT, paragraph: 1, given: '{Raised}' },
      '{raised} is meant',
    ],
    [
      'in a text box, once',
      { body: paragraph(run('一')) + paragraph(run('二'), textBox(paragraph(run('{ra'), run('sied}')))) },
      { part: DOCUMENT, paragraph: 3, given: '{rasied}' },
      'there is no placeholder',
    ],
    [
      'in a head',
      { body: paragraph(run('一')), header: paragraph(control(run('{nobody}'))) },
      { part: 'word/header1.xml', paragraph: 1, given: '{nobody}' },
      'there is no placeholder',
    ],
    [
      'with a loop in a link',
      { body: paragraph(run('{#notes}{c1}'), LINK(run('{/}'))) },
      { part: DOCUMENT, paragraph: 1, given: '{/}' },
      'w:hyperlink',
    ],
    [
      'with a loop that leaves its table',
      { body: table(row(cell(paragraph(run('{#table.areas}{c1}'))))) + paragraph(run('{/}')) },
      { part: DOCUMENT, paragraph: 2, given: '{/}' },
      'begins in paragraph 1',
    ],
    [
      'with a loop from one table to the next',
      { body: table(row(cell(paragraph(run('{#table.areas}{c1}'))))) + table(row(cell(paragraph(run('{/}'))))) },
      { part: DOCUMENT, paragraph: 2, given: '{/}' },
      'one table',
    ],
    [
      'in a note below the text',
      {
        body: paragraph(run('一')),
        parts: {
          'word/footnotes.xml': `<w:footnotes xmlns:w="${NOTES}"><w:footnote w:id="1">${paragraph(run('{ra'), run('ised}，{其他}'))}</w:footnote></w:footnotes>`,
        },
      },
      { part: 'word/footnotes.xml', paragraph: 1, given: '{raised}' },
      'are not filled',
    ],
  ])('%s, with its place', async (_what, parts, fault, words) => {
    const problem = await refusal(parts);
    expect(problem.extensions).toMatchObject({ rule: 'template-placeholders' });
    const faults = problem.extensions['faults'] as TemplateFault[];
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatchObject(fault);
    expect(faults[0]!.problem).toContain(words);
    expect(problem.message).toContain(`${fault.part}, paragraph ${fault.paragraph}`);
  });

  const body = paragraph(run('{title}'));
  it.each<[what: string, parts: WordParts, rule: string, words: string]>([
    [
      'Strict Open XML',
      {
        body,
        parts: {
          [DOCUMENT]: '<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body/></w:document>',
        },
      },
      'file-type',
      'save it as Word Document',
    ],
    [
      'what no office program writes',
      { body, parts: { [DOCUMENT]: `<n:document xmlns:n="${NOTES}"/>` } },
      'file-damaged',
      'Word or WPS',
    ],
    ['a damaged part', { body: body.replace('</w:r>', '') }, 'file-damaged', '</w:p> closes <w:r>'],
    [
      'a Word template on a server',
      {
        body,
        parts: {
          'word/_rels/settings.xml.rels': `<Relationships>${attachedTemplate('file://server/公文.dotx')}</Relationships>`,
        },
      },
      'file-type',
      'attach Normal',
    ],
    [
      'one on the net',
      {
        body,
        parts: {
          'word/_rels/settings.xml.rels': `<Relationships>${attachedTemplate('https://a.example/a.dotx')}</Relationships>`,
        },
      },
      'file-type',
      'attach Normal',
    ],
  ])('%s', async (_what, parts, rule, words) => {
    const problem = await refusal(parts);
    expect([problem.status, problem.extensions['rule']]).toEqual([422, rule]);
    expect(problem.message).toContain(words);
  });

  async function refusal(parts: WordParts): Promise<HttpProblem> {
    try {
      await checkTemplate(wordDocx(parts), 'situation');
    } catch (error) {
      return error as HttpProblem;
    }
    throw new Error('it was taken');
  }
});
