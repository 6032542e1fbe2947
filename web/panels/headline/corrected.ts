import type { HeadlineKey } from './keys.ts';

/** The figures that a frame of the past has in both of its kinds: as they were shown then, and by what is known today. */
export const CORRECTABLE = ['open', 'raised', 'successRate', 'recoveredFen'] as const satisfies readonly HeadlineKey[];

/** Figures that were corrected since: the other value of each. `of`: what the other values are. */
export interface Corrected {
  of: 'shown' | 'facts';
  values: Partial<Record<HeadlineKey, number>>;
}
