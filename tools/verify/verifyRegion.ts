import { WINDOWS } from '../../contract/codes.ts';
import type { RegionPack } from '../../contract/region.ts';
import { decodeDocument } from '../../server/alerts/document.ts';
import { foldAlert, type FoldRules } from '../../server/alerts/fold.ts';
import { toRow, type RegionRow } from '../../server/alerts/row.ts';
import type { Situation } from '../../server/situation/situation.ts';
import type { DocumentStore } from '../../server/streams/counting/documentStore.ts';
import { differences } from './differences.ts';
import { NaiveFrame } from './figures.ts';

export interface Verdict {
  alerts: number;
  pending: number;
  events: number;
  /** Figures compared: frames of every scope and window, and every alert's row. */
  frames: number;
  differences: string[];
}

const LATEST = 50;

/**
 * Recomputes every figure of a region from its documents and compares it with what the program's situation shows.
 * Nothing may be counted meanwhile.
 */
export async function verifyRegion(
  documents: DocumentStore,
  pack: RegionPack,
  rules: FoldRules,
  situation: Situation,
  now: number,
): Promise<Verdict> {
  const scopes = [pack.code, ...pack.towns.map(({ code }) => code)];
  const naive = new Map(
    scopes.map((scope) => [scope, WINDOWS.map((window) => new NaiveFrame(pack, scope, window, now))]),
  );
  const newest = new Map<string, [raisedAt: number, alertId: string][]>(scopes.map((scope) => [scope, []]));
  const verdict: Verdict = { alerts: 0, pending: 0, events: 0, frames: 0, differences: [] };
  const note = (found: string[]) => {
    if (verdict.differences.length < 100) verdict.differences.push(...found);
  };
  const seen = new Set<string>();

  for await (const part of documents.scan()) {
    for (const [alertId, document] of part) {
      // A scan may show an alert twice.
      if (seen.has(alertId)) continue;
      seen.add(alertId);
      const events = decodeDocument(document);
      verdict.events += events.length;
      const state = foldAlert(alertId, events, rules);
      if (!state) {
        verdict.pending++;
        if (situation.table.get(alertId)) note([`alert ${alertId} is pending, but is in the list`]);
        continue;
      }
      verdict.alerts++;
      const listed = situation.table.get(alertId);
      note(differences(inOrder({ ...toRow(state), region: pack.code }), listed && inOrder(listed), `alert ${alertId}`));
      for (const scope of [pack.code, state.facts.town]) {
        for (const frame of naive.get(scope) ?? []) frame.take(state);
        newest.get(scope)?.push([state.raisedAt, alertId]);
      }
    }
  }
  if (situation.table.size !== verdict.alerts)
    note([`the documents hold ${verdict.alerts} alerts, the list ${situation.table.size}`]);
  for (const scope of scopes) {
    WINDOWS.forEach((window, i) => {
      const frame = situation.frame(scope, window, now, 0);
      const { totals, compare, byTier, byTown, byIndustry, byChannel, byStage, overdueByStage } = frame;
      const { series, heat, lastByChannel } = frame;
      verdict.frames++;
      note(
        differences(
          naive.get(scope)![i]!.figures(),
          {
            totals,
            compare,
            byTier,
            byTown,
            byIndustry,
            byChannel,
            byStage,
            overdueByStage,
            series,
            heat,
            ...(lastByChannel ? { lastByChannel } : {}),
          },
          `${scope} ${window}`,
        ),
      );
      if (i === 0) {
        const expected = newest
          .get(scope)!
          .sort(([a, x], [b, y]) => b - a || (x < y ? -1 : 1))
          .slice(0, LATEST)
          .map(([, id]) => id)
          .sort();
        note(differences(expected, Object.keys(frame.latest).sort(), `${scope} latest`));
        note(differences(naive.get(scope)![i]!.agenda(), Object.keys(frame.agenda ?? {}).sort(), `${scope} agenda`));
      }
    });
  }
  return verdict;
}

/** Of an alert with very many events, the list has the recoveries in the order in which they came. */
function inOrder(row: RegionRow): RegionRow {
  if (!row.recoveries) return row;
  const recoveries = [...row.recoveries].sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
  return { ...row, recoveries };
}
