/**
 * What contract §1 lets in, written down by hand from its words: no schema, no validator library, nothing of the
 * program. Only for judging what the program accepts.
 */

/** What the rules need of a region pack. */
export interface Places {
  region: string;
  towns: ReadonlySet<string>;
  tiers: ReadonlySet<string>;
}

type Fields = Record<string, unknown>;
type Rule = (value: unknown) => boolean;

const characters = (text: string) => [...text].length;
/** A lone surrogate is no character: it has no UTF-8 form. */
const LONE = /[\ud800-\udfff]/u;
const isText = (value: unknown): value is string =>
  typeof value === 'string' && characters(value) <= 500 && !LONE.test(value);
const text: Rule = (value) => isText(value) && value !== '';
const note: Rule = isText;
const whole =
  (most: number): Rule =>
  (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most;
const between =
  (least: number, most: number): Rule =>
  (value) =>
    typeof value === 'number' && value >= least && value <= most;
const oneOf =
  (words: string): Rule =>
  (value) =>
    typeof value === 'string' && words.split(' ').includes(value);
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Epoch ms of an RFC 3339 time, or undefined: by its grammar, and by a calendar that gives the same day back. */
export function momentOf(value: unknown): number | undefined {
  if (typeof value !== 'string' || value.length > 40) return undefined;
  const match = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(\.\d+)?([Zz]|[+-](\d{2}):(\d{2}))$/.exec(value);
  if (!match || match[0] !== value) return undefined;
  const [, date, hour, minute, second, fraction = '', zone, zoneHour = '00', zoneMinute = '00'] = match;
  if (
    Number(hour) > 23 ||
    Number(minute) > 59 ||
    Number(second) > 60 ||
    Number(zoneHour) > 23 ||
    Number(zoneMinute) > 59
  )
    return undefined;
  const midnight = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== date) return undefined;
  const offset = (Number(zoneHour) * 60 + Number(zoneMinute)) * (zone!.startsWith('-') ? -1 : 1);
  const leap = second === '60';
  return (
    midnight +
    (Number(hour) * 60 + Number(minute) - offset) * 60_000 +
    (leap ? 59_999 : Number(second) * 1000 + Math.floor(Number(`0${fraction}`) * 1000 + 1e-6))
  );
}
const moment: Rule = (value) => momentOf(value) !== undefined;
/** In the years 2000 to 2100 of Asia/Shanghai. */
const term: Rule = (value) => {
  const at = momentOf(value);
  if (at === undefined) return false;
  const year = new Date(at + 8 * 3_600_000).getUTCFullYear();
  return year >= 2000 && year <= 2100;
};

/** `name?` may be missing; anything not named is refused. */
function fields(rules: Record<string, Rule>): Rule {
  const table = new Map(
    Object.entries(rules).map(([name, rule]) => [name.replace('?', ''), { rule, needed: !name.endsWith('?') }]),
  );
  return (value) =>
    isFields(value) &&
    Object.keys(value).every((name) => table.get(name)?.rule(value[name]) ?? false) &&
    [...table].every(([name, { needed }]) => !needed || Object.hasOwn(value, name));
}
/** Without a minimum, it may be empty. */
const long =
  (least: number, most: number): Rule =>
  (value) =>
    typeof value === 'string' && characters(value) >= least && characters(value) <= most && !LONE.test(value);
const matching =
  (pattern: RegExp): Rule =>
  (value) =>
    typeof value === 'string' && pattern.exec(value)?.[0] === value;
const NAMED = /^[0-9A-Za-z][0-9A-Za-z._-]{0,39}$/;
const CHANNELS =
  'water electricity social-insurance petition penalty construction wage-account litigation dishonest opinion tax hotline grid arbitration layoff other';

