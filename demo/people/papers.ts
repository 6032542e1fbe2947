import type { Briefings } from '../../contract/briefings.ts';
import type { ReportList } from '../../contract/reports.ts';
import { DAY_MS, toRfc3339 } from '../../common/regionTime.ts';
import { Refused, type DemoLog } from '../sender.ts';

export interface PapersParts {
  /** Code of the region. */
  region: string;
  /** A JSON answer of the server to the leader, or undefined if it has none for this path. */
  read: (path: string) => Promise<unknown>;
  /** Posts as the leader. @throws Refused */
  post: (path: string, body: object) => Promise<unknown>;
  /** Epoch ms. */
  now: () => number;
  log: DemoLog;
}

/**
 * What a leader's office has on the table: a briefing that was frozen, and the report of the last whole week, asked for as anybody asks
 * for them. Where there is one already, it is left at that.
 */
export async function preparePapers({ region, read, post, now, log }: PapersParts): Promise<void> {
  const briefings = (await read(`/api/v1/briefings?scope=${region}`)) as Briefings | undefined;
  const reports = (await read(`/api/v1/reports?scope=${region}`)) as ReportList | undefined;
  try {
    // Not of this week: on a Monday there is nothing in it.
    if (briefings?.items.length === 0) await post('/api/v1/briefings', { scope: region, window: '30d' });
    if (reports?.items.length === 0)
      await post('/api/v1/reports', { kind: 'weekly', scope: region, at: toRfc3339(now() - 7 * DAY_MS) });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    log.warn({ problem: error.message }, 'demonstration: a briefing or a report was refused');
  }
}
