import { describe, expect, it } from 'vitest';
import type { RulePack } from '../../../../contract/rulePack.ts';
import type { AssessmentView } from '../../../../contract/signals.ts';
import type { ShownObservation, Sources } from '../../../../contract/subjects.ts';
import { isoDate } from '../../../../common/regionTime.ts';
import { isSilent, silentChannels } from '../../../../web/shell/silence.ts';
import { channelBars, scoreLine } from '../../../../web/subjects/portraitParts.ts';
import { rulesOf } from '../../../support/signals.ts';

const pack: RulePack = {
  ...rulesOf('1'),
  channels: { petition: { cap: 30 }, hotline: { cap: 100 }, water: { cap: 30 }, tax: { cap: 20 } },
};
const indicator = (code: string, points: number): AssessmentView['indicators'][number] => ({
  code,
  measure: 1,
  points,
  since: '2026-11-01T08:00:00+08:00',
  until: '2026-12-30',
  count: 1,
  value: 1,
  workers: 0,
  amountFen: 0,
});
const assessment: AssessmentView = {
  day: '2026-11-21',
  pack: '330110',
  version: '1',
  score: 40,
  watch: true,
  channels: 2,
  channelPoints: { petition: 30, hotline: 10 },
  indicators: [indicator('petition.received', 40), indicator('hotline.call', 10)],
  workers: 0,
  amountFen: 0,
  months: 0,
};
const spoken = (state: 'ok' | 'late' | 'silent' | 'never') => ({ state, today: 0, days: {}, everyDays: 7 });
const sources: Sources = {
  region: '330110',
  at: '2026-11-21T08:00:00+08:00',
  channels: {
    petition: spoken('silent'),
    hotline: spoken('ok'),
    water: spoken('ok'),
    tax: spoken('never'),
    other: { state: 'never', today: 0, days: {} },
  },
  sources: [],
  rejects: {},
};
const observation = (code: string, id: string): ShownObservation => ({
  indicator: code,
  ref: '',
  time: '2026-11-01T08:00:00+08:00',
  source: 'urn:test',
  id,
  value: 1,
  amountFen: 0,
  workers: 0,
});

describe('what a score is made of', () => {
  it('has what speaks first, then what nothing can be known of, then what is in order', () => {
    const counting = [observation('hotline.call', 'b'), observation('petition.received', 'a')];
    const bars = channelBars(assessment, counting, pack, sources);
    expect(bars.map(({ code }) => code)).toEqual(['petition', 'hotline', 'tax', 'water']);
    const [petition, hotline] = bars;
    expect(petition).toMatchObject({ points: 30, cap: 30, sum: 40, state: 'silent' });
    expect(petition!.indicators.map(({ share, observations }) => [share, observations.map(({ id }) => id)])).toEqual([
      [1, ['a']],
    ]);
    expect(hotline!.indicators[0]!.share).toBe(0.25);
  });

  it('shows every channel also while nothing is found, and none where no rules are known', () => {
    expect(channelBars(undefined, [], pack, undefined).map(({ code, points }) => [code, points])).toEqual([
      ['water', 0],
      ['petition', 0],
      ['tax', 0],
      ['hotline', 0],
    ]);
    expect(channelBars(undefined, [], undefined, sources)).toEqual([]);
  });

  it('says of which sources nothing can be concluded: of those that should speak and have no points', () => {
    expect(silentChannels(sources)).toEqual(['petition', 'tax']);
    expect(silentChannels(sources, { petition: 30 })).toEqual(['tax']);
    expect(silentChannels(undefined)).toEqual([]);
    expect((['ok', 'late', 'silent', 'never', undefined] as const).map(isSilent)).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
  });
});

describe('the score over time', () => {
  it('holds from one change to the next, and is not known before the first', () => {
    const line = scoreLine({ '2026-11-20': 40, '2026-11-18': 12.5, '2026-12-01': 99 }, '2026-11-21', 5);
    expect(line.days.map(isoDate)).toEqual(['2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20', '2026-11-21']);
    expect(line.scores).toEqual([null, 12.5, 12.5, 40, 40]);
  });
  it('begins with what held before its first day', () => {
    expect(scoreLine({ '2025-01-01': 7 }, '2026-11-21', 2).scores).toEqual([7, 7]);
    expect(scoreLine({}, '2026-11-21', 2).scores).toEqual([null, null]);
  });
});
