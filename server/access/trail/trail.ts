import type { Trail as TrailAnswer, TrailEntry, TrailQuery } from '../../../contract/accessAdmin.ts';
import type { TrailVerb } from '../../../contract/roles.ts';
import { DAY_MS, parseRfc3339, toRfc3339 } from '../../../common/regionTime.ts';
import type { TrailStore } from './trailStore.ts';
import type { TrailWriter } from '../../platform/http/trailRecord.ts';

/** Entries looked at for one page; a search that finds little comes in several pages. */
const MAX_LOOKED_AT = 20_000;
const AT_ONCE = 1_000;
const LONGEST_VALUE = 500;

/** Who looked at what in full, and who changed what, from where. */
export interface Trail extends TrailWriter {
  search(query: TrailQuery): Promise<TrailAnswer>;
}

interface Kept {
  who: TrailEntry['who'];
  from: string;
  what: TrailVerb;
  target?: string;
  detail?: Record<string, unknown>;
}

/** @param days how long it is kept */
export function createTrail(store: TrailStore, days: number): Trail {
  return {
    async add({ who, from, what, target, detail }) {
      const entry: Kept = {
        who: who ? { name: who.name, kind: who.kind, role: who.role } : { kind: 'stranger' },
        from,
        what,
        ...(target === undefined ? {} : { target: target.slice(0, LONGEST_VALUE) }),
        ...(detail && Object.keys(detail).length ? { detail: shortened(detail) } : {}),
      };
      await store.append(JSON.stringify(entry), days * DAY_MS);
    },
    async search({ from, to, who, what, target, cursor, limit = 50 }) {
      const [lo, hi] = [from, to].map((time) => (time === undefined ? undefined : parseRfc3339(time)!));
      const has = (text: string | undefined, part: string | undefined) =>
        part === undefined || (text ?? '').toLowerCase().includes(part.toLowerCase());
      const items: TrailEntry[] = [];
      let before = cursor;
      for (let looked = 0; looked < MAX_LOOKED_AT;) {
        const part = await store.read(lo, hi === undefined ? undefined : hi - 1, before, AT_ONCE);
        for (const [id, text] of part) {
          before = id;
          const entry = JSON.parse(text) as Kept;
          if ((what && !what.includes(entry.what)) || !has(entry.who.name, who) || !has(entry.target, target)) continue;
          items.push({ id, at: toRfc3339(Number(id.slice(0, id.indexOf('-')))), ...entry });
          if (items.length === limit) return { items, cursor: id, days };
        }
        looked += part.length;
        if (part.length < AT_ONCE) return { items, days };
      }
      return { items, ...(before === undefined ? {} : { cursor: before }), days };
    },
  };
}

function shortened(detail: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(detail).map(([key, value]) => [
      key,
      typeof value === 'string' ? value.slice(0, LONGEST_VALUE) : value,
    ]),
  );
}
