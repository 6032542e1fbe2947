import type { CompiledPack } from '../assess/compiledPack.ts';
import type { NameIndex } from '../assess/names.ts';
import type { KnownIndicator } from '../packs/ruleStore.ts';
import type { AlertFeed } from './alertFeed.ts';
import type { SourceBook } from './sourceBook.ts';
import type { EngineStanding } from './standing.ts';
import type { SubjectTable } from './subjectTable.ts';
import type { Words } from './words.ts';

/** What an engine is made of. */
export interface EngineParts {
  table: SubjectTable;
  words: Words;
  names: NameIndex;
  sources: SourceBook;
  standing: EngineStanding;
  alerts: AlertFeed;
  /** Never while everything is built anew from an export. */
  decides: boolean;
  /** By number. */
  indicator: (number: number) => KnownIndicator;
  packOf: (version: string) => CompiledPack | undefined;
  /** False: everybody is looked at in the long way, which is the law (quickLook.ts). */
  quick?: boolean;
}

/** The rules in force. */
export function packInForce({ standing, packOf }: EngineParts): CompiledPack | undefined {
  return standing.version === '' ? undefined : packOf(standing.version);
}
