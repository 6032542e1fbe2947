import { levelOf } from '../divisions.ts';
import { countText, ratioText, wanText } from '../report/numbers.ts';
import { fig, say } from '../report/say.ts';
import type { Emphasis, SentencePart } from '../sentence/parts.ts';
import type { ChangeWords } from './words.ts';

const AREAS = { district: '个镇街', city: '个区县', province: '个地市' };
/** 10,000 yuan. */
const WAN_FEN = 1_000_000;
const n = (value: number, emphasis?: Emphasis) => fig(countText(value), emphasis);

function money(fen: number): SentencePart[] {
  if (fen >= WAN_FEN) return say`${fig(wanText(fen), 'better')} 万元`;
  return say`${fig(fen % 100 === 0 ? countText(fen / 100) : ratioText(fen, 100), 'better')} 元`;
}

export const ZH: ChangeWords = {
  raised(count, red) {
    if (count === 0) return say`没有新增预警`;
    if (red === 0) return say`新增预警 ${n(count)} 件，没有红色`;
    if (red === count) return say`新增预警 ${n(count)} 件，${count === 1 ? '为红色' : '均为红色'}`;
    return say`新增预警 ${n(count)} 件，其中红色 ${n(red, 'red')} 件`;
  },
  audited(count, effective) {
    if (count === 0) return say`没有审核预警`;
    if (effective === count) return say`审核 ${n(count)} 件，${count === 1 ? '' : '均'}为有效预警`;
    if (effective === 0) return say`审核 ${n(count)} 件，${count === 1 ? '' : '均'}为误报`;
    return say`审核 ${n(count)} 件，有效 ${n(effective)} 件，误报 ${n(count - effective)} 件`;
  },
  recovered(fen, workers) {
    if (fen === 0) return say`没有追回工资`;
    return workers === 0 ? say`追回工资 ${money(fen)}` : say`追回工资 ${money(fen)}，惠及 ${n(workers)} 人次`;
  },
  late: (count) => (count === 0 ? say`没有新增超期` : say`新增超期 ${n(count, 'overdue')} 件`),
  towns(fact, name, region) {
    switch (fact.kind) {
      case 'all':
        return say`新增${fact.count === 1 ? '' : '均'}在${name(fact.code)}`;
      case 'most':
        return say`新增最多的是${fact.towns.flatMap(({ code, count }, i) => say`${i > 0 ? '、' : ''}${name(code)}（${n(count)} 件）`)}`;
      case 'spread':
        return say`新增分布在 ${n(fact.towns)} ${AREAS[levelOf(region)]}`;
    }
  },
  open(now, then) {
    if (now === 0) return then === 0 ? say`没有在办预警` : say`没有在办预警，此前 ${n(then)} 件`;
    if (now === then) return say`在办 ${n(now)} 件，与此前持平`;
    return say`在办 ${n(now)} 件，比此前${now > then ? '多' : '少'} ${n(Math.abs(now - then))} 件`;
  },
};
