import type { Schedule } from '../../../contract/reports.ts';
import type { RedisClient } from '../../platform/redis/connect.ts';

export const REPORTS_TAG = 'reports';
/** Hash id → schedule as JSON. */
const SCHEDULES = `{${REPORTS_TAG}}:schedules`;
/** Hash id → the moment (epoch ms) up to which all that was due has been made. */
const DONE = `{${REPORTS_TAG}}:done`;
/** Who is making what is due; ends by itself if its process dies. */
const making = (id: string) => `{${REPORTS_TAG}}:making:${id}`;
const LEASE_MS = 15_000;

export interface ScheduleStore {
  list(): Promise<Schedule[]>;
  find(id: string): Promise<Schedule | undefined>;
  /** Keeps it anew; what was due before `done` is not made. */
  set(schedule: Schedule, done: number): Promise<void>;
  /** @returns whether it was there */
  remove(id: string): Promise<boolean>;
  doneUntil(id: string): Promise<number | undefined>;
  setDone(id: string, until: number): Promise<void>;
  /** @returns whether nobody else makes reports of this schedule now */
  take(id: string, owner: string): Promise<boolean>;
  /** Stays the one who makes them. */
  keep(id: string): Promise<void>;
  leave(id: string): Promise<void>;
}

export function createScheduleStore(redis: RedisClient): ScheduleStore {
  return {
    async list() {
      return Object.values(await redis.hgetall(SCHEDULES))
        .map((text) => JSON.parse(text) as Schedule)
        .sort((a, b) => (a.id < b.id ? -1 : 1));
    },
    async find(id) {
      const text = await redis.hget(SCHEDULES, id);
      return text === null ? undefined : (JSON.parse(text) as Schedule);
    },
    async set(schedule, done) {
      await redis.hset(DONE, schedule.id, String(done));
      await redis.hset(SCHEDULES, schedule.id, JSON.stringify(schedule));
    },
    async remove(id) {
      const removed = await redis.hdel(SCHEDULES, id);
      await redis.hdel(DONE, id);
      return removed > 0;
    },
    async doneUntil(id) {
      const text = await redis.hget(DONE, id);
      return text === null ? undefined : Number(text);
    },
    async setDone(id, until) {
      await redis.hset(DONE, id, String(until));
    },
    take: async (id, owner) => (await redis.set(making(id), owner, 'PX', LEASE_MS, 'NX')) === 'OK',
    async keep(id) {
      await redis.pexpire(making(id), LEASE_MS);
    },
    async leave(id) {
      await redis.del(making(id));
    },
  };
}
