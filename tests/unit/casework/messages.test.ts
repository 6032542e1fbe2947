import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TIERS } from '../../../contract/codes.ts';
import type { MessageSetting } from '../../../contract/connectors.ts';
import { MESSAGE_DEFAULTS, MESSAGE_KINDS } from '../../../common/messages/constants.ts';
import type { InboxEntry } from '../../../contract/supervision.ts';
import { gather, recipientOf, WINDOW_MS } from '../../../server/casework/connectors/messages/gather.ts';
import { gatewayRequest } from '../../../server/casework/connectors/messages/gatewayRequest.ts';
import { quietUntil } from '../../../server/casework/connectors/messages/quietHours.ts';
import { messageFaults, needsKey } from '../../../common/messages/settingFaults.ts';
import { fillTemplate, parseTemplate } from '../../../common/messages/template.ts';
import { dueWords, namesEmployers, wordsOf } from '../../../server/casework/connectors/messages/wording.ts';
import { casePack } from '../../support/casework.ts';
import { messageDraft, settingOf } from '../../../web/admin/messageDraft.ts';

/** Messages to people: pure parts (docs/casework.md §4, Messages to people). */

const MINUTE = 60_000;
const at = (text: string) => Date.parse(`2026-11-${text}+08:00`);
const url = 'https://gateway.example.cn/send';
const setting = (more: Partial<MessageSetting> = {}): MessageSetting => ({ kind: 'message', url, ...more });
const entry = (ms: number, more: Partial<InboxEntry> = {}): InboxEntry => ({
  id: `${ms}-0`,
  kind: 'reminder',
  at: new Date(ms).toISOString(),
  alertId: 'A-1',
  tier: 'orange',
  town: '330110010',
  stage: 'dispatched',
  dueAt: '2026-11-28T17:00:00+08:00',
  unit: 'brigade',
  ...more,
});
const unit = (code: string, phone?: string) => ({
  code,
  name: { 'zh-CN': `某${code}队`, en: code },
  platform: 'tri-colour' as const,
  kind: 'brigade' as const,
  ...(phone === undefined ? {} : { phone }),
});
const pack = casePack({ units: [unit('brigade', '0571-0000 0001'), unit('street')] });
const by = { pack, employerOf: (alertId: string) => `某${alertId}公司` };

describe('a template', () => {
  const names = ['alert', 'due'];
  it.each([
    ['{alert} 至 {due}', 'A 至 D'],
    ['{{"a":"{alert}"}}', '{"a":"A"}'],
    ['无', '无'],
    ['{alert}{alert}', 'AA'],
  ])('%s becomes %s', (text, filled) => {
    const values: Record<string, string> = { alert: 'A', due: 'D' };
    expect(fillTemplate(parseTemplate(text, names), (name) => values[name]!)).toBe(filled);
  });

  it.each([
    ['预警{alret}', 'has {alret} at character 3, which is no placeholder here: there are {alert} {due}'],
    ['😀{x}', 'has {x} at character 2'],
    ['{', 'has a { at character 1 that is not ended'],
    ['a{alert', 'has a { at character 2 that is not ended'],
    ['{al{alert}', 'has a { at character 1 that is not ended'],
    ['a}', 'has a } at character 2 that ends nothing'],
    ['{}', 'has {} at character 1'],
    ['{toString}', 'has {toString} at character 1'],
  ])('%s is refused with where', (text, problem) => {
    expect(() => parseTemplate(text, names)).toThrow(problem);
  });

  it('says any text again that has no braces, and any with its braces doubled', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const doubled = text.replace(/[{}]/g, '$&$&');
        expect(fillTemplate(parseTemplate(doubled, names), () => '!')).toBe(text);
      }),
    );
  });
});

