import type { CaseAction } from '../../../contract/codes.ts';
import type { CaseFile } from '../../../contract/attachments.ts';
import type { AlertDetail } from '../../../contract/rest.ts';
import type { StoredEvent } from '../../alerts/state.ts';
import type { Principal } from '../../platform/http/principal.ts';
import type { Region } from '../../region/region.ts';

/** What casework adds to the detail of an alert for those who read it in full. */
export interface CasePort {
  /** What somebody may do about it now. */
  actions(region: Region, alertId: string, events: StoredEvent[], principal: Principal): CaseAction[];
  /** The name of whoever an id stands for. */
  nameOf(id: string): string | undefined;
  /** The files that its events name, the latest first. */
  files(events: readonly StoredEvent[]): CaseFile[];
}

/** A detail with what its reader may do, how many events there are, and who the people in it are. Never for displays. */
export function withCase(
  detail: AlertDetail,
  { actions, nameOf, files }: CasePort,
  of: { region: Region; events: StoredEvent[]; principal: Principal },
): AlertDetail {
  const attachments = files(of.events);
  const ids = new Set([
    detail.person,
    ...detail.events.flatMap(({ actor, data }) => [actor, (data as { person?: unknown }).person]),
    ...attachments.map(({ actor }) => actor),
  ]);
  const people: Record<string, string> = {};
  for (const id of ids) {
    const name = typeof id === 'string' ? nameOf(id) : undefined;
    if (name !== undefined) people[id as string] = name;
  }
  return {
    ...detail,
    eventsTotal: of.events.length,
    actions: actions(of.region, detail.alertId, of.events, of.principal),
    people,
    attachments,
  };
}
