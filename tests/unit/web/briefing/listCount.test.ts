import { expect, it } from 'vitest';
import { listCount } from '../../../../web/briefing/listCount.ts';

it('counts a list as far as it is known how many alerts fit', () => {
  const whole = { here: 3, total: 3, fit: 2 };
  const cut = { here: 500, total: 3_446, fit: 40 };
  expect(listCount({ list: 'raised', town: '330110010' }, true, whole)).toEqual({ kind: 'whole', total: 2 });
  expect(listCount({ list: 'raised' }, true, cut)).toEqual({ kind: 'cut', total: 3_446 });
  // 3,446 were raised in the district, not in the town.
  expect(listCount({ list: 'raised', town: '330110010' }, true, cut)).toEqual({ kind: 'partly' });
  // The server has narrowed it.
  expect(listCount({ list: 'raised', town: '330110010' }, false, cut)).toEqual({ kind: 'cut', total: 3_446 });
});
