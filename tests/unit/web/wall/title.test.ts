import { describe, expect, it } from 'vitest';
import { titleOf } from '../../../../web/wall/title.ts';
import { manyTowns } from '../../../support/manyTowns.ts';
import { fixture } from '../../../support/webFixtures.ts';

const { pack } = fixture();
const TOWN = pack.towns[0]!;

describe('the title of the wall', () => {
  it.each([
    ['zh-CN', pack.code, ['余杭区'], '欠薪一体化预警态势'],
    ['en', pack.code, ['Yuhang'], /^Wage Arrears/],
    ['zh-CN', TOWN.code, ['余杭区', TOWN.name['zh-CN']], '欠薪一体化预警态势'],
    ['en', TOWN.code, ['Yuhang', TOWN.name.en], /^Wage Arrears/],
  ] as const)('names what is on show (%s, %s)', (lang, scope, places, subject) => {
    const title = titleOf(pack, pack.code, scope, lang);
    expect(title.places).toEqual(places);
    expect(title.subject).toMatch(subject);
  });

  it('names the place beside a title of the site’s own, which does not', () => {
    expect(titleOf(manyTowns, manyTowns.code, manyTowns.code, 'zh-CN')).toEqual({
      places: ['试验区'],
      subject: manyTowns.title['zh-CN'],
    });
  });

  it('names the town of a screen that may see no other', () => {
    expect(titleOf(pack, TOWN.code, TOWN.code, 'zh-CN').places).toEqual(['余杭区', TOWN.name['zh-CN']]);
  });

  it('is empty before the region is known', () => {
    expect(titleOf(undefined, '', '', 'zh-CN')).toEqual({ places: [], subject: '' });
  });
});
