import fc from 'fast-check';
import { expect, it } from 'vitest';
import { coresOf, genericWords, withoutName, type NameCores } from '../../../server/privacy/nameCores.ts';
import { plainText, skeletonOf, without } from '../../../server/privacy/plainText.ts';

const generic = genericWords(['杭州', '余杭']);
const cores = (name: string) => {
  const { letters, cores: found } = coresOf(name, generic);
  return found.map(([from, to]) => letters.slice(from, to).join(''));
};

it.each([
  // Any two characters of a core give it away.
  ['杭州锦程宏建筑有限公司', ['锦程', '程宏']],
  // A single one does with its neighbours, before and behind it.
  ['杭州鑫建筑有限公司', ['州鑫', '鑫建']],
  ['鑫建筑有限公司', ['鑫建']],
  ['余杭建筑鑫', ['筑鑫']],
  // Where nothing is left, the whole name does, but for its legal form.
  ['杭州建筑有限公司', ['杭州建筑']],
  ['余杭建工集团有限责任公司', ['余杭建工']],
  ['杭州公司', ['杭州公司']],
  ['Hangzhou Acme Co., Ltd.', ['hangzhou', 'acme']],
  ['İzmir Acme', ['izmir', 'acme']],
])('%s is given away by %j', (name, expected) => {
  expect(cores(name)).toEqual(expected);
});

it('a text says a name by its single character with a neighbour, not by the character alone', () => {
  const name = coresOf('杭州鑫建筑有限公司', generic);
  expect(withoutName('州鑫欠薪', name)).not.toContain('鑫');
  expect(withoutName('鑫建欠薪', name)).not.toContain('鑫');
  expect(withoutName('金鑫路欠薪', name)).toBe('金鑫路欠薪');
});

/** The same as it is meant: each core, wherever the text has it, with all of the name that goes on around it. */
function eachCore(text: string, { letters: name, cores: found }: NameCores): string {
  const { letters, at } = skeletonOf(text);
  const ranges = found.flatMap(([from, to]) =>
    letters.flatMap((_, i): [number, number][] => {
      if (name.slice(from, to).some((letter, k) => letters[i + k] !== letter)) return [];
      let first = 0;
      while (i > first && from > first && letters[i - first - 1] === name[from - first - 1]) first++;
      let last = to - from - 1;
      while (from + last + 1 < name.length && letters[i + last + 1] === name[from + last + 1]) last++;
      return [[at[i - first]!, at[i + last]! + letters[i + last]!.length - 1]];
    }),
  );
  return without(text, ranges);
}

it('takes out what each core would, whatever text and name are', () => {
  const text = fc.string({
    unit: fc.constantFrom(...'鑫锦程宏建筑杭州有限公司欠薪ab1', ' ', '·', '𠮷', 'İ', '\u200b'),
    maxLength: 40,
  });
  fc.assert(
    fc.property(text, text, (first, second) => {
      const name = coresOf(first, generic);
      for (const about of [second, `${second}${first}${second}`, first.slice(1) + second]) {
        const plain = plainText(about);
        expect(withoutName(plain, name)).toBe(eachCore(plain, name));
      }
    }),
    { numRuns: 2_000 },
  );
});

it('is done at once, also for one character again and again', () => {
  const name = coresOf('张'.repeat(500), generic);
  const begun = performance.now();
  for (let i = 0; i < 20; i++) expect(withoutName('张'.repeat(500), name)).toBe('***');
  // Core by core it is seconds for each.
  expect(performance.now() - begun).toBeLessThan(2_000);
});
