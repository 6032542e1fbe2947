import { beforeAll, describe, expect, it } from 'vitest';
import { CHANNELS } from '../../../contract/codes.ts';
import type { SourceNames } from '../../../contract/region.ts';
import { observed } from '../../../demo/facts.ts';
import { signalScenario } from '../../../demo/signalScenario.ts';
import { demoSourceNames } from '../../../demo/sourceNames.ts';
import { pack } from './support.ts';

let names: SourceNames;
beforeAll(() => {
  names = demoSourceNames(pack.code);
});

describe('sources of the demonstration', () => {
  it('all have a name that is plainly fictitious, each its own', () => {
    const { banks } = signalScenario();
    const whom = [
      { uscc: 'x' },
      ...Array.from({ length: banks }, (_, i) => ({ uscc: 'x', projectId: 'p', bank: i + 1 })),
    ];
    const sent = CHANNELS.flatMap((channel) =>
      whom.map((one) => observed(pack.code, one, { indicator: 'x', channel }, '1', 0).source),
    );
    expect([...new Set(sent)].filter((source) => !names[source])).toEqual([]);
    for (const part of ['', ':register', ':four-platforms'])
      expect(names).toHaveProperty([`urn:demo:${pack.code}${part}`]);
    const called = Object.values(names).map((name) => name['zh-CN']);
    expect(called.filter((name) => !name.startsWith('某'))).toEqual([]);
    expect(new Set(called).size).toBe(called.length);
  });
});
