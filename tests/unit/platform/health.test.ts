import Fastify from 'fastify';
import { afterEach, expect, it, vi } from 'vitest';
import type { Feature, Platform } from '../../../server/feature.ts';
import { healthFeature } from '../../../server/healthFeature.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** What `/readyz` says to whoever runs it. */
async function readyz(ping: () => Promise<string>, features: readonly Feature[] = []) {
  const platform = { redis: { ping }, metrics: { contentType: 'text/plain', render: () => Promise.resolve('') } };
  const app = Fastify();
  app.decorateRequest('principal', { getter: () => ({ role: 'admin' }) } as never);
  for (const route of healthFeature(platform as unknown as Platform, features).routes!) await app.register(route);
  await app.ready();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const answer = app.inject('/readyz');
  await vi.advanceTimersByTimeAsync(60_000);
  const { statusCode, body } = await answer;
  await app.close();
  return { status: statusCode, checks: (JSON.parse(body) as { checks: object }).checks };
}
const never = () => new Promise<never>(() => undefined);

it('is ready while all parts say so', async () => {
  expect(await readyz(() => Promise.resolve('PONG'), [{ name: 'one', readiness: () => ({ figures: 'ok' }) }])).toEqual({
    status: 200,
    checks: { redis: 'ok', figures: 'ok' },
  });
});

it('is not ready where Redis hangs, or a part that asks it: that is told before a load balancer gives up', async () => {
  expect(await readyz(never, [{ name: 'casework clock', readiness: never }])).toEqual({
    status: 503,
    checks: { redis: 'does not answer within 3 s', 'casework clock': 'does not answer within 3 s' },
  });
});

it.each([
  [
    'Reached the max retries per request limit (which is 0). Refer to "maxRetriesPerRequest" option for details.',
    'does not answer',
  ],
  ['LOADING Redis is loading the dataset in memory', 'LOADING Redis is loading the dataset in memory'],
])('says of Redis what is wrong with it, and nothing of a setting of a library: %s', async (message, told) => {
  expect(await readyz(() => Promise.reject(new Error(message)))).toEqual({ status: 503, checks: { redis: told } });
});
