import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  arrayElements,
  heavyProblem,
  NoJson,
  TooMany,
  type ArrayElement,
} from '../../../server/streams/intake/jsonArray.ts';

const read = async (text: string): Promise<ArrayElement[] | undefined> => {
  const elements = await arrayElements(Buffer.from(text));
  if (!elements) return undefined;
  const all: ArrayElement[] = [];
  for await (const element of elements) all.push(element);
  return all;
};
const valuesOf = async (text: string) => (await read(text))?.map((one) => ('value' in one ? one.value : one.problem));
const deep = (n: number) => `${'['.repeat(n)}${']'.repeat(n)}`;

describe('a JSON array in pieces', () => {
  it('is what JSON.parse makes of it, with the text of each element, or no JSON to both', async () => {
    const piece = fc.constantFrom(',', '[', ']', '{', '}', '"', '\\', ' ', ':', '1', 'x', '\n', '\u00a0', '\ufeff');
    const text = fc
      .tuple(fc.array(fc.jsonValue({ maxDepth: 5 }), { maxLength: 6 }), fc.nat(3), fc.array(fc.tuple(fc.nat(), piece)))
      .map(([values, indent, cuts]) =>
        cuts.slice(0, 2).reduce(
          (all, [at, what]) => {
            const i = at % (all.length + 1);
            return all.slice(0, i) + what + all.slice(i + (at % 2));
          },
          JSON.stringify(values, null, indent),
        ),
      );
    await fc.assert(
      fc.asyncProperty(text, async (json) => {
        let expected: unknown;
        try {
          expected = JSON.parse(json);
        } catch {
          await expect(read(json)).rejects.toBeInstanceOf(NoJson);
          return;
        }
        if (!Array.isArray(expected)) {
          expect(await read(json)).toBeUndefined();
          return;
        }
        const elements = (await read(json))!;
        expect(elements.map((one) => 'value' in one && one.value)).toEqual(expected);
        expect(elements.map((one) => JSON.parse(one.text()) as unknown)).toEqual(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is empty, or holds nothing between its commas', async () => {
    expect(await valuesOf(' [ \n ] ')).toEqual([]);
    for (const broken of ['[1,,2]', '[,1]', '[1,]', '[', '[1', '["]', '[1] x', '[1]]', '[{]}', '[}', '[1}', '', ' '])
      await expect(valuesOf(broken), broken).rejects.toBeInstanceOf(NoJson);
    for (const other of ['{}', '1', '"[]"', 'null']) expect(await valuesOf(other), other).toBeUndefined();
  });

  it('does not look into what is nested too deeply or holds too much, and goes on with the next', async () => {
    const many = `{"a":[${'{},'.repeat(20_000)}{}]}`;
    expect(await valuesOf(`[1,${deep(100_000)},2,${many},${deep(30)}]`)).toEqual([
      1,
      'the event is nested more than 31 deep',
      2,
      'the event holds more than 10000 values',
      JSON.parse(deep(30)),
    ]);
  });

  it('of 4 MiB of brackets makes no long stop', async () => {
    const bytes = 4 * 1024 * 1024;
    // Not parsed at all.
    expect(await valuesOf(`[${deep(bytes / 2 - 1)}]`)).toEqual(['the event is nested more than 31 deep']);
    // More than events could be.
    await expect(valuesOf(`[${'[],'.repeat(bytes / 3 - 1)}[]]`)).rejects.toBeInstanceOf(TooMany);
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const element = `[${'[],'.repeat(40)}[]]`;
    const elements = await arrayElements(Buffer.from(`[${`${element},`.repeat(29_000)}1]`));
    for await (const one of elements!) if (!('value' in one)) throw new Error(one.problem);
    clearInterval(timer);
    // Others had their turn meanwhile, however fast the machine.
    expect(turns).toBeGreaterThan(5);
  }, 60_000);

  it('one event that is too heavy is told apart from a long one', async () => {
    expect(await heavyProblem(Buffer.from(`{"a":"${'x'.repeat(900_000)}"}`))).toBeUndefined();
    expect(await heavyProblem(Buffer.from(deep(200_000)))).toMatch(/nested more/);
    expect(await heavyProblem(Buffer.from(`{"a":[${'1,'.repeat(200_000)}1]}`))).toMatch(/more than 10000 values/);
  });
});
