import type { SentencePart } from '../sentence/parts.ts';
import type { TownsFact } from './changeFacts.ts';

/** How a language says what has changed. Counts are whole numbers from 0, money is in fen. */
export interface ChangeWords {
  raised(count: number, red: number): SentencePart[];
  audited(count: number, effective: number): SentencePart[];
  recovered(fen: number, workers: number): SentencePart[];
  /** Newly late. */
  late(count: number): SentencePart[];
  /** @param region code of the region, whose level says what its areas are called */
  towns(fact: TownsFact, name: (code: string) => string, region: string): SentencePart[];
  open(now: number, then: number): SentencePart[];
}