describe('quiet hours', () => {
  const night = { from: '22:00', to: '07:30' };
  it.each([
    ['27T21:59:59.999', undefined],
    ['27T22:00:00', '28T07:30:00'],
    ['28T00:00:00', '28T07:30:00'],
    ['28T07:29:59.999', '28T07:30:00'],
    ['28T07:30:00', undefined],
    ['28T12:00:00', undefined],
  ])('over midnight: at %s until %s', (now, end) => {
    expect(quietUntil(night, at(now))).toBe(end && at(end));
  });
  it.each([
    ['28T12:00:00', '28T14:00:00'],
    ['28T14:00:00', undefined],
    ['28T11:59:59', undefined],
  ])('at noon: at %s until %s', (now, end) => {
    expect(quietUntil({ from: '12:00', to: '14:00' }, at(now))).toBe(end && at(end));
  });
});

describe('gathering', () => {
  it('waits a minute for more to the same recipient, and puts all of it in one message', () => {
    const [first, second] = [entry(at('28T10:00:00')), entry(at('28T10:00:30'), { alertId: 'A-2' })];
    const other = entry(at('28T10:00:40'), { unit: 'street' });
    expect(gather([first, second, other], at('28T10:00:59'), setting())).toEqual({
      messages: [],
      stay: [first, second, other],
    });
    expect(gather([first, second, other], at('28T10:01:00'), setting())).toEqual({
      messages: [{ to: { unit: 'brigade' }, red: false, entries: [first, second] }],
      stay: [other],
    });
  });

  it('sends what is red at once and by itself, also at night; all else waits for the morning', () => {
    const quiet = { from: '22:00', to: '07:00' };
    const [red, orange] = [entry(at('27T23:00:00'), { kind: 'red', tier: 'red' }), entry(at('27T21:59:30'))];
    expect(gather([orange, red], at('27T23:00:00'), setting({ quiet }))).toEqual({
      messages: [{ to: { unit: 'brigade' }, red: true, entries: [red] }],
      stay: [orange],
    });
    expect(gather([orange], at('28T06:59:59'), setting({ quiet })).messages).toEqual([]);
    expect(gather([orange], at('28T07:00:00'), setting({ quiet })).messages).toHaveLength(1);
  });

  it('tells leaders of drafts, officers of what no unit has, and neither without a number', () => {
    const draft = entry(0, { kind: 'draft' });
    const ofNobody = entry(0);
    delete ofNobody.unit;
    expect([recipientOf(draft, setting()), recipientOf(ofNobody, setting())]).toEqual([undefined, undefined]);
    const phones = { officers: '0571-1', leaders: '0571-2' };
    expect(recipientOf(draft, setting({ phones }))).toEqual({ role: 'leaders' });
    expect(recipientOf(ofNobody, setting({ phones }))).toEqual({ role: 'officers' });
    expect(recipientOf(entry(0), setting({ kinds: ['red', 'urge'] }))).toBeUndefined();
    expect(recipientOf(entry(0), setting({ tiers: ['red'] }))).toBeUndefined();
    expect(recipientOf(entry(0), setting({ tiers: ['orange'] }))).toEqual({ unit: 'brigade' });
  });

  it('puts each wanted entry in exactly one message, none in quiet hours but red, and never two where one would do', () => {
    const start = at('25T00:00:00');
    const happening = fc.record({
      minute: fc.integer({ min: 0, max: 3 * 24 * 60 }),
      kind: fc.constantFrom(...MESSAGE_KINDS),
      tier: fc.constantFrom(...TIERS),
      unit: fc.constantFrom('brigade', 'street', undefined),
    });
    const hour = fc.integer({ min: 0, max: 23 }).map((n) => `${String(n).padStart(2, '0')}:30`);
    fc.assert(
      fc.property(
        fc.array(happening, { maxLength: 60 }),
        fc.array(fc.integer({ min: 1, max: 8 * 60 * 10 }), { minLength: 5, maxLength: 60 }),
        fc.option(fc.record({ from: hour, to: hour }), { nil: undefined }),
        fc.boolean(),
        (happenings, pauses, quiet, leaders) => {
          if (quiet && quiet.from === quiet.to) return;
          const wanted = setting({ ...(quiet ? { quiet } : {}), ...(leaders ? { phones: { leaders: '110' } } : {}) });
          const inbox = [...happenings]
            .sort((a, b) => a.minute - b.minute)
            .map(({ minute, kind, tier, unit: of }, i) => {
              const one = entry(0, { id: `${start + minute * MINUTE}-${i}`, kind, tier });
              if (of === undefined) delete one.unit;
              else one.unit = of;
              return one;
            });
          const msOf = ({ id }: InboxEntry) => Number(id.split('-')[0]);
          // By hand from the rule: minutes of the day between the two times.
          const isQuiet = (now: number) => {
            if (!quiet) return false;
            const [begins, ends] = [quiet.from, quiet.to].map((text) => Number(text.slice(0, 2)) * 60 + 30);
            const minute = Math.floor((now - start) / MINUTE) % (24 * 60);
            return begins! < ends! ? minute >= begins! && minute < ends! : minute >= begins! || minute < ends!;
          };
          const sent = new Map<string, number>();
          let waiting: InboxEntry[] = [];
          let read = 0;
          let now = start;
          // The last looks are a day after all has happened.
          for (const pause of [...pauses, 5 * 24 * 600, 12 * 600, 600, 600]) {
            now += pause * 6_000;
            while (read < inbox.length && msOf(inbox[read]!) <= now) waiting.push(inbox[read++]!);
            const { messages, stay } = gather(waiting, now, wanted);
            const recipients = new Set<string>();
            for (const { to, red, entries } of messages) {
              if (!red) expect(isQuiet(now)).toBe(false);
              const name = JSON.stringify([to, red]);
              expect(recipients.has(name)).toBe(false);
              recipients.add(name);
              expect(entries.map(msOf)).toEqual(entries.map(msOf).sort((a, b) => a - b));
              if (!red) expect(now - msOf(entries[0]!)).toBeGreaterThanOrEqual(WINDOW_MS);
              for (const { id, tier } of entries) {
                expect(sent.has(id)).toBe(false);
                expect(tier === 'red').toBe(red);
                sent.set(id, now);
              }
            }
            // What is red never waits.
            expect(stay.every(({ tier }) => tier !== 'red')).toBe(true);
            waiting = stay;
          }
          const forSomebody = inbox.filter(({ kind, unit: of }) => (kind === 'draft' ? leaders : of !== undefined));
          const quietAtEnd = isQuiet(now) && isQuiet(now - 60 * MINUTE);
          if (!quietAtEnd) expect([...sent.keys()].sort()).toEqual(forSomebody.map(({ id }) => id).sort());
        },
      ),
      { numRuns: 200 },
    );
  });

  it('splits what is too much for one message', () => {
    const many = Array.from({ length: 250 }, (_, i) => entry(0, { id: `0-${i}` }));
    const { messages } = gather(many, at('28T10:00:00'), setting());
    expect(messages.map(({ entries }) => entries.length)).toEqual([100, 100, 50]);
  });
});