function dataRules({ region, towns, tiers }: Places): Record<string, Rule> {
  const target = { alertId: text, region: (value: unknown) => value === region };
  const facts = {
    tier: (value: unknown) => tiers.has(value as string),
    town: (value: unknown) => towns.has(value as string),
    industry: oneOf('A B C D E F G H I J K L M N O P Q R S T'),
    channel: oneOf(CHANNELS),
    enterprise: fields({ 'uscc?': text, name: text }),
    workers: whole(1_000_000),
    amountFen: whole(1_000_000_000_000),
  };
  const more = {
    'project?': fields({ id: text, name: text }),
    'arrearsDays?': whole(36_500),
    'rule?': fields({ pack: matching(/^[0-9]{6}$/), version: matching(NAMED), id: matching(NAMED) }),
    'location?': fields({ lng: between(-180, 180), lat: between(-90, 90), 'crs?': oneOf('CGCS2000 WGS84 GCJ02 BD09') }),
  };
  const person = long(1, 100);
  const file = fields({
    digest: matching(/^sha256:[0-9a-f]{64}$/),
    name: long(1, 200),
    type: long(1, 100),
    bytes: whole(20 * 1024 * 1024),
  });
  const files: Rule = (value) => Array.isArray(value) && value.length <= 20 && value.every(file);
  const reasons = fields({ channel: oneOf(CHANNELS), text: note, 'weight?': between(-1000, 1000) });
  const maybe = Object.fromEntries(Object.entries(facts).map(([name, rule]) => [`${name}?`, rule]));
  return {
    'wage.alert.raised': fields({
      ...target,
      // Alerts of the rules are raised by the rules alone, those of the desk at the desk.
      alertId: (value: unknown) => text(value) && !/^(SG|DK)-/.test(value as string),
      ...facts,
      ...more,
      'score?': between(0, 1000),
      'reasons?': (value) => Array.isArray(value) && value.length <= 50 && value.every(reasons),
    }),
    'wage.alert.amended': fields({ ...target, ...maybe, ...more, 'reason?': note }),
    'wage.alert.dispatched': fields({
      ...target,
      platform: oneOf('four-platforms tri-colour other'),
      unit: text,
      'dueAt?': term,
      'note?': note,
    }),
    'wage.alert.accepted': fields({ ...target, unit: text, 'person?': person }),
    'wage.alert.handled': fields({ ...target, outcome: text, 'note?': note, 'attachments?': files }),
    'wage.alert.audited': fields({ ...target, verdict: oneOf('effective false-alarm returned'), 'note?': note }),
    'wage.alert.closed': fields({ ...target, 'resolution?': note }),
    'wage.case.noted': fields({ ...target, text: long(0, 2000), 'attachments?': files }),
    'wage.case.assigned': fields({ ...target, unit: text, 'person?': person }),
    'wage.case.extended': fields({ ...target, dueAt: term, reason: text }),
    'wage.case.urged': fields({ ...target, 'text?': note, 'rung?': text }),
    'wage.case.supervised': fields({
      ...target,
      level: oneOf('notice talk circular'),
      text,
      'dueAt?': term,
      'number?': long(1, 100),
    }),
    'wage.case.answered': fields({ ...target, text }),
    'wage.wages.recovered': fields({ ...target, amountFen: whole(1_000_000_000_000), workers: whole(1_000_000) }),
  };
}

/** `unsure`: its time is so near the bound that the two clocks may differ about it. */
export type Judgement = 'accept' | 'refuse' | 'unsure';

/** @param now epoch ms */
export function judgeOf(places: Places): (event: unknown, now: number) => Judgement {
  const data = new Map(Object.entries(dataRules(places)));
  const attributes = new Map<string, Rule>(
    Object.entries({
      specversion: (value) => value === '1.0',
      id: text,
      // The program's own come from inside alone.
      source: (value) => text(value) && !/^urn:wagewatch:/i.test(value as string),
      time: moment,
      subject: text,
      dataschema: text,
      type: (value) => typeof value === 'string' && data.has(value),
      datacontenttype: (value) =>
        isText(value) && /^application\/json[ \t]*($|;)/i.test(value) && !/[\n\r\u2028\u2029]/.test(value),
      data: isFields,
      // Who has made an event is known by who sends it.
      actor: () => false,
      platform: () => false,
    } satisfies Record<string, Rule>),
  );
  const extension: Rule = (value) =>
    isText(value) || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));
  return (event, now) => {
    if (!isFields(event)) return 'refuse';
    for (const name of ['specversion', 'id', 'source', 'type', 'time', 'data'])
      if (!Object.hasOwn(event, name)) return 'refuse';
    for (const [name, value] of Object.entries(event)) {
      // Null is unset, where it may be.
      const optional = ['subject', 'dataschema', 'datacontenttype', 'data_base64', 'actor', 'platform'].includes(name);
      if (value === null && (optional || (!attributes.has(name) && /^[a-z0-9]+$/.test(name)))) continue;
      const rule = attributes.get(name);
      if (rule ? !rule(value) : !(/^[a-z0-9]+$/.test(name) && extension(value))) return 'refuse';
    }
    if (!data.get(event.type as string)!(event.data)) return 'refuse';
    const at = momentOf(event.time)!;
    if (at < Date.UTC(2000, 0, 1)) return 'refuse';
    if (Math.abs(at - now - 300_000) < 60_000) return 'unsure';
    return at > now + 300_000 ? 'refuse' : 'accept';
  };
}
