import { describe, expect, it } from 'vitest';
import { MAX_STRING } from '../../../contract/fields.ts';
import { DEFAULT_LADDER } from '../../../common/ladder.ts';
import { foldAlert, foldRulesOf } from '../../../server/alerts/fold.ts';
import type { StoredEvent } from '../../../server/alerts/state.ts';
import { draftId, rungId, speechOf, stageName } from '../../../server/casework/clock/speech.ts';
import { casePack } from '../../support/casework.ts';
import { SHIPPED } from '../terms/support.ts';

const pack = casePack();
const AT = Date.parse('2026-11-16T09:00:00+08:00');

/** What a rung says of an alert that was raised and then taken through some events. */
function said(rung: string, events: StoredEvent[], alertId = 'A1', enterprise = '某甲建筑劳务有限公司') {
  const raised: StoredEvent = {
    type: 'wage.alert.raised',
    time: AT,
    source: 'urn:test',
    id: 'r1',
    data: {
      tier: 'orange',
      town: '330110010',
      industry: 'E',
      channel: 'water',
      enterprise: { name: enterprise },
      workers: 3,
      amountFen: 1_250_005,
    },
  };
  const state = foldAlert(alertId, [raised, ...events], foldRulesOf(pack, SHIPPED))!;
  const stage = stageName(state, [raised, ...events]);
  return speechOf(
    pack,
    state,
    stage,
    { rung: DEFAULT_LADDER.find((one) => one.rung === rung)!, at: AT },
    state.dueAt,
    AT + 1,
  );
}
const dispatched = (unit: string): StoredEvent => ({
  type: 'wage.alert.dispatched',
  time: AT + 1,
  source: 'urn:test',
  id: 'd1',
  data: { platform: 'tri-colour', unit },
});
const accepted = (person?: string): StoredEvent => ({
  type: 'wage.alert.accepted',
  time: AT + 2,
  source: 'urn:test',
  id: 'a1',
  data: { unit: 'brigade', ...(person === undefined ? {} : { person }) },
});
const handled: StoredEvent = {
  type: 'wage.alert.handled',
  time: AT + 3,
  source: 'urn:test',
  id: 'h1',
  data: { outcome: 'other' },
};

