import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { io } from 'socket.io-client';
import { expect, it, onTestFinished } from 'vitest';
import { OPEN_ACCESS } from '../../../server/access/accessControl.ts';
import { createMetrics } from '../../../server/platform/metrics.ts';
import { createStrangers } from '../../../server/platform/http/strangers.ts';
import { createPushMetrics } from '../../../server/push/metrics.ts';
import { serveWall, type WallParts } from '../../../server/push/wall.ts';
import { listeningLog } from '../../support/listeningLog.ts';

/** A fault in the figures of a region ends the screen that asked for them, and not the program. */
it('a watch that fails is logged, and its screen ended', async () => {
  const http = createServer();
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { log, lines } = listeningLog();
  const wall = serveWall({
    http,
    access: OPEN_ACCESS,
    displays: { onCommand: () => () => undefined },
    addressOf: () => '127.0.0.1',
    strangers: createStrangers(undefined),
    regions: {
      list: () => [],
      of: () => {
        throw new Error('the figures are at fault');
      },
    },
    lag: () => 0,
    now: () => Date.now(),
    tickMs: 1_000,
    build: 'b',
    metrics: createPushMetrics(createMetrics()),
    log,
  } as unknown as WallParts);
  onTestFinished(() => wall.close());
  const screen = io(`http://127.0.0.1:${(http.address() as AddressInfo).port}/wall`, { reconnection: false });
  await new Promise((resolve) => screen.once('connect', () => resolve(undefined)));
  const ended = new Promise((resolve) => screen.once('disconnect', resolve));
  screen.emit('watch', { scope: '330110', window: '24h' }, () => undefined);
  expect(await ended).toBe('io server disconnect');
  expect(lines).toContain('wall: a watch failed');
});