describe('the words of a message', () => {
  const words = (entries: InboxEntry[], more: Partial<MessageSetting> = {}) =>
    wordsOf({ to: { unit: 'brigade' }, red: false, entries }, setting(more), by);

  it('are tier, town, stage, term and id, and no name of an employer unless a template asks for it', () => {
    const town = pack.towns.find(({ code }) => code === '330110010')!.name['zh-CN'];
    expect(words([entry(0)])).toBe(`【欠薪预警】临期提醒：橙色预警A-1（${town}），待受理，时限11月28日17:00。`);
    expect(words([entry(0), entry(1, { alertId: 'A-2', kind: 'urge', rung: 'past', tier: 'red' })])).toBe(
      `【欠薪预警】某brigade队有2项提醒：临期提醒A-1（橙色，${town}，时限11月28日17:00）；超期催办A-2（红色，${town}，时限11月28日17:00）。`,
    );
    // What somebody urges need not be late.
    expect(words([entry(0, { kind: 'urge' })])).toContain('】催办：橙色预警A-1');
    for (const template of [MESSAGE_DEFAULTS.text, MESSAGE_DEFAULTS.line, MESSAGE_DEFAULTS.digest])
      expect(template).not.toContain('employer');
    expect([namesEmployers(setting()), namesEmployers(setting({ line: '{employer}' }))]).toEqual([false, true]);
    expect(words([entry(0)], { text: '{employer}' })).toBe('某A-1公司');
    // A name is one line, and turns nothing round that stands beside it.
    expect(words([entry(0, { alertId: 'A\n\u202e1' })], { text: '{alert}，{employer}，{tier}' })).toBe(
      '\u2068A \u202e1\u2069，\u2068某A \u202e1公司\u2069，橙色',
    );
  });

  it('name ten of a digest, and say that there are more', () => {
    const many = Array.from({ length: 12 }, (_, i) => entry(i, { alertId: `A${i}` }));
    expect(words(many, { digest: '{count}：{lines}', line: '{alert}' })).toBe(
      '12：A0；A1；A2；A3；A4；A5；A6；A7；A8；A9等',
    );
  });

  it.each([
    ['2026-11-28T17:05:00+08:00', '11月28日17:05'],
    ['2026-11-29T00:00:00+08:00', '11月28日24:00'],
    ['2026-11-28T16:00:00Z', '11月28日24:00'],
    ['2027-01-01T00:01:00+08:00', '1月1日00:01'],
    [undefined, '未定'],
  ])('give the term %s as %s', (dueAt, said) => {
    expect(dueWords(dueAt)).toBe(said);
  });
});

