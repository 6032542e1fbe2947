import { strToU8, zipSync } from 'fflate';

/** Documents with the XML that Word and WPS write, part by part: no library makes what they make. */

const DRAWING = 'http://schemas.openxmlformats.org/drawingml/2006';
const OFFICE = 'http://schemas.microsoft.com/office/word/2010';
const RELATION = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPE = 'application/vnd.openxmlformats-officedocument.wordprocessingml';
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n';
/** Word names all namespaces that it knows, and WPS one more. */
const NAMESPACES = [
  'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:o="urn:schemas-microsoft-com:office:office"',
  `xmlns:r="${RELATION}" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:w10="urn:schemas-microsoft-com:office:word"`,
  `xmlns:wp="${DRAWING}/wordprocessingDrawing" xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`,
  `xmlns:w14="${OFFICE}/wordml" xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml" xmlns:wp14="${OFFICE}/wordprocessingDrawing"`,
  `xmlns:wps="${OFFICE}/wordprocessingShape" xmlns:wpsCustomData="http://www.wps.cn/officeDocument/2013/wpsCustomData" mc:Ignorable="w14 w15 wp14"`,
].join(' ');

export interface WordParts {
  /** What stands in `w:body`. */
  body: string;
  header?: string;
  footer?: string;
  /** Other parts by name, and those put in place of the usual ones. */
  parts?: Record<string, string>;
}

export function wordDocx({ body, header, footer, parts = {} }: WordParts): Buffer {
  const edges = (
    [
      ['header', 'hdr', header],
      ['footer', 'ftr', footer],
    ] as const
  ).flatMap(([kind, element, content], i) =>
    content === undefined
      ? []
      : [{ kind, id: `rId${10 + i}`, xml: `<w:${element} ${NAMESPACES}>${content}</w:${element}>` }],
  );
  const references = edges.map(({ kind, id }) => `<w:${kind}Reference w:type="default" r:id="${id}"/>`).join('');
  const files: Record<string, string> = {
    '[Content_Types].xml': `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="${TYPE}.document.main+xml"/><Override PartName="/word/settings.xml" ContentType="${TYPE}.settings+xml"/>${edges.map(({ kind }) => `<Override PartName="/word/${kind}1.xml" ContentType="${TYPE}.${kind}+xml"/>`).join('')}</Types>`,
    '_rels/.rels': `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATION}/officeDocument" Target="word/document.xml"/></Relationships>`,
    'word/_rels/document.xml.rels': `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATION}/settings" Target="settings.xml"/><Relationship Id="rId5" Type="${RELATION}/hyperlink" Target="http://a.example.cn/" TargetMode="External"/>${edges.map(({ kind, id }) => `<Relationship Id="${id}" Type="${RELATION}/${kind}" Target="${kind}1.xml"/>`).join('')}</Relationships>`,
    'word/settings.xml': `<w:settings ${NAMESPACES}><w:zoom w:percent="100"/><w:attachedTemplate r:id="rId1"/><w:proofState w:spelling="clean"/></w:settings>`,
    'word/_rels/settings.xml.rels': `<Relationships xmlns="${PACKAGE}/relationships">${attachedTemplate('file:///C:\\Users\\office\\Templates\\公文.dotx')}</Relationships>`,
    'word/document.xml': `<w:document ${NAMESPACES}><w:body>${body}<w:sectPr w:rsidR="00C27A4B">${references}<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588" w:header="851" w:footer="992" w:gutter="0"/><w:docGrid w:type="lines" w:linePitch="312"/></w:sectPr></w:body></w:document>`,
    ...Object.fromEntries(edges.map(({ kind, xml }) => [`word/${kind}1.xml`, xml])),
    ...parts,
  };
  return Buffer.from(
    zipSync(Object.fromEntries(Object.entries(files).map(([name, xml]) => [name, strToU8(HEAD + xml)]))),
  );
}

export const attachedTemplate = (target: string): string =>
  `<Relationship Id="rId1" Type="${RELATION}/attachedTemplate" Target="${target}" TargetMode="External"/>`;

/** A run; `more` goes before its text. */
export const run = (text: string, more = ''): string =>
  `<w:r w:rsidR="00A77B3E" w:rsidRPr="0035481D">${more}<w:t xml:space="preserve">${text}</w:t></w:r>`;
export const paragraph = (...content: string[]): string =>
  `<w:p w14:paraId="1F2A3B4C" w:rsidR="00C27A4B" w:rsidRDefault="00A77B3E"><w:pPr><w:spacing w:line="560" w:lineRule="exact"/></w:pPr>${content.join('')}</w:p>`;
export const cell = (content: string, properties = ''): string =>
  `<w:tc><w:tcPr><w:tcW w:w="2880" w:type="dxa"/>${properties}</w:tcPr>${content}</w:tc>`;
export const table = (...rows: string[]): string =>
  `<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid><w:gridCol w:w="2880"/><w:gridCol w:w="2880"/></w:tblGrid>${rows.join('')}</w:tbl>`;
export const row = (...cells: string[]): string => `<w:tr w:rsidR="00A77B3E">${cells.join('')}</w:tr>`;

/** A content control. @param around as `w:sdtPr` has it */
export const control = (content: string, around = '<w:alias w:val="内容"/><w:id w:val="-1216501"/>'): string =>
  `<w:sdt><w:sdtPr>${around}<w:placeholder><w:docPart w:val="{8D1F0C4E-0000-4A5B-9C1D-000000000001}"/></w:placeholder></w:sdtPr><w:sdtEndPr/><w:sdtContent>${content}</w:sdtContent></w:sdt>`;

/** A text box as it is written since 2010: once as a shape, and once more for older programs. */
export const textBox = (content: string, id = 1): string =>
  `<w:r><w:rPr><w:noProof/></w:rPr><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor distT="0" distB="0" distL="114300" distR="114300" simplePos="0" relativeHeight="251659264" behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/><wp:positionH relativeFrom="column"><wp:posOffset>0</wp:posOffset></wp:positionH><wp:positionV relativeFrom="paragraph"><wp:posOffset>0</wp:posOffset></wp:positionV><wp:extent cx="2520000" cy="1080000"/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapTopAndBottom/><wp:docPr id="${id}" name="文本框 ${id}"/><wp:cNvGraphicFramePr/><a:graphic xmlns:a="${DRAWING}/main"><a:graphicData uri="${OFFICE}/wordprocessingShape"><wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="2520000" cy="1080000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></wps:spPr><wps:txbx><w:txbxContent>${content}</w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape id="文本框 ${id}" o:spid="_x0000_s1026" type="#_x0000_t202" style="position:absolute;width:198pt;height:85pt"><v:textbox><w:txbxContent>${content}</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>`;
