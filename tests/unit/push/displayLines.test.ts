import { EventEmitter } from 'node:events';
import { expect, it, vi } from 'vitest';
import type { DisplayTokens } from '../../../server/access/displays/displayTokens.ts';
import type { Displays } from '../../../server/access/displays/displays.ts';
import { DisplayLines } from '../../../server/push/displayLines.ts';

it('knows one thing of a display that has two lines, and loses it with the last of them', () => {
  const keepOnline = vi.fn(async () => {});
  const keepOffline = vi.fn(async () => {});
  const displays = {
    onCommand: () => () => {},
    assignment: () => undefined,
    keepOnline,
    keepOffline,
  } as unknown as Displays;
  let now = 1_000;
  const lines = new DisplayLines(displays, { due: () => false } as unknown as DisplayTokens, () => now);
  const [region, town] = [new EventEmitter(), new EventEmitter()];
  const join = (line: EventEmitter) => {
    lines.join(line as unknown as Parameters<DisplayLines['join']>[0], 'd1', '10.0.0.9');
  };
  join(region);
  const report = { build: 'b', width: 1920, height: 1080, pixelRatio: 1 };
  region.emit('report', report);
  now = 9_000;
  join(town);
  expect(keepOnline).toHaveBeenLastCalledWith('d1', {
    since: 1_000,
    from: '10.0.0.9',
    report: { ...report, at: 1_000 },
  });
  town.emit('disconnect');
  expect(keepOffline).not.toHaveBeenCalled();
  region.emit('disconnect');
  expect(keepOffline).toHaveBeenCalledOnce();
  lines.close();
});
