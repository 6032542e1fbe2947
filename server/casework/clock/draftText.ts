import type { Stage, SupervisionLevel } from '../../../contract/codes.ts';
import { MAX_STRING } from '../../../contract/fields.ts';
import type { RegionPack } from '../../../contract/region.ts';
import type { Supervision } from '../../../contract/supervision.ts';
import { inSentence } from '../../../common/bidi.ts';
import { CODE_NAMES, type NameLang } from '../../../common/codeNames.ts';
import { dateOf, endOfTerm, isoDate, parseRfc3339 } from '../../../common/regionTime.ts';

/**
 * What a letter of supervision says, from the facts alone. A draft: a leader issues, changes or drops it. Like the names of codes it is
 * text that leaves the program, so it is made here and in both languages.
 */

type Words = {
  /** To whom it goes where officers must act. */
  office: string;
  duty: Record<Exclude<Stage, 'closed'>, string>;
  demand: Record<SupervisionLevel, string>;
  letter: (
    parts: Record<'to' | 'tier' | 'id' | 'enterprise' | 'workers' | 'yuan' | 'due' | 'day' | 'duty' | 'demand', string>,
  ) => string;
  day: (ms: number) => string;
  /** Hour and minute of a day. */
  time: (day: string, hour: number, minute: number) => string;
};

const two = (figure: number) => String(figure).padStart(2, '0');

const WORDS: Record<NameLang, Words> = {
  'zh-CN': {
    office: '根治欠薪工作专班',
    duty: {
      raised: '交派',
      dispatched: '受理',
      accepted: '处置',
      handled: '审核',
      audited: '归档',
    },
    demand: {
      notice: '请立即办理，并书面反馈办理情况和超期原因。',
      talk: '现拟约谈主要负责人，请当面说明超期原因、已采取的措施和办结时间。',
      circular: '拟予以通报。请限期办结，并报送整改情况。',
    },
    letter: ({ to, tier, id, enterprise, workers, yuan, due, day, duty, demand }) =>
      `${to}：${tier}预警 ${id}（${enterprise}，涉及${workers}人、${yuan}元）应于${due}前完成${duty}，截至${day}仍未完成。${demand}`,
    day: (ms) => {
      const { year, month, day } = dateOf(ms);
      return `${year}年${month}月${day}日`;
    },
    time: (day, hour, minute) => `${day}${hour}时${two(minute)}分`,
  },
  en: {
    office: 'Office for the elimination of wage arrears',
    duty: {
      raised: 'dispatched',
      dispatched: 'accepted',
      accepted: 'handled',
      handled: 'audited',
      audited: 'closed',
    },
    demand: {
      notice: 'Please act at once, and say in writing what has been done and why it is late.',
      talk: 'The head of the unit is to be asked in: please explain why it is late, what has been done, and when it will be settled.',
      circular:
        'This is to be made known in a circular. Please settle it within the term set, and report what has been put right.',
    },
    letter: ({ to, tier, id, enterprise, workers, yuan, due, day, duty, demand }) =>
      `${to}: ${tier} alert ${id} (${enterprise}; ${workers} ${workers === '1' ? 'person' : 'people'}, ${yuan} yuan) was to be ${duty} by ${due}, and by ${day} was not. ${demand}`,
    day: isoDate,
    time: (day, hour, minute) => `${day} ${two(hour)}:${two(minute)}`,
  },
};

/** Never longer than a text of an event may be. @param now epoch ms */
export function draftText(
  pack: RegionPack,
  { alertId, level, facts }: Pick<Supervision, 'alertId' | 'level' | 'facts'>,
  lang: NameLang,
  now: number,
): string {
  const words = WORDS[lang];
  const names = CODE_NAMES[lang];
  const unit = pack.units?.find(({ code }) => code === facts.unit);
  const parts = (enterprise: string) => ({
    to: unit?.name[lang] ?? words.office,
    tier: names.tiers[facts.tier],
    id: inSentence(alertId),
    enterprise: inSentence(enterprise),
    workers: String(facts.workers),
    yuan: yuanOf(facts.amountFen),
    due: dueText(parseRfc3339(facts.dueAt)!, words),
    day: words.day(now),
    duty: words.duty[facts.stage as Exclude<Stage, 'closed'>],
    demand: words.demand[level],
  });
  const whole = words.letter(parts(facts.enterprise.name));
  if (whole.length <= MAX_STRING) return whole;
  const room = Math.max(0, facts.enterprise.name.length - (whole.length - MAX_STRING) - 1);
  // Half of a character is none.
  const shortened = facts.enterprise.name.slice(0, room).replace(/\p{Cs}$/u, '');
  return words.letter(parts(`${shortened}…`)).slice(0, MAX_STRING);
}

/** A letter names the day alone where a term ends with it. */
function dueText(dueAt: number, words: Words): string {
  const { day, minutes } = endOfTerm(dueAt);
  if (minutes === 1_440) return words.day(day);
  return words.time(words.day(day), Math.floor(minutes / 60), minutes % 60);
}

function yuanOf(fen: number): string {
  const whole = Math.floor(fen / 100);
  const rest = fen % 100;
  return rest === 0 ? String(whole) : `${whole}.${two(rest)}`;
}