describe('what a gateway gets', () => {
  const parts = {
    id: 'message/330110/1-0',
    to: { unit: 'brigade' },
    text: '他说"好"\n{to}',
    count: 1,
    region: '330110',
    now: at('28T10:00:00'),
    key: 'k-1',
  };

  it('is the number of the unit and the text; of a unit without a number its code', () => {
    expect(gatewayRequest(setting(), parts, pack)).toEqual({
      headers: {},
      body: JSON.stringify({ to: '0571-0000 0001', text: parts.text, id: parts.id }),
    });
    const street = gatewayRequest(setting(), { ...parts, to: { unit: 'street' } }, pack);
    expect(JSON.parse(street.body)).toMatchObject({ to: 'street' });
    const leaders = { ...parts, to: { role: 'leaders' } as const };
    const body = JSON.parse(gatewayRequest(setting({ phones: { leaders: '0571-2' } }), leaders, pack).body) as object;
    expect(body).toMatchObject({ to: '0571-2' });
    expect(JSON.parse(gatewayRequest(setting(), { ...parts, number: '138' }, pack).body)).toMatchObject({ to: '138' });
  });

  it('has any letters of a phone in a header, be it half of one, as a header can have them', () => {
    const odd = { ...pack, units: [unit('brigade', '😀密\ud83d 1')] };
    const { headers } = gatewayRequest(setting({ headers: { 'X-To': '{to}' } }), parts, odd);
    expect(headers).toEqual({ 'X-To': '%F0%9F%98%80%E5%AF%86%EF%BF%BD 1' });
  });

  it('is nothing where there is nobody to send it to', () => {
    const leaders = { ...parts, to: { role: 'leaders' } as const };
    expect(() => gatewayRequest(setting({ phones: { officers: '0571-2' } }), leaders, pack)).toThrow(
      'there is no number of 负责人',
    );
  });

  it('has the shape that the gateway wants, with its key, and no text can break out of it', () => {
    const shape = setting({
      headers: { Authorization: 'Bearer {key}', 'X-Unit': '{unit} {count}' },
      body: {
        mobiles: ['{to}'],
        msg: { type: 1, ok: true, none: null, content: '{{"content":"{text.json}"}}' },
        at: '{time}',
        who: '{role} {unit.name}',
      },
    });
    const { headers, body } = gatewayRequest(shape, parts, pack);
    expect(headers).toEqual({ Authorization: 'Bearer k-1', 'X-Unit': 'brigade 1' });
    const got = JSON.parse(body) as { msg: { content: string } };
    expect(got).toMatchObject({
      mobiles: ['0571-0000 0001'],
      msg: { type: 1, ok: true, none: null },
      at: '2026-11-28T10:00:00+08:00',
      who: 'unit 某brigade队',
    });
    expect(JSON.parse(got.msg.content)).toEqual({ content: parts.text });
  });
});

