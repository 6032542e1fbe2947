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
    // All of a name, not the family name and half of the given one.
    ['联系人张建国，电话', /国/],
    ['法定代表人王化疼失联', /[王化疼]/],
    ['负责人：欧阳娜娜 来电', /娜/],
    ['张三丰先生来电', /[三丰]/],
    // In traditional characters.
    ['劉師傅反映三個月未發', /[劉刘]/],
    ['黃老闆失聯', /[黃黄]/],
    ['法人趙國慶已出逃', /[趙赵國国慶庆]/],
    ['負責人：吳國華', /[吳吴國国華华]/],
    // What people call each other.
    ['老张反映', /张/],
    ['小李投诉', /李/],
    ['包工头阿辉跑了', /辉/],
    ['包工头老王跑了', /王/],
    // Rarer family names, and such as are words.
    ['牛红梅来电', /红梅/],
    ['单晓明投诉', /晓明/],
    ['楼志伟投诉', /志伟/],
    ['解建国反映', /建国/],
    ['劳务员何平', /何平/],
    ['代理人方圆', /方圆/],
    // Other scripts.
    ['Мухаммад投诉', /Мухаммад/],
    ['ئابلىز反映', /ئابلىز/],
    ['김철수 投诉', /김/],
    ['Nguyễn Văn A 投诉', /Nguy|Văn/],
    // Ends of numbers, and numbers of accounts.
    ['身份证号后四位3456', /3456/],
    ['工行尾号5678', /5678/],
    ['QQ：123456', /123456/],
    // Plates and houses.
    ['车牌浙A12345', /12345/],
    ['浙A·D12345 的车主', /12345/],
    ['鲁H 88888', /88888/],
    ['住址：良渚街道古墩路1234号5幢3单元602室', /古墩|1234|602/],
    ['店在余杭区良渚街道玉鸟路18号', /玉鸟|18/],
    ['某小区12幢1单元301', /12|301/],
    // Other enterprises than those of the alert.
    ['大树建材经营部拖欠', /大树/],
    ['某某集团第五分公司拖欠', /第五/],
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
    '由工商行政管理部门核查',
    '3号楼工地停工，12月1号复工',
    '老板反映资金周转困难，老乡带头讨薪',
    '小区物业拖欠，小高层工地停工',
    '项目经理拖欠，股东变更，房东垫付',
    '查明后反映，相关人员反映',
    '良渚街道综合信息指挥室',
    '未缴社保，近 30 天用电 1,234 度',
    'QR code 与 APP 打卡',
    '木工班组带班人员反映，施工班组停工',
    '由总包方承担，与高新区核实，向施工方讨薪',
    '欠付工资三个月，户名有误',
    '项目部在12号楼，3号楼2层施工',
    '余杭街道1号桥工地，地铁5号线',
    '居住在工地宿舍，现住工棚',
  ])('leaves what names nobody: %s', (text) => {
    expect(maskText(text)).toBe(text);
  });

  it('takes names out where what stands beside them tells that somebody is meant, also such as are or begin with a word', () => {
    const names = '王子轩 高秀兰 程建国 石开心 万国庆 王磊 余胜利 张建国 欧阳娜娜 陈永发'.split(' ');
    const said =
      '由*承担 欠*工资3万元 转包给*个人 给*打工 据*讲 *手下的工人 经与*联系 已联系* *(电话13812345678) *,男,河南人 *承包的工程 *带班 向*讨薪 跟着*干活 *(包工头)拖欠 *班组12人 *所欠工资 户名* 收款人* 死者* 班组*等'.split(
        ' ',
      );
    const left = said
      .flatMap((text) => names.map((name) => text.replace('*', name)))
      .map((text) => [text, maskText(text)]);
    expect(left.filter(([, masked]) => names.some((name) => masked!.includes(name.slice(-2))))).toEqual([]);
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
