import { describe, expect, it } from 'vitest';
import type { AlertDetail } from '../../../contract/rest.ts';
import { createMask, type Mask } from '../../../server/privacy/mask.ts';
import { reasonOf } from './support/reasons.ts';

/** Ten thousand reasons as people write them, and what a display gets of each (issue 15, item 25). */

const DIVISIONS = ['杭州市余杭区', '良渚街道', '瓶窑镇'];
const MASKS = (['industry', 'ends'] as const).map((names) => createMask({ names, least: 0, divisions: DIVISIONS }));

function shown(mask: Mask, text: string, enterprise: string, project = '某小区', before: object[] = []): AlertDetail {
  const detail: AlertDetail = {
    alertId: 'A',
    region: '330110',
    tier: 'red',
    town: '330110010',
    industry: 'E',
    channel: 'petition',
    stage: 'raised',
    enterprise: { name: enterprise, uscc: '91330110MA2SECRET1' },
    project: { id: 'P-1', name: project },
    workers: 3,
    amountFen: 100,
    raisedAt: '2026-11-21T10:00:00+08:00',
    overdue: false,
    recoveredFen: 0,
    changedAt: '2026-11-21T10:00:00+08:00',
    recoveries: [],
    conflicts: 0,
    reasons: [{ channel: 'petition', text }],
    events: before.map((data, i) => ({
      id: String(i),
      source: 'x',
      type: 'wage.alert.raised' as const,
      time: '2026-11-21T10:00:00+08:00',
      data: data as Record<string, unknown>,
    })),
  };
  return mask.detail(detail, 'masked');
}
const reasonShown = (text: string, enterprise: string, project?: string, before?: object[]): string =>
  shown(MASKS[0]!, text, enterprise, project, before).reasons[0]!.text;

const CHINESE = '零一二三四五六七八九';
/** What a reader gets of a text: letters and digits, each digit however it is written. */
const read = (text: string) =>
  text
    .normalize('NFKC')
    .replace(/[〇壹贰叁肆伍陆柒捌玖]/gu, (digit) => '零一二三四五六七八九'['〇壹贰叁肆伍陆柒捌玖'.indexOf(digit)]!)
    .replace(/[零一二三四五六七八九]/gu, (digit) => String(CHINESE.indexOf(digit)))
    .replace(/[^\p{L}\p{N}]/gu, '');

describe('reasons for displays', () => {
  it('give away no name, phone, identity or card number, of ten thousand', () => {
    const leaks: object[] = [];
    for (let seed = 1; seed <= 10_000; seed++) {
      const { text, enterprise, project, secrets } = reasonOf(seed);
      const got = reasonShown(text, enterprise, project);
      const plain = read(got);
      // Four digits of a number, the core of a name, all of a person's.
      const told = secrets.filter((secret) =>
        /^\d/.test(secret)
          ? plain.includes(secret.slice(3, 9)) || plain.includes(secret.slice(-6))
          : plain.includes(read(secret)),
      );
      if (told.length) leaks.push({ seed, text, got, told });
    }
    expect(leaks.slice(0, 5)).toEqual([]);
  });

  it.each([
    ['杭州余杭(良渚)宏达拖欠工资', /宏达|良渚/],
    ['杭州余杭（良渚）宏\u200b达拖欠工资', /宏|达/],
    ['宏达拖欠工资', /宏达/],
    ['宏 达 公司拖欠', /宏|达/],
    ['宏-达劳务拖欠', /宏|达/],
    ['宏達建築拖欠', /宏|達|达/],
    ['电话138/1234/5678', /1234|5678/],
    ['电话一三八一二三四五六七八', /三四五六/],
    ['电话壹叁捌壹贰叁肆伍陆柒捌', /叁肆伍陆/],
    ['电话１３８１２３４５６７８', /3456|３４/],
    ['电话 1️⃣3️⃣8️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣', /3.*4.*5.*6/],
    ['电话138，1234，5678', /1234/],
    ['电话 138a1234b5678，139转1234转5678', /1234|5678/],
    ['身份证 330106 19900101 123X', /19900101|123X/],
    ['卡号6222/0202/0000/1234/567', /0202|1234/],
    ['微信号 zhang_san88', /zhang/],
    ['工人阿依古丽反映未发工资', /阿依|古丽/],
    ['张三工资未付', /张三/],
    ['已付张三工资', /张三/],
    ['工人买买提·艾力来电', /买买提|艾力/],
    ['浙江中大路桥有限公司分包', /中大/],
    ['信用代码 9133 0110 MA2S ECRE T1', /ECRE/],
  ])('%s', (text, secret) => {
    expect(reasonShown(text, '杭州余杭（良渚）宏达建筑劳务有限公司')).not.toMatch(secret);
  });

  it.each([
    '项目施工单位拖欠工资三个月',
    '用电量下降 45%，用水量下降 60%，用气量下降 70%，开票额下降 80%',
    '涉及 23 人，金额 345,600.00 元',
    '工人集体讨薪，工人工资未发，工人食堂停用',
    '员工宿舍已退租，员工大会未开',
    '2026-11-21 10:30 检查，2025.06-2026.01 未缴',
    '2023、2024、2025 年均有欠薪',
    '一、二、三、四、五、六、七项均未整改',
    '负责人称资金周转困难',
    '法人变更，法定代表人失联',
    '余杭区良渚街道工地',
    '建筑劳务公司未按月足额支付',
    '农民工工资专户余额不足，分账比例 20%',
    '周三检查，周五复查',
    '工人 12 名，农民工 30 人，职工 8 人',
  ])('leaves what names nobody: %s', (text) => {
    expect(reasonShown(text, '杭州宏达建筑劳务有限公司')).toBe(text);
  });

  it('takes out the name of before an amendment, too', () => {
    const before = [{ enterprise: { name: '杭州旧名餐饮店' }, project: { id: 'P9', name: '老桥改造项目' } }];
    expect(reasonShown('旧名拖欠，老桥工地', '杭州宏达建筑有限公司', '某小区', before)).not.toMatch(/旧名|老桥/);
  });

  it('shows the same whichever way enterprises are named, and of the name its ends alone', () => {
    const name = '\u200b（良渚）宏达建筑劳务有限公司';
    for (const mask of MASKS) {
      const text = JSON.stringify(shown(mask, '（良渚） 宏达 拖欠，李小龙', name));
      expect(text).not.toMatch(/宏达|小龙|SECRET|\u200b/);
      expect(text).toContain('拖欠');
    }
  });
});
