import { expect, it } from 'vitest';
import { coresOf, genericWords, withoutName } from '../../../server/privacy/nameCores.ts';

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
  // Where nothing is left, the whole name does.
  ['杭州建筑有限公司', ['杭州建筑有限公司']],
  ['Hangzhou Acme Co., Ltd.', ['hangzhou', 'acme']],
])('%s is given away by %j', (name, expected) => {
  expect(cores(name)).toEqual(expected);
});

it('a text says a name by its single character with a neighbour, not by the character alone', () => {
  const name = coresOf('杭州鑫建筑有限公司', generic);
  expect(withoutName('州鑫欠薪', name)).not.toContain('鑫');
  expect(withoutName('鑫建欠薪', name)).not.toContain('鑫');
  expect(withoutName('金鑫路欠薪', name)).toBe('金鑫路欠薪');
});