describe('a setting', () => {
  it('of the shipped templates is faultless', () => {
    expect(messageFaults(setting({ ...MESSAGE_DEFAULTS, headers: { 'X-Key': '{key}' } }))).toEqual([]);
  });

  it.each<[Partial<MessageSetting>, string, string]>([
    [{ text: '{alret}' }, 'text', 'has {alret} at character 1'],
    [{ digest: '{alert}' }, 'digest', 'there are {count} {lines} {unit}'],
    [{ body: { a: { b: ['x', '{tex}'] }, c: '{text}' } }, 'body/a/b/1', 'has {tex}'],
    [{ body: { a: '{to}' } }, 'body', 'has {text} nowhere'],
    [{ body: { a: '{{text}} {{text.json}}' } }, 'body', 'has {text} nowhere'],
    [{ text: 'a\ud800b' }, 'text', 'holds half of a character'],
    [{ body: { text: `{text}${'x'.repeat(4_000)}` } }, 'body', 'has more than 4000 characters'],
    [{ headers: { 'X-A': '{text}' } }, 'headers/X-A', 'has {text}'],
    [{ headers: { 'X A': 'a' } }, 'headers/X A', 'is no name of a header field'],
    [{ headers: { 'Webhook-Id': 'a' } }, 'headers/Webhook-Id', 'is set by the program itself'],
    [{ headers: { 'Content-Length': '1' } }, 'headers/Content-Length', 'is set by the program itself'],
    [{ headers: { a: '1', A: '2' } }, 'headers/A', 'is there twice'],
    [{ headers: { a: '密' } }, 'headers/a', 'may have printable ASCII only'],
    [{ headers: { a: 'x\r\nb: 1' } }, 'headers/a', 'may have printable ASCII only'],
    [{ quiet: { from: '22:00', to: '22:00' } }, 'quiet', 'begins as it ends'],
  ])('%j is refused with where and what', (more, path, problem) => {
    const [fault] = messageFaults(setting(more));
    expect(fault!.path).toBe(path);
    expect(fault!.problem).toContain(problem);
  });

  it('is refused in words where its body is nested without end, and only that is said of it', () => {
    let deep: Record<string, unknown> = { text: '{text}' };
    for (let i = 0; i < 50_000; i++) deep = { a: deep };
    const body = { a: '{to}', deep };
    expect(messageFaults(setting({ body }))).toEqual([
      { path: 'body/deep/a/a/a/a/a/a/a/a', code: 'deep', problem: 'is nested more than 8 deep' },
    ]);
    expect(needsKey(setting({ body }))).toBe(false);
    const { faults } = settingOf({ ...messageDraft(undefined), body: '{"a":'.repeat(5_000) + '1' + '}'.repeat(5_000) });
    expect(faults).toMatchObject([{ code: 'deep' }]);
  });

  it('is judged alike in browsers that do not know isWellFormed', () => {
    const own = Object.getOwnPropertyDescriptor(String.prototype, 'isWellFormed')!;
    Object.defineProperty(String.prototype, 'isWellFormed', { ...own, value: undefined });
    try {
      expect(messageFaults(setting({ text: '\ud83d\ude00' }))).toEqual([]);
      expect(messageFaults(setting({ text: '\ude00\ud83d' }))).toMatchObject([{ path: 'text', code: 'half' }]);
    } finally {
      Object.defineProperty(String.prototype, 'isWellFormed', own);
    }
  });

  it('needs a key where a template asks for it', () => {
    expect(needsKey(setting())).toBe(false);
    expect(needsKey(setting({ headers: { a: '{key}' } }))).toBe(true);
    expect(needsKey(setting({ body: { a: [{ b: '{key}' }], text: '{text}' } }))).toBe(true);
    // Braces, and what is no template.
    expect(needsKey(setting({ headers: { a: '{{key}}', b: '{key} {' }, body: { a: '{{key}}' } }))).toBe(false);
  });
});
