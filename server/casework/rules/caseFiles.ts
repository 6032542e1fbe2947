import { DESK_SOURCE } from '../../../contract/alertLimits.ts';
import type { CaseFile } from '../../../contract/attachments.ts';
import type { Attachment } from '../../../contract/events.ts';
import { toRfc3339 } from '../../../common/regionTime.ts';
import type { StoredEvent } from '../../alerts/state.ts';

/**
 * The files that an alert's events name, each once, the latest first. What the desk has written is kept here; of what others name, the
 * digest alone is known.
 */
export function filesOf(events: readonly StoredEvent[]): CaseFile[] {
  const found = new Map<string, { file: CaseFile; time: number }>();
  for (const { data, time, source, by } of events) {
    for (const { digest, name, type, bytes } of (data as { attachments?: Attachment[] }).attachments ?? []) {
      const before = found.get(digest);
      const here = source === DESK_SOURCE;
      // The same file named by others, too, is still here.
      if (before && (before.file.here === here ? before.time > time : before.file.here)) continue;
      const actor = by?.actor;
      const file = { digest, name, type, bytes, at: toRfc3339(time), here };
      found.set(digest, { file: actor === undefined ? file : { ...file, actor }, time });
    }
  }
  return [...found.values()].sort((a, b) => b.time - a.time).map(({ file }) => file);
}
