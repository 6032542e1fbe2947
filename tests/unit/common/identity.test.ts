import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { enterpriseKey, normalName, normalUscc, searchText, usccFault } from '../../../common/identity.ts';

const SYMBOLS = '0123456789ABCDEFGHJKLMNPQRTUWXY';
/** The check character by GB 32100, worked out from the definition. */
function checkOf(body: string): string {
  const sum = [...body].reduce((n, symbol, i) => n + BigInt(SYMBOLS.indexOf(symbol)) * 3n ** BigInt(i), 0n);
  return SYMBOLS[Number((31n - (sum % 31n)) % 31n)]!;
}
const body = fc.array(fc.constantFrom(...SYMBOLS), { minLength: 17, maxLength: 17 }).map((all) => all.join(''));

describe('a uscc', () => {
  it('is one however it is written', () => {
    for (const one of [
      '91330110MA2B0C1D2E',
      '91330110ma2b0c1d2e',
      ' 91330110 MA2B 0C1D2E\t',
      '９１３３０１１０ＭＡ２Ｂ０Ｃ１Ｄ２Ｅ',
      '91330110\u3000MA2B\u00a00C1D2E\u0085',
      '９１３３０１１０ｍａ２ｂ０ｃ１ｄ２ｅ',
    ])
      expect(normalUscc(one), JSON.stringify(one)).toBe('91330110MA2B0C1D2E');
  });

  it('has no fault but a wrong form, or a wrong check character', () => {
    // Public ones: Alibaba (China) Co., Huawei Technologies Co.
    for (const real of ['91330100799655058B', '914403001922038216']) expect(usccFault(real), real).toBeUndefined();
    fc.assert(
      fc.property(body, fc.constantFrom(...SYMBOLS), (text, last) => {
        expect(usccFault(text + last)).toBe(last === checkOf(text) ? undefined : 'check');
      }),
    );
    for (const wrong of [
      '',
      '0',
      '无',
      '9133010079965505',
      '91330100799655058BB',
      '9133010079965505IB',
      '91330100799655058b',
    ])
      expect(usccFault(wrong), wrong).toBe('form');
  });
});

describe('a name', () => {
  it('is compared without regard to width and white space, and searched without regard to case', () => {
    expect(normalName('杭州 建工（余杭）　有限公司')).toBe(normalName('杭州建工(余杭)有限公司'));
    expect(normalName('ＡＢＣ餐饮')).toBe('ABC餐饮');
    expect(normalName('Acme')).not.toBe(normalName('ACME'));
    expect(searchText('Ａcme Co.')).toBe('acmeco.');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        expect(normalName(normalName(name))).toBe(normalName(name));
        expect(normalName(name)).not.toMatch(/\p{White_Space}/u);
      }),
    );
  });
});

describe('an employer', () => {
  it('is told by its uscc or, without one, by its name', () => {
    const key = enterpriseKey({ uscc: '91330100799655058B', name: '甲' });
    expect(enterpriseKey({ uscc: ' 91330100799655058b', name: '乙' })).toBe(key);
    expect(enterpriseKey({ name: '甲（余杭）' })).toBe(enterpriseKey({ name: ' 甲(余杭)' }));
    expect(enterpriseKey({ uscc: ' \u3000', name: '甲' })).toBe(enterpriseKey({ name: '甲' }));
    expect(enterpriseKey({ uscc: '0', name: '甲' })).toBe('0');
  });
});