describe('what the clock says', () => {
  it('goes to the unit and its person while it is with them, otherwise to officers', () => {
    expect(said('half', []).inbox).toMatchObject({
      kind: 'notice',
      stage: 'raised',
      dueAt: '2026-11-16T10:00:00+08:00',
    });
    expect(said('half', []).inbox.unit).toBeUndefined();
    expect(said('half', [dispatched('余杭区　劳动保障监察大队')]).inbox.unit).toBe('brigade');
    expect(said('half', [dispatched('brigade'), accepted('p7')]).inbox).toMatchObject({
      unit: 'brigade',
      person: 'p7',
    });
    expect(said('half', [dispatched('某不在册单位'), accepted('p7')]).inbox).not.toHaveProperty('unit');
    expect(said('half', [dispatched('brigade'), accepted('p7'), handled]).inbox).not.toHaveProperty('unit');
  });
  it('is an event where it urges, and a draft where it prepares one', () => {
    expect(said('half', [])).not.toHaveProperty('urged');
    expect(said('past', [dispatched('brigade')])).toMatchObject({
      urged: {
        alertId: 'A1',
        event: { type: 'wage.case.urged', id: 'A1/d1/past', source: 'urn:wagewatch:clock', data: { rung: 'past' } },
      },
    });
    const { draft, urged, inbox } = said('draft-talk', [dispatched('brigade')]);
    expect(urged).toBeUndefined();
    expect(inbox).toMatchObject({ kind: 'draft', level: 'talk', supervision: draft!.id });
    expect(draft!.text).toEqual({
      'zh-CN':
        '余杭区劳动保障监察大队：橙色预警 A1（某甲建筑劳务有限公司，涉及3人、12500.05元）应于2026年11月17日前完成受理，截至2026年11月16日仍未完成。现拟约谈主要负责人，请当面说明超期原因、已采取的措施和办结时间。',
      en: 'Yuhang District Labour Inspection Brigade: Orange alert A1 (某甲建筑劳务有限公司; 3 people, 12500.05 yuan) was to be accepted by 2026-11-17, and by 2026-11-16 was not. The head of the unit is to be asked in: please explain why it is late, what has been done, and when it will be settled.',
    });
  });
  it('tells the time of a term that does not end with a day', () => {
    const { text } = said('draft-notice', []).draft!;
    expect(text['zh-CN']).toContain('根治欠薪工作专班：橙色预警 A1');
    expect(text['zh-CN']).toContain('应于2026年11月16日10时00分前完成交派');
    expect(text.en).toContain('was to be dispatched by 2026-11-16 10:00');
  });
  it('names a stage by the event that led into it, and by its source where another has used its id', () => {
    const other: StoredEvent = { ...accepted('p7'), source: 'urn:other', id: 'd1' };
    const idOf = (events: StoredEvent[], alertId = 'A1') => said('past', events, alertId).urged!.event.id;
    expect(idOf([dispatched('brigade')])).toBe('A1/d1/past');
    const second = idOf([dispatched('brigade'), other]);
    expect(second).toMatch(/^A1\/[\w-]{16}\/past$/);
    const draft = (events: StoredEvent[]) => said('draft-talk', events).draft!.id;
    expect(draft([dispatched('brigade'), other])).not.toBe(draft([dispatched('brigade')]));
    // Two alerts of which one is named like the beginning of what is said of the other.
    expect(idOf([{ ...dispatched('brigade'), id: 'x/d1' }])).not.toBe(idOf([dispatched('brigade')], 'A1/x'));
    // What an earlier version has said of this stage by the id alone stays said; what it said of the one before does not count.
    const urged = (time: number): StoredEvent => ({
      type: 'wage.case.urged',
      time,
      source: 'urn:wagewatch:clock',
      id: 'A1/d1/past',
      data: { rung: 'past' },
    });
    expect(idOf([dispatched('brigade'), other, urged(other.time + 5)])).toBe('A1/d1/past');
    expect(idOf([dispatched('brigade'), other, urged(other.time - 1)])).toBe(second);
  });
  it('is one line, in which a name turns nothing round that stands beside it', () => {
    const { draft } = said('draft-notice', [], 'A1', '某\u202e公司\n\n现已结清。\u2028\u0000');
    for (const text of Object.values(draft!.text)) {
      expect(text).toContain('\u2068某\u202e公司 现已结清。 \u2069');
      expect(text).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
    }
  });
  it('is cut between characters', () => {
    for (const before of ['', '某']) {
      const { draft } = said('draft-notice', [], 'A1', before + '𠮷'.repeat(MAX_STRING / 2 - 1));
      for (const text of Object.values(draft!.text)) expect([text, text.isWellFormed()]).toEqual([text, true]);
    }
  });
  it('fits into an event, however long the names are', () => {
    const { draft } = said('draft-notice', [], 'A'.repeat(100), '某'.repeat(MAX_STRING));
    for (const text of Object.values(draft!.text)) {
      expect(text.length).toBeLessThanOrEqual(MAX_STRING);
      expect(text).toContain('某…');
    }
    const long = [rungId('A'.repeat(MAX_STRING), 'e', 'past'), rungId('A', 'e'.repeat(MAX_STRING), 'past')];
    for (const id of long) expect(id.length).toBeLessThanOrEqual(MAX_STRING);
    expect(new Set([...long, rungId('A', 'e'.repeat(MAX_STRING), 'half')]).size).toBe(3);
    expect(rungId('A', 'e', 'past')).toBe('A/e/past');
    expect(draftId('a/b', 'c', 'd')).not.toBe(draftId('a', 'b/c', 'd'));
  });
});
