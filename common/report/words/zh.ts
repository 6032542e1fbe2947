import { CODE_NAMES } from '../../codeNames.ts';
import { parseRfc3339 } from '../../regionTime.ts';
import { joined, text, type SentencePart } from '../../sentence/parts.ts';
import type { ReportKind } from '../../../contract/reportLimits.ts';
import type { RateFact } from '../facts.ts';
import { countText, shareText, wanText } from '../numbers.ts';
import { fig, say } from '../say.ts';
import type { ReportWords } from './words.ts';
import {
  changes,
  changesAt,
  day,
  frozenNote,
  KINDS,
  momentText,
  NOW,
  rateChanges,
  spanNote,
  spanText,
  thens,
  WHY,
} from './zhPhrases.ts';

const names = CODE_NAMES['zh-CN'];

function auditedSentence(rate: RateFact, kind: ReportKind, whole: boolean): SentencePart[] {
  const { part, all } = rate.now;
  if (all === 0) return [text(`${NOW[kind]}无审核结论`)];
  const small = all < 10 ? '（基数小）' : '';
  return say`审核${fig(countText(all))}起，其中有效预警${fig(countText(part))}起、误报${fig(countText(all - part))}起，预警有效率${fig(shareText(part, all))}${small}${rateChanges(rate, kind, whole)}`;
}

