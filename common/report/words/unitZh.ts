import { text } from '../../sentence/parts.ts';
import { countText, shareText, wanText } from '../numbers.ts';
import { fig, say } from '../say.ts';
import type { UnitWords } from './unitWords.ts';
import { changes, frozenNote, KINDS, momentText, NOW, rateChanges, spanNote, thens } from './zhPhrases.ts';

const DONE = { accepted: '受理', handled: '反馈办理结果' };

export const UNIT_ZH: UnitWords = {
  title: (unitName, kind) => `${unitName}欠薪预警办理${KINDS[kind]}`,
  addressee: '根治欠薪工作领导小组：',
  headings: { overview: '办理情况', towns: '交派分布', cases: '在办重点' },
  rows: {
    received: '接收交派（起）',
    accepted: '受理（起）',
    acceptedInTime: '其中按时受理（起）',
    acceptedLate: '其中超期受理（起）',
    acceptedRate: '受理按时率',
    handled: '反馈办理结果（起）',
    handledInTime: '其中按时反馈（起）',
    handledLate: '其中超期反馈（起）',
    handledRate: '办理按时率',
    handleDays: '平均办理用时（天）',
    extended: '延期（次）',
    audited: '结果经审核（起）',
    returned: '其中退回重办（起）',
    returnedRate: '退回率',
    recovered: '追回工资（万元）',
    recoveredWorkers: '追回涉及劳动者（人次）',
    open: '在办（起）',
    overdue: '其中超期（起）',
    places: '有交派的镇街（个）',
  },
  columns: {
    received: '接收交派',
    handled: '反馈结果',
    late: '其中超期',
    returned: '退回重办',
    recovered: '追回（万元）',
    due: '办理期限',
  },
  tables: {
    overview: '主要指标',
    held: '冻结数据时在办情况',
    towns: '按镇街',
    cases: '超期、等级高、金额大的在办预警',
  },
  chart: '接收交派与反馈结果走势（起）',
  chartNames: { received: '接收交派', handled: '反馈结果' },
  late: '（超期）',
  why: {
    inTime: {
      noRate: '本项没有发生',
      smallRate: '基数不足10起，不作比较',
      points: '本期按时率 − 对比期按时率，单位为百分点',
    },
    returned: {
      noRate: '没有审核结论',
      smallRate: '审核不足10起，不作比较',
      points: '本期退回率 − 对比期退回率，单位为百分点',
    },
  },
  say: {
    received: (name, kind, whole, received) =>
      received.now === 0
        ? say`${NOW[kind]}${name}未接收交派${thens(received, kind, whole, '起', countText)}`
        : say`${NOW[kind]}${name}接收交派${fig(countText(received.now))}起${changes(received, kind, whole, '起')}`,
    inTime(what, rate, kind, whole, days) {
      const { part, all } = rate.now;
      if (all === 0) return [text(`${NOW[kind]}未${DONE[what]}`)];
      const small = all < 10 ? '（基数小）' : '';
      const took = days === undefined ? [] : say`；平均用时${fig(days)}天`;
      return say`${DONE[what]}${fig(countText(all))}起，其中按时${fig(countText(part))}起、超期${fig(countText(all - part))}起，按时率${fig(shareText(part, all))}${small}${rateChanges(rate, kind, whole)}${took}`;
    },
    extended: (count, kind) => (count === 0 ? [text(`${NOW[kind]}无延期`)] : say`经批准延期${fig(countText(count))}次`),
    returned(rate, kind, whole) {
      const { part, all } = rate.now;
      if (all === 0) return [text(`${NOW[kind]}无审核结论`)];
      if (part === 0)
        return say`办理结果经审核${fig(countText(all))}起，无退回${rateChanges(rate, kind, whole, '退回率')}`;
      const small = all < 10 ? '（基数小）' : '';
      return say`办理结果经审核${fig(countText(all))}起，其中退回重办${fig(countText(part))}起，退回率${fig(shareText(part, all))}${small}${rateChanges(rate, kind, whole)}`;
    },
    recovered: (money, shown, workers, kind, whole) =>
      money.now === 0
        ? say`${NOW[kind]}无追回工资登记${thens(money, kind, whole, '万元', wanText)}`
        : say`追回工资${fig(shown)}万元${changes(money, kind, whole, '万元')}；涉及劳动者${fig(countText(workers))}人次`,
    held: (at, open, overdue) =>
      open === 0
        ? say`截至${momentText(at)}，无在办预警`
        : overdue === 0
          ? say`截至${momentText(at)}，在办${fig(countText(open))}起，无超期`
          : say`截至${momentText(at)}，在办${fig(countText(open))}起，其中超期${fig(countText(overdue), 'overdue')}起`,
    towns(spread, share, all) {
      switch (spread.kind) {
        case 'none':
          return [text('本期各镇街均无交派')];
        case 'all':
          return [text(all === 1 ? `交派在${spread.key}` : `交派均在${spread.key}`)];
        case 'most':
          return say`交派集中在${spread.key}（${fig(countText(spread.count))}起，占${fig(share!)}）`;
        case 'lead':
          return spread.keys.length === 1
            ? say`交派最多的是${spread.keys[0]!}（${fig(countText(spread.count))}起，占${fig(share!)}）`
            : say`交派最多的是${spread.keys.join('和')}（各${fig(countText(spread.count))}起）`;
        case 'even':
          return say`交派分布在${fig(countText(spread.places))}个镇街`;
      }
    },
    cases: (listed) =>
      listed === 0
        ? [text('冻结数据时无在办预警')]
        : say`在办预警中，按是否超期、等级、金额列出${fig(countText(listed))}起`,
  },
  notes: (situation) => [
    spanNote(situation),
    frozenNote(situation),
    '各项按发生时间统计：接收交派含再次交派；受理、反馈是否超期，按当时有效的期限（含延期）认定；审核结论计入反馈结果的单位；追回工资计入登记时的承办单位。',
    '环比、同比＝（本期−对比期）÷对比期×100%，保留两位小数；对比期不足10起（人次）的，只列增减数；对比期为0的，不作比较。按时率、退回率的变化以百分点表示，任一期基数不足10起的不作比较。',
  ],
};
