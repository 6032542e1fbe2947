import { levelOf } from '../divisions.ts';
import { countText, ratioText } from '../report/numbers.ts';
import { fig, say } from '../report/say.ts';
import type { Emphasis } from '../sentence/parts.ts';
import type { ChangeWords } from './words.ts';

const AREAS = { district: 'towns', city: 'districts', province: 'cities' };
const n = (value: number, emphasis?: Emphasis) => fig(countText(value), emphasis);
const yuan = (fen: number) => fig(fen % 100 === 0 ? countText(fen / 100) : ratioText(fen, 100), 'better');
const alerts = (count: number, kind = '') => `${kind}${count === 1 ? 'alert' : 'alerts'}`;

export const EN: ChangeWords = {
  raised(count, red) {
    if (count === 0) return say`No new alerts`;
    if (red === 0) return say`${n(count)} ${alerts(count, 'new ')}, ${count === 1 ? 'not' : 'none'} red`;
    if (red === count) return say`${n(count)} ${alerts(count, 'new ')}, ${count === 1 ? '' : 'all '}red`;
    return say`${n(count)} ${alerts(count, 'new ')}, ${n(red, 'red')} of them red`;
  },
  audited(count, effective) {
    if (count === 0) return say`No alerts audited`;
    if (effective === count) return say`${n(count)} ${alerts(count)} audited, ${count === 1 ? '' : 'all '}effective`;
    if (effective === 0)
      return say`${n(count)} ${alerts(count)} audited, ${count === 1 ? 'a false alarm' : 'all false alarms'}`;
    const wrong = count - effective;
    return say`${n(count)} ${alerts(count)} audited: ${n(effective)} effective, ${n(wrong)} false ${wrong === 1 ? 'alarm' : 'alarms'}`;
  },
  recovered(fen, workers) {
    if (fen === 0) return say`No wages recovered`;
    if (workers === 0) return say`¥${yuan(fen)} of wages recovered`;
    return say`¥${yuan(fen)} of wages recovered, in ${n(workers)} ${workers === 1 ? 'payment' : 'payments'} to workers`;
  },
  late: (count) => (count === 0 ? say`Nothing newly overdue` : say`${n(count, 'overdue')} newly overdue`),
  towns(fact, name, region) {
    switch (fact.kind) {
      case 'all':
        return say`${fact.count === 1 ? 'The new one is' : 'All new ones are'} in ${name(fact.code)}`;
      case 'most':
        return say`Most new ones in ${fact.towns.flatMap(({ code, count }, i) => say`${i > 0 ? ', ' : ''}${name(code)} (${n(count)})`)}`;
      case 'spread':
        return say`New ones in ${n(fact.towns)} ${AREAS[levelOf(region)]}`;
    }
  },
  open(now, then) {
    if (now === 0) return then === 0 ? say`No open alerts` : say`No open alerts, ${n(then)} before`;
    if (now === then) return say`${n(now)} open, as many as before`;
    return say`${n(now)} open, ${n(Math.abs(now - then))} ${now > then ? 'more' : 'fewer'} than before`;
  },
};
