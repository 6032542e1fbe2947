import { describe, expect, it } from 'vitest';
import { benchParts } from '../../bench/parts.ts';

const ALL = [
  'counting',
  'screens',
  'reads',
  'replay',
  'cases',
  'levels',
  'longAlert',
  'signals',
  'reports',
  'history',
] as const;
const done = (only: string | undefined) => ALL.filter(benchParts(only));

describe('the parts of the bench', () => {
  it('are those of a full run, one, or several of a list', () => {
    expect(done(undefined)).toEqual(['counting', 'screens', 'reads']);
    expect(done('history')).toEqual(['history']);
    expect(done('counting,screens,reads')).toEqual(['counting', 'screens', 'reads']);
    expect(done('longAlert, reads')).toEqual(['reads', 'longAlert']);
    expect(done('reads, levels')).toEqual(['reads', 'levels']);
  });

  it.each(['', 'count', 'counting,', 'counting,toString', 'counting screens'])('must be known: %j', (only) => {
    expect(() => benchParts(only)).toThrow(/is no part\. Parts: counting, /);
  });

  it('names what is wrong', () => {
    expect(() => benchParts('reads,write,Reads')).toThrow('--only reads,write,Reads: "write", "Reads" is no part.');
  });
});
