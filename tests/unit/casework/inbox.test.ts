import { expect, it } from 'vitest';
import type { InboxEntry } from '../../../contract/supervision.ts';
import type { StoredEvent } from '../../../server/alerts/state.ts';
import { isFor, newsFor } from '../../../server/casework/clock/inboxRoute.ts';

/** Whom an entry of the inbox is for (docs/casework.md §3). */

const PEOPLE = {
  handler: { role: 'handler', unit: 'u1', id: 'h' },
  other: { role: 'handler', unit: 'u2', id: 'o' },
  officer: { role: 'officer', id: 'f' },
  unitOfficer: { role: 'officer', unit: 'u1', id: 'uf' },
  leader: { role: 'leader', id: 'l' },
  admin: { role: 'admin', id: 'a' },
} as const;
const person = (who: keyof typeof PEOPLE) => ({ kind: 'person', name: who, ...PEOPLE[who] }) as const;
const entry = (kind: InboxEntry['kind'], more: Partial<InboxEntry> = {}): InboxEntry => ({
  id: '1-0',
  kind,
  at: '2026-11-16T09:00:00+08:00',
  alertId: 'A',
  tier: 'yellow',
  town: '330110010',
  stage: 'accepted',
  unit: 'u1',
  ...more,
});
const told = (one: InboxEntry) =>
  (Object.keys(PEOPLE) as (keyof typeof PEOPLE)[]).filter((who) => isFor(person(who), one)).join(' ');
const noUnit = (kind: InboxEntry['kind']) => {
  const one = entry(kind);
  delete one.unit;
  return one;
};

it('news are for whoever has the case, a name for who has it and who had it, an answer for who demanded it', () => {
  for (const kind of ['returned', 'sent', 'extended'] as const) {
    expect(told(entry(kind))).toBe('handler unitOfficer admin');
    expect(told(entry(kind, { person: 'f' }))).toBe('handler officer unitOfficer admin');
    expect(told(noUnit(kind))).toBe('officer unitOfficer leader admin');
  }
  expect(told(entry('assigned', { person: 'h', formerly: 'uf' }))).toBe('handler unitOfficer');
  expect(told(noUnit('answered'))).toBe('officer unitOfficer leader admin');
  expect(told(entry('noted'))).toBe('handler officer unitOfficer admin');
  expect(told(entry('draft'))).toBe('leader admin');
  expect(told(entry('urge'))).toBe('handler officer unitOfficer leader admin');
});

it('nobody is told what they did themselves, and long words are cut', () => {
  const event: StoredEvent = {
    type: 'wage.case.noted',
    time: 0,
    source: 's',
    id: 'e',
    data: { text: 'x'.repeat(2_000) },
    by: { actor: 'h' },
  };
  expect(newsFor(person('handler'), entry('noted'), { kind: 'noted', event })).toBeUndefined();
  expect(newsFor(person('officer'), entry('noted'), { kind: 'noted', event })!.text).toHaveLength(200);
});
