import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Frame } from '../../../../contract/frame.ts';
import { HttpError } from '../../../../web/http/client.ts';
import type { Reads } from '../../../../web/http/reads.ts';
import type { SourceListener, SourceStatus } from '../../../../web/live/frameSource.ts';
import { openMoment } from '../../../../web/live/momentSource.ts';
import { regionFor, scopeOfUrl, urlScopeOf } from '../../../../web/live/scopes.ts';
import { ScreenSources } from '../../../../web/live/screenSources.ts';
import { fixture } from '../../../support/webFixtures.ts';

const AT = '2026-11-20T09:00:00+08:00';
const frameOf = (scope: string, window: string): Frame => ({
  ...fixture({ variant: 'empty' }).frame,
  scope,
  window: window as Frame['window'],
  at: AT,
});

function listener() {
  const frames: Frame[] = [];
  const states: SourceStatus[] = [];
  const told: SourceListener = {
    frame: (frame) => frames.push(frame),
    status: (status) => states.push(status),
    alert() {},
    beat() {},
    command() {},
  };
  return { frames, states, told, keys: () => frames.map(({ scope, window }) => `${scope} ${window}`) };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});
const settle = () => vi.advanceTimersByTimeAsync(0);

describe('a moment of the past', () => {
  it('is read once for each scope and window, and stays', async () => {
    const asked: (string | undefined)[] = [];
    const snapshot: Reads['snapshot'] = async (scope, window, at) => {
      asked.push(at);
      return frameOf(scope, window);
    };
    const { frames, states, told, keys } = listener();
    const source = openMoment(AT, snapshot)({ scope: '330110', window: '30d' }, told);
    source.seed({ ...frameOf('330110', '30d'), at: 'now' });
    source.start();
    await settle();
    expect(frames.map(({ at }) => at)).toEqual([AT]);
    expect(states).toEqual([{ link: 'live', silent: false }]);
    source.wake();
    source.setWatch({ scope: '330110', window: '30d' });
    await vi.advanceTimersByTimeAsync(600_000);
    expect(source.silenceMs()).toBe(0);
    source.setWatch({ scope: '330110', window: '7d' });
    await settle();
    expect(keys()).toEqual(['330110 30d', '330110 7d']);
    expect(asked).toEqual([AT, AT]);
  });

  it('is read until it comes; what cannot be shown is said, and left', async () => {
    const answers: (Frame | HttpError)[] = [
      new HttpError(0),
      new HttpError(503),
      frameOf('330110', '30d'),
      new HttpError(404, { detail: 'There is no 330199.' }),
    ];
    const snapshot: Reads['snapshot'] = async () => {
      const answer = answers.shift()!;
      if (answer instanceof HttpError) throw answer;
      return answer;
    };
    const { states, told, keys } = listener();
    const source = openMoment(AT, snapshot)({ scope: '330110', window: '30d' }, told);
    source.start();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(keys()).toEqual(['330110 30d']);
    expect(states.map(({ link }) => link)).toEqual(['connecting', 'connecting', 'live']);
    source.setWatch({ scope: '330199', window: '30d' });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(states.at(-1)).toEqual({
      link: 'reconnecting',
      silent: false,
      problem: { code: 'unknown-scope', detail: 'There is no 330199.' },
    });
    expect(answers).toEqual([]);
  });

  it('that was left while it was read is not shown', async () => {
    const pending: (() => void)[] = [];
    const snapshot: Reads['snapshot'] = (scope, window) =>
      new Promise((resolve) => {
        pending.push(() => {
          resolve(frameOf(scope, window));
        });
      });
    const { told, keys } = listener();
    const source = openMoment(AT, snapshot)({ scope: '330110', window: '30d' }, told);
    source.start();
    source.setWatch({ scope: '330110', window: 'today' });
    pending[1]!();
    pending[0]!();
    await settle();
    expect(keys()).toEqual(['330110 today']);
    source.setWatch({ scope: '330110', window: '7d' });
    source.end();
    pending[2]!();
    await settle();
    expect(keys()).toHaveLength(1);
  });
});

describe('the sources of a screen', () => {
  it("are home's, and a town's while it is on show", async () => {
    const snapshot: Reads['snapshot'] = async (scope, window) => frameOf(scope, window);
    const { told, keys } = listener();
    const sources = new ScreenSources(openMoment(AT, snapshot));
    expect(sources.silenceMs()).toBeUndefined();
    sources.openHome('330110', '30d', told);
    let shown = 0;
    sources.followTown('330110010', '30d', () => shown++);
    await settle();
    expect(keys()).toEqual(['330110 30d']);
    expect([sources.townFrame?.scope, shown]).toEqual(['330110010', 1]);
    sources.setHome('330110', '7d');
    sources.followTown('330110011', '7d', () => shown++);
    await settle();
    expect(keys()).toEqual(['330110 30d', '330110 7d']);
    expect(sources.townFrame).toMatchObject({ scope: '330110011', window: '7d' });
    sources.closeTown();
    expect(sources.townFrame).toBeUndefined();
    // Another home: the one before says no more.
    sources.openHome('330111', '7d', told);
    sources.setHome('330111', 'today');
    await settle();
    expect(keys().slice(2)).toEqual(['330111 today']);
  });
});

describe('scopes and walls', () => {
  const regions = [{ code: '330110' }, { code: '330100' }, { code: '330106' }];
  it('belong together by their codes', () => {
    expect(regionFor(regions, '330106005')).toBe('330106');
    expect(regionFor(regions, '330100')).toBe('330100');
    expect(regionFor(regions, '440000')).toBe('330110');
    expect(regionFor([], '330110')).toBe('');
  });

  it('are named in a URL only where they differ from what is shown anyway', () => {
    expect(urlScopeOf(regions, '330110', '330110')).toBe('');
    expect(urlScopeOf(regions, '330106', '330106')).toBe('330106');
    expect(urlScopeOf(regions, '330110010', '330110010')).toBe('');
    expect(urlScopeOf(regions, '330110', '330110010')).toBe('330110010');
    for (const home of ['330110', '330110010'])
      expect(scopeOfUrl(regions, home, urlScopeOf(regions, home, home))).toBe(home);
    expect(scopeOfUrl(regions, '330106', '')).toBe('330110');
  });
});
