import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskText } from '../../../server/privacy/maskText.ts';

describe('free text for displays', () => {
  it.each([
    ['联系人张建国，电话13812345678', /张建国|1381234/],
    ['负责人：欧阳娜娜 0571-88886666', /欧阳|8888/],
    ['工人李小龙等12人反映三个月未发', /李小龙/],
    ['身份证33010619900101123X', /3301061990/],
    ['身份证 ３３０１０６１９９００１０１１２３Ｘ', /3301061990|３３０１/],
    ['卡号 6222 0202 0000 1234 567', /6222|1234/],
    ['手机 138-1234-5678 或 +86 138 1234 5678', /1234/],
    ['zhang.san@example.com 来信', /zhang|example/],
    ['王先生来电', /王先生/],
    ['电话 13,812,345,678', /812/],
    ['工人阿依古丽反映三个月未发', /阿依|古丽/],
    ['负责人：买买提', /买买提/],
    ['经办人逄淼昨日来过', /逄|淼/],
    ['经查，王建军已离开', /王建军/],
    ['contact: John Smith asked', /John|Smith/],
    ['信用代码 91330110MA2SECRET1', /SECRET/],
  ])('%s', (text, personal) => {
    expect(maskText(text)).not.toMatch(personal);
  });

  it.each([
    '项目施工单位拖欠工资三个月',
    '用电量下降 45%，用水量下降 60%',
    '涉及 23 人，金额 345,600.00 元',
    '余杭区良渚街道',
    '2026-11-21 检查',
    '社保欠缴 3 个月',
    '安全生产许可证已过期',
    '金额较大，应尽快处理',
    '三个月未发；是否属实？属实：已立案！',
    '农民工工资专户余额不足',
  ])('leaves what names nobody: %s', (text) => {
    expect(maskText(text)).toBe(text);
  });

  it('lets no phone or identity number through, whatever stands around it', () => {
    const around = fc.string({
      unit: fc.constantFrom('某', '电', '话', '，', ' ', '(', ')', '：', 'a', '—', '1'),
      maxLength: 12,
    });
    const phone = fc
      .tuple(
        fc.constantFrom('3', '5', '7', '8', '9'),
        fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 9, maxLength: 9 }),
      )
      .map(([a, b]) => `1${a}${b}`);
    fc.assert(
      fc.property(around, phone, around, (before, number, after) => {
        expect(maskText(`${before}${number}${after}`)).not.toContain(number.slice(3));
      }),
      { numRuns: 500 },
    );
  });

  it('ends for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 500 }), (text) => {
        expect(typeof maskText(text)).toBe('string');
      }),
      { numRuns: 300 },
    );
  });
});
