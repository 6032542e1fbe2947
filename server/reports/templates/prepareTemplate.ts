import { strFromU8, strToU8, unzipSync, zipSync, type Zippable } from 'fflate';
import { encode, scanXml, textOf, tokensOf } from './scanXml.ts';

/** Parts of a document that are filled, by name. */
export const CONTENT = /^word\/(document|header\d*|footer\d*)\.xml$/;
const SETTINGS = 'word/settings.xml';
export const SETTINGS_RELATIONS = 'word/_rels/settings.xml.rels';
export const ATTACHED_TEMPLATE = /\/attachedTemplate["']/;

/**
 * A site's own document as it can be filled: each placeholder in one piece, whatever Word or WPS have put between its letters, and
 * in no content control. What the office's machine had as its Word template is taken out: nobody else has that file.
 */
export function prepareTemplate(file: Uint8Array): Buffer {
  const parts: Zippable = {};
  for (const [name, content] of Object.entries(unzipSync(file))) {
    if (CONTENT.test(name)) parts[name] = strToU8(prepareXml(strFromU8(content)));
    else if (name === SETTINGS) parts[name] = strToU8(strFromU8(content).replace(/<w:attachedTemplate\b[^>]*\/>/g, ''));
    else if (name === SETTINGS_RELATIONS)
      parts[name] = strToU8(
        strFromU8(content).replace(/<Relationship\b[^>]*\/>/g, (one) => (ATTACHED_TEMPLATE.test(one) ? '' : one)),
      );
    else parts[name] = content;
  }
  return Buffer.from(zipSync(parts, { level: 1 }));
}

/** The same of one part. */
export const prepareXml = (xml: string): string =>
  unwrap(
    giveRoom(joinPlaceholders(unwrap(xml.replace(/^\uFEFF/, ''), SMART_TAGS, () => true))),
    CONTROLS,
    holdsPlaceholder,
  );

/**
 * Has each placeholder stand in the first of the pieces that Word has cut it into: by spelling, revisions of an hour ago (rsid), languages of its letters,
 * bookmarks, links. The pieces stay, so bookmarks and links stay what they were.
 */
export function joinPlaceholders(xml: string): string {
  const edits: Edit[] = [];
  for (const { pieces } of scanXml(xml).paragraphs) {
    if (pieces.length < 2) continue;
    const owners = pieces.flatMap(({ text }, i) => Array<number>(text.length).fill(i));
    const whole = pieces.map(({ text }) => text).join('');
    for (const { 0: placeholder, index } of whole.matchAll(/\{[^{}]*\}/g))
      owners.fill(owners[index]!, index, index + placeholder.length);
    const texts = pieces.map(() => '');
    owners.forEach((owner, i) => (texts[owner] = texts[owner]! + whole[i]!));
    pieces.forEach(({ text, tag, from, to }, i) => {
      if (texts[i] === text) return;
      edits.push({ from, to, by: encode(texts[i]!) });
      const opening = xml.slice(tag.from, tag.to);
      if (!opening.includes('xml:space'))
        edits.push({ ...tag, by: `${opening.slice(0, -1).trimEnd()} xml:space="preserve">` });
    });
  }
  return edited(xml, edits);
}

const PICTURE = /\{\s*(qr|chart\.\w+)\s*\}/;
/** What comes after the spacing in the properties of a paragraph (ECMA-376-1 §17.3.1.26). */
const AFTER_SPACING =
  /<w:(ind|contextualSpacing|mirrorIndents|suppressOverlap|jc|textDirection|textAlignment|textboxTightWrap|outlineLvl|divId|cnfStyle|rPr|sectPr)\b/;

/** Official documents have lines of exactly 28 points: of a picture they would show that much. A paragraph with one has lines as high as what is in them. */
function giveRoom(xml: string): string {
  const edits: Edit[] = [];
  for (const paragraph of scanXml(xml).paragraphs) {
    if (!PICTURE.test(textOf(paragraph))) continue;
    const at = paragraph.tag.to;
    const found = /^\s*<w:pPr(?:\s[^>]*)?>([\s\S]*?)<\/w:pPr>/.exec(xml.slice(at));
    if (!found) {
      edits.push({ from: at, to: at, by: `<w:pPr>${spacing('')}</w:pPr>` });
      continue;
    }
    const inner = found[1]!;
    const from = at + found[0].length - '</w:pPr>'.length - inner.length;
    const given = /<w:spacing\b([^>]*?)\/>/.exec(inner.split('<w:rPr')[0]!);
    const place = given?.index ?? AFTER_SPACING.exec(inner)?.index ?? inner.length;
    edits.push({ from: from + place, to: from + place + (given?.[0].length ?? 0), by: spacing(given?.[1] ?? '') });
  }
  return edited(xml, edits);
}
/** @param given attributes that it has */
const spacing = (given: string): string =>
  `<w:spacing${given.replace(/\s+w:(line|lineRule)="[^"]*"/g, '').trimEnd()} w:line="240" w:lineRule="auto"/>`;

/** Elements around others that say what these are meant as, with what tells of it, and what holds the others, where they do not hold them themselves. */
interface Wrappers {
  names: readonly string[];
  about: readonly string[];
  content?: string;
}
const SMART_TAGS: Wrappers = { names: ['w:smartTag', 'w:customXml'], about: ['w:smartTagPr', 'w:customXmlPr'] };
/** Content controls: one that is bound to a property shows that, and not what it was filled with; and rows cannot be repeated in one. */
const CONTROLS: Wrappers = { names: ['w:sdt'], about: ['w:sdtPr', 'w:sdtEndPr'], content: 'w:sdtContent' };
const holdsPlaceholder = (inner: string) => /<w:t(?: [^>]*)?>[^<]*\{/.test(inner);

/** Takes away what is around content, and leaves the content. @param wanted by the XML of the whole element */
function unwrap(xml: string, { names, about, content }: Wrappers, wanted: (inner: string) => boolean): string {
  if (!names.some((name) => xml.includes(`<${name}`))) return xml;
  const edits: Edit[] = [];
  const stack: { name: string; from: number; to: number; cuts: Edit[] }[] = [];
  const cut = (from: number, to: number): Edit => ({ from, to, by: '' });
  for (const { name, from, to, kind } of tokensOf(xml)) {
    const parent = stack.at(kind === 'close' ? -2 : -1);
    const opened = kind === 'close' ? stack.pop() : undefined;
    if (kind === 'open') stack.push({ name, from, to, cuts: [] });
    else if (parent && names.includes(parent.name)) {
      const begins = opened?.from ?? from;
      if (about.includes(name)) parent.cuts.push(cut(begins, to));
      else if (name === content) parent.cuts.push(cut(begins, opened?.to ?? to), ...(opened ? [cut(from, to)] : []));
    }
    if (opened && names.includes(name) && wanted(xml.slice(opened.from, to)))
      edits.push(cut(opened.from, opened.to), ...opened.cuts, cut(from, to));
  }
  return edited(xml, edits);
}

interface Edit {
  from: number;
  to: number;
  by: string;
}
/** A text with parts of it replaced; no two overlap. */
function edited(text: string, edits: Edit[]): string {
  if (edits.length === 0) return text;
  let result = '';
  let at = 0;
  for (const { from, to, by } of edits.sort((a, b) => a.from - b.from)) {
    result += text.slice(at, from) + by;
    at = to;
  }
  return result + text.slice(at);
}
