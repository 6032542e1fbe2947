import type { Industry } from '../../../contract/codes.ts';
import type { ByteReader, ByteWriter } from './bytes.ts';
import type { Registration } from './subject.ts';
import type { Words } from './words.ts';

const ACTIVE = 1;
const HEADCOUNT = 2;
const LOCATION = 4;
const USCC = 8;
const PROJECT = 16;
const REST = 32;

/** A registration as bytes. */
export function writeRegistration(writer: ByteWriter, one: Registration, words: Words): void {
  const { active, headcount, location, uscc, project, more } = one;
  writer.uint(
    (active ? ACTIVE : 0) |
      (headcount === undefined ? 0 : HEADCOUNT) |
      (location ? LOCATION : 0) |
      (uscc === undefined ? 0 : USCC) |
      (project ? PROJECT : 0) |
      (more ? REST : 0),
  );
  writer.time(one.time);
  writer.uint(words.number(one.source));
  writer.id(one.id);
  writer.text(one.name);
  writer.uint(words.number(one.town));
  writer.uint(words.number(one.industry));
  if (headcount !== undefined) writer.uint(headcount);
  if (location) {
    writer.decimal(location.lng);
    writer.decimal(location.lat);
  }
  if (uscc !== undefined) writer.text(uscc);
  if (project) {
    writer.text(project.id);
    writer.text(project.name);
  }
  if (more) writer.text(JSON.stringify(more));
}

export function readRegistration(reader: ByteReader, words: Words): Registration {
  const has = reader.uint();
  return {
    time: reader.time(),
    source: words.word(reader.uint()),
    id: reader.id(),
    name: reader.text(),
    town: words.word(reader.uint()),
    industry: words.word(reader.uint()) as Industry,
    active: (has & ACTIVE) !== 0,
    headcount: has & HEADCOUNT ? reader.uint() : undefined,
    location: has & LOCATION ? { lng: reader.decimal(), lat: reader.decimal() } : undefined,
    uscc: has & USCC ? reader.text() : undefined,
    project: has & PROJECT ? { id: reader.text(), name: reader.text() } : undefined,
    more: has & REST ? (JSON.parse(reader.text()) as Registration['more']) : undefined,
  };
}

/** The headcount alone, which is all that rules ask for. @param reader at the beginning of a registration */
export function readHeadcount(reader: ByteReader): number | undefined {
  const has = reader.uint();
  if (!(has & HEADCOUNT)) return undefined;
  reader.time();
  reader.uint();
  reader.skipId();
  reader.skipText();
  reader.uint();
  reader.uint();
  return reader.uint();
}

/** The employer's name alone. @param reader at the beginning of a registration */
export function readName(reader: ByteReader): string {
  reader.uint();
  reader.time();
  reader.uint();
  reader.skipId();
  return reader.text();
}
