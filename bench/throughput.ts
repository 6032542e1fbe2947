import { Readable } from 'node:stream';
import { createRedis } from '../server/platform/redis/connect.ts';
import { createLogger } from '../server/platform/log.ts';
import { cpuSeconds, untilMetric, type BenchServer } from './serverProcess.ts';

export interface Throughput {
  events: number;
  ms: number;
  serverCpu: number;
  redisCpu: number;
}

/** Posts NDJSON and waits until all of it is counted, i.e. its last batch committed. */
export async function countNdjson(server: BenchServer, buffers: Buffer[], events: number): Promise<Throughput> {
  const before = await server.metric('wagewatch_events_counted_total');
  const cpu = [cpuSeconds(server.pid), cpuSeconds(server.redisPid)] as const;
  const started = performance.now();
  const response = await fetch(`${server.url}/api/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: Readable.toWeb(Readable.from(buffers)) as unknown as BodyInit,
    duplex: 'half',
  } as RequestInit);
  if (response.status !== 202) throw new Error(`${response.status} ${await response.text()}`);
  await untilMetric(server, 'wagewatch_events_counted_total', before + events);
  const ms = performance.now() - started;
  return { events, ms, serverCpu: cpuSeconds(server.pid) - cpu[0], redisCpu: cpuSeconds(server.redisPid) - cpu[1] };
}

/**
 * The yardstick: the same events, a line an entry, by ioredis' pipelined XADD into the same Redis with the same
 * append-only file, doing nothing else. In batches of 1,000, two on their way.
 */
export async function rawXadd(server: BenchServer, buffers: Buffer[], events: number): Promise<Throughput> {
  const redis = createRedis(
    { kind: 'socket', path: server.socketPath },
    { role: 'commands', log: createLogger('silent') },
  );
  const lines = Buffer.concat(buffers).toString('utf8').split('\n').filter(Boolean);
  const cpu = cpuSeconds(server.redisPid);
  const started = performance.now();
  let flying: Promise<unknown> | undefined;
  for (let at = 0; at < lines.length; at += 1000) {
    const pipeline = redis.pipeline();
    for (const line of lines.slice(at, at + 1000)) pipeline.xadd('bench:raw', '*', 'e', line);
    const sent = pipeline.exec();
    await flying;
    flying = sent;
  }
  await flying;
  const ms = performance.now() - started;
  const used = cpuSeconds(server.redisPid) - cpu;
  await redis.unlink('bench:raw');
  redis.disconnect();
  return { events, ms, serverCpu: 0, redisCpu: used };
}