export const ZH: ReportWords = {
  lang: 'zh-CN',
  kinds: KINDS,
  title: (scopeName, kind) => `${scopeName}欠薪预警${KINDS[kind]}`,
  span: spanText,
  date: (at) => day(parseRfc3339(at)!).text,
  moment: momentText,
  addressee: '根治欠薪工作领导小组：',
  sender: (scopeName) => `${scopeName}欠薪一体化预警平台`,
  headings: {
    overview: '总体情况',
    areas: '区域分布',
    kinds: '行业与来源',
    loop: '处置闭环',
    cases: '重点预警',
    notes: '口径说明',
  },
  numbered: (n, heading) => `${'一二三四五六七八九十'[n - 1]}、${heading}`,
  areas: { district: '镇街', city: '区县', province: '地市' },
  columns: {
    indicator: '指标',
    now: '本期',
    previous: '上期',
    previousChange: '环比',
    lastYear: '去年同期',
    lastYearChange: '同比',
    raised: '新增',
    share: '占比',
    workers: '人数',
    amount: '金额（万元）',
    closed: '办结',
    recovered: '追回（万元）',
    open: '期末在办',
    industry: '行业',
    channel: '来源',
    stage: '环节',
    overdue: '其中超期',
    number: '序号',
    alert: '预警编号',
    tier: '等级',
    area: '所在地',
    raisedAt: '触发时间',
    recoveredOf: '已追回（万元）',
  },
  rows: {
    raised: '新增预警（起）',
    places: '有新增预警的地区（个）',
    workers: '涉及劳动者（人）',
    amount: '涉及金额（万元）',
    audited: '审核（起）',
    effective: '有效预警（起）',
    falseAlarm: '误报（起）',
    rate: '预警有效率',
    closed: '办结（起）',
    closeDays: '平均办结用时（天）',
    recovered: '追回工资（万元）',
    recoveredWorkers: '追回涉及劳动者（人次）',
    enterprisesPaid: '追回涉及企业（家）',
    open: '期末在办（起）',
    total: '合计',
    supervised: '督办未回复',
    corrected: '期末在办，按现有事实',
  },
  tierRow: (name) => `其中${name}（起）`,
  tables: {
    overview: '主要指标',
    areas: '各地情况',
    industries: '按行业',
    channels: '按来源',
    loop: '在办预警所处环节',
    cases: '等级最高、金额最大的预警',
  },
  charts: { trend: '新增预警（起，向上）与追回工资（向下）走势', areas: '各地新增预警（起）' },
  money: { unitFen: 1_000_000 },
  why: {
    nothing: '两期均为0，不作比较',
    noneBefore: '对比期为0，不作比较',
    smallRate: '审核不足10起，不作比较',
    ...WHY,
    notKept: '当时的环节与超期情况没有留存，事后无法还原',
    noRate: '没有审核结论',
    percent: '（本期 − 对比期）÷ 对比期 × 100%',
    difference: '本期 − 对比期（对比期不足10，只列增减数）',
    points: '本期有效率 − 对比期有效率，单位为百分点',
  },
  say: {
    raised(name, kind, whole, raised, red) {
      const { now } = raised;
      if (now === 0) return say`${NOW[kind]}${name}未新增欠薪预警${thens(raised, kind, whole, '起', countText)}`;
      const ofRed =
        red === undefined
          ? []
          : red === 0
            ? [text('（无红色预警）')]
            : red === now && now > 1
              ? [text('（均为红色）', 'red')]
              : red === now
                ? [text('（红色）', 'red')]
                : say`（其中红色${fig(countText(red), 'red')}起）`;
      return say`${NOW[kind]}${name}新增欠薪预警${fig(countText(now))}起${ofRed}${changes(raised, kind, whole, '起')}`;
    },
    concerned: (workers, amount) => say`涉及劳动者${fig(countText(workers))}人、金额${fig(amount)}万元`,
    audited: auditedSentence,
    closed(closed, days, kind, whole) {
      if (closed.now === 0) return say`${NOW[kind]}无办结${thens(closed, kind, whole, '起', countText)}`;
      const took = days === undefined ? [] : say`；平均用时${fig(days)}天`;
      return say`办结${fig(countText(closed.now))}起${changes(closed, kind, whole, '起')}${took}`;
    },
    recovered(money, shown, workers, enterprises, kind, whole) {
      if (money.now === 0) return say`${NOW[kind]}无追回工资登记${thens(money, kind, whole, '万元', wanText)}`;
      return say`追回工资${fig(shown)}万元${changes(money, kind, whole, '万元')}；涉及劳动者${fig(countText(workers))}人次、企业${fig(countText(enterprises))}家`;
    },
    open: (at, open, kind) =>
      open.now === 0
        ? say`截至${momentText(at)}，无在办预警`
        : say`截至${momentText(at)}，在办预警${fig(countText(open.now))}起${changesAt(open, kind, '起')}`,
    areas(spread, share, level, all) {
      switch (spread.kind) {
        case 'none':
          return [text(`本期各${ZH.areas[level]}均无新增预警`)];
        case 'all':
          return all === 1 ? [text(`新增预警在${spread.key}`)] : [text(`新增预警均在${spread.key}`)];
        case 'most':
          return say`新增预警集中在${spread.key}（${fig(countText(spread.count))}起，占${fig(share!)}）`;
        case 'lead':
          return spread.keys.length === 1
            ? say`新增预警最多的是${spread.keys[0]!}（${fig(countText(spread.count))}起，占${fig(share!)}）`
            : say`新增预警最多的是${spread.keys.join('和')}（各${fig(countText(spread.count))}起）`;
        case 'even':
          return say`新增预警分布在${fig(countText(spread.places))}个${ZH.areas[level]}`;
      }
    },
    kinds(what, spread, share) {
      const by = what === 'industry' ? '按行业看' : '按来源看';
      switch (spread.kind) {
        case 'all':
          return [text(`${by}，均为${spread.key}`)];
        case 'most':
        case 'lead': {
          const keys = spread.kind === 'most' ? [spread.key] : spread.keys;
          return keys.length === 1
            ? say`${by}，${keys[0]!}最多（${fig(countText(spread.count))}起，占${fig(share!)}）`
            : say`${by}，${keys.join('和')}最多（各${fig(countText(spread.count))}起）`;
        }
        default:
          return [];
      }
    },
    loop(state, late, corrected) {
      const at = momentText(state.at);
      const since = corrected === undefined ? [] : say`；其后有补报、更正，按现有事实为${fig(countText(corrected))}起`;
      const then = corrected === undefined ? '' : '当时登记的';
      if (state.open === 0) return say`截至${at}，${then === '' ? '' : '当时'}无在办预警${since}`;
      const where = late.map(([stage, count]) => say`${names.stages[stage]}${fig(countText(count))}起`);
      const overdue =
        state.overdue === 0
          ? [text('无超期')]
          : say`其中超期${fig(countText(state.overdue), 'overdue')}起（${joined(where, '、')}）`;
      const supervised = state.supervised === 0 ? [] : say`，督办未回复${fig(countText(state.supervised))}起`;
      return say`截至${at}，${then}在办${fig(countText(state.open))}起，${overdue}${supervised}${since}`;
    },
    loopMissing: () => [text('期末各环节与超期数量以“—”表示：当时的情况没有留存，事后无法还原')],
    cases: (listed) =>
      listed === 0
        ? [text('本期无新增预警')]
        : say`以下为新增预警中等级最高、金额最大的${fig(countText(listed))}起，环节为冻结数据时的情况`,
  },
  notes(situation) {
    const { state } = situation;
    return [
      spanNote(situation),
      frozenNote(situation),
      '环比、同比＝（本期−对比期）÷对比期×100%，保留两位小数；对比期不足10起（人、家）的，只列增减数；对比期为0的，不作比较。有效率＝有效预警÷（有效预警＋误报），其变化以百分点表示，任一期审核不足10起的不作比较。',
      'missing' in state
        ? '期末环节与超期以“—”表示：该时点没有留存的数据。'
        : state.source === 'kept'
          ? `环节与超期取自${momentText(state.at)}留存的画面。`
          : `环节与超期为${momentText(state.at)}冻结数据时的情况，期末时点没有另行留存。`,
    ];
  },
};
