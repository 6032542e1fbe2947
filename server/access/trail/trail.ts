import { createHash } from 'node:crypto';
import type { Trail as TrailAnswer, TrailEntry, TrailQuery } from '../../../contract/accessAdmin.ts';
import type { TrailVerb } from '../../../contract/roles.ts';
import { DAY_MS, parseRfc3339, toRfc3339 } from '../../../common/regionTime.ts';
import { networkOf } from '../../platform/http/address.ts';
import type { TrailWriter } from '../../platform/http/trailRecord.ts';
import { plainName } from '../records.ts';
import type { Repeatable, TrailStore } from './trailStore.ts';

/** Entries searched for one page; a search that finds little comes in several pages. */
const MAX_SEARCHED = 20_000;
const AT_ONCE = 1_000;
const LONGEST_VALUE = 500;

/** Failed sign-ins of one name from one address within so long are one entry, ms. */
const FAILURES_MS = 10 * 60_000;
/** Entries of failed sign-ins in that time, by whomever; all beyond are one more. */
const MAX_FAILURES = 500;

/** A sign-in that failed. */
export interface Failure {
  /** Whom or what somebody tried to come in as. */
  target: string;
  from: string;
  why: string;
  /** Of several reasons that are entered one by one. */
  kind?: string;
  /** Refused without having been looked at: what one address does so is one entry, whatever the names. */
  refused: boolean;
}

/** Who read what in full, and who changed what, from where. */
export interface Trail extends TrailWriter {
  /** One entry for each name, address and ten minutes, which counts: no stranger can fill the trail. */
  addFailure(failure: Failure): Promise<void>;
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
    async addFailure({ target, from, why, kind = '', refused }) {
      const entry: Kept = {
        who: { kind: 'stranger' },
        from,
        what: 'session.fail',
        ...(refused ? {} : { target: target.slice(0, LONGEST_VALUE) }),
        detail: shortened({ why }),
      };
      const network = networkOf(from);
      const repeatable: Repeatable = {
        same: [digest(`${plainName(target)}\n${network}\n${kind}`), ...(refused ? [digest(network)] : [])],
        whileMs: FAILURES_MS,
        most: MAX_FAILURES,
        beyond: JSON.stringify({
          who: { kind: 'stranger' },
          from: '',
          what: 'session.fail',
          detail: { why: `more than ${MAX_FAILURES} names and addresses within ten minutes` },
        } satisfies Kept),
      };
      await store.append(JSON.stringify(entry), days * DAY_MS, repeatable);
    },
    async search({ from, to, who, what, target, cursor, limit = 50 }) {
      const [lo, hi] = [from, to].map((time) => (time === undefined ? undefined : parseRfc3339(time)!));
      const has = (text: string | undefined, part: string | undefined) =>
        part === undefined || (text ?? '').toLowerCase().includes(part.toLowerCase());
      const items: TrailEntry[] = [];
      let before = cursor;
      for (let searched = 0; searched < MAX_SEARCHED;) {
        const part = await store.read(lo, hi === undefined ? undefined : hi - 1, before, AT_ONCE);
        for (const { id, entry: text, repeats } of part) {
          before = id;
          const entry = JSON.parse(text) as Kept;
          if ((what && !what.includes(entry.what)) || !has(entry.who.name, who) || !has(entry.target, target)) continue;
          if (repeats > 0) entry.detail = { ...entry.detail, times: repeats + 1 };
          items.push({ id, at: toRfc3339(Number(id.slice(0, id.indexOf('-')))), ...entry });
          if (items.length === limit) return { items, cursor: id, days };
        }
        searched += part.length;
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

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
