import { describe, expect, it } from 'vitest';
import { CHANNELS, TEN_SOURCES } from '../../../../contract/codes.ts';
import type { Frame } from '../../../../contract/frame.ts';
import { parseRfc3339 } from '../../../../common/regionTime.ts';
import { toSources, type SourceState } from '../../../../web/panels/sources/mapping.ts';
import { fixture, type FixtureVariant } from '../../../support/webFixtures.ts';
import { pastFrame, row, withheldFrame } from './frames.ts';

const { frame } = fixture();
type Monitor = NonNullable<Frame['monitor']>;
const monitor = (sources: NonNullable<Monitor['sources']>): Monitor => ({
  enterprises: 260_113,
  projects: 713,
  watch: 1_204,
  unplaced: 3,
  observations: { today: 32_000, total: 4_000_000 },
  sources,
});
const states = (given: Frame, region?: Frame): Record<string, SourceState> =>
  Object.fromEntries(toSources(given, region).lines.map(({ code, state }) => [code, state]));

describe('sources', () => {
  it.each(['normal', 'empty', 'tenfold', 'manyTowns'] satisfies FixtureVariant[])(
    'are the ten in their places, then those in use, with every alert of the window: %s',
    (variant) => {
      const made = fixture({ variant });
      const { lines } = toSources(made.frame);
      expect(lines.slice(0, 10).map(({ code }) => code)).toEqual([...TEN_SOURCES]);
      expect(lines.reduce((sum, { raised }) => sum + raised, 0)).toBe(made.frame.totals.raised);
    },
  );

  it('are heard by their last alert as long as nobody knows how often they should speak', () => {
    const { lines } = toSources(frame);
    const by = Object.fromEntries(lines.map((line) => [line.code, line]));
    expect(by.water).toMatchObject({ state: 'heard', lastAt: parseRfc3339(frame.lastByChannel!.water!.raisedAt) });
    expect(by.opinion).toMatchObject({ state: 'unheard' });
    expect(by.opinion!.lastAt).toBeUndefined();
    expect(by.layoff).toBeUndefined();
    // An officer's step is no sign of life of a source.
    const touched = structuredClone(frame);
    touched.lastByChannel!.water!.changedAt = frame.at;
    expect(toSources(touched).lines[0]!.lastAt).toBe(by.water!.lastAt);
  });

  it('have the state that the engine measured, where there is one, whatever alerts say', () => {
    const given: Frame = {
      ...frame,
      byChannel: { ...frame.byChannel, penalty: row({ raised: 0 }) },
      monitor: monitor({
        water: { state: 'ok', lastAt: frame.at, today: 9 },
        penalty: { state: 'late', lastAt: frame.at, today: 0 },
        dishonest: { state: 'silent', lastAt: '2026-11-01T00:00:00+08:00', today: 0 },
        opinion: { state: 'never', today: 0 },
        layoff: { state: 'ok', lastAt: frame.at, today: 1 },
      }),
    };
    expect(states(given)).toMatchObject({
      water: 'ok',
      penalty: 'late',
      dishonest: 'silent',
      opinion: 'never',
      petition: 'never',
      layoff: 'ok',
    });
    expect(toSources(given).coverage).toEqual({ enterprises: 260_113, projects: 713, watch: 1_204, today: 32_000 });
    expect(toSources(frame).coverage).toBeUndefined();
  });

  it('of a town have the town’s alerts and the region’s health; alone, no health at all', () => {
    const { lastByChannel, ...rest } = frame;
    const own: Frame = { ...rest, scope: '330110001', byChannel: { water: row({ raised: 2 }) } };
    expect(lastByChannel).toBeDefined();
    const { lines } = toSources(own, frame);
    expect(lines[0]).toMatchObject({ code: 'water', raised: 2, state: 'heard' });
    expect(lines[1]).toMatchObject({ code: 'electricity', raised: 0, state: 'heard' });
    expect(new Set(Object.values(states(own)))).toEqual(new Set(['unknown']));
  });

  it('of the past, and where small figures are withheld, have no health', () => {
    for (const given of [pastFrame(), withheldFrame()]) {
      expect(new Set(Object.values(states(given)))).toEqual(new Set(['unknown']));
      expect(toSources(given).nothingYet).toBe(false);
    }
    expect(toSources(withheldFrame()).withheld).toBe(true);
  });

  it('list a further source with open alerts of before the window, and none with nothing', () => {
    const byChannel = { tax: row({ open: 1 }), hotline: row({}), grid: row({ raised: 2 }) };
    const { lines } = toSources({ ...frame, byChannel, lastByChannel: {} });
    expect(lines.slice(10).map(({ code }) => code)).toEqual(
      CHANNELS.filter((code) => code === 'tax' || code === 'grid'),
    );
  });

  it('know a region where nothing has ever come from one that is merely quiet', () => {
    const empty = fixture({ variant: 'empty' }).frame;
    expect(toSources(empty).nothingYet).toBe(true);
    expect(toSources({ ...empty, lastByChannel: frame.lastByChannel! }).nothingYet).toBe(false);
    expect(toSources({ ...empty, byStage: { ...empty.byStage!, closed: 1 } }).nothingYet).toBe(false);
    expect(toSources({ ...empty, monitor: monitor({}) }).nothingYet).toBe(false);
    expect(toSources({ ...empty, withheld: 5 }).nothingYet).toBe(false);
  });
});
