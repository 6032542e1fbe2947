import { toRfc3339 } from '../../../common/regionTime.ts';
import type { Display } from '../../../contract/accessAdmin.ts';
import { DISPLAY_SCREENS, type DisplayScreen } from '../../../contract/roles.ts';
import type { Report } from '../../../contract/protocol.ts';
import type { DisplayRecord } from '../records.ts';

/** How a display is, as it last said or as its connection shows. Times by the server's clock, epoch ms. */
export interface DisplayStatus {
  /** Since when it is online or, offline, when it was last connected. */
  since: number;
  from?: string;
  report?: Report & { at: number };
}

/** A display as an admin sees it. @param build of the pages that this server has */
export function displayView(
  id: string,
  { name, scope, screen, settings, createdAt, createdBy, tokens }: DisplayRecord,
  { online, status }: { online: boolean; status: string | undefined },
  build: string,
): Display {
  const display: Display = {
    id,
    name,
    scope,
    screen: shownScreen(screen),
    settings,
    show: showPath(screen, scope, settings),
    online,
    createdAt: toRfc3339(createdAt),
    createdBy,
  };
  if (shownScreen(screen) !== screen) display.absentScreen = screen;
  const newest = tokens.at(-1);
  if (newest) display.expires = toRfc3339(newest.ends);
  if (status === undefined) return display;
  const { since, from, report } = JSON.parse(status) as DisplayStatus;
  display.since = toRfc3339(since);
  if (from !== undefined) display.from = from;
  if (report) {
    display.report = { ...report, at: toRfc3339(report.at) };
    if (report.build !== build) display.outdated = true;
  }
  return display;
}

/** The screen that a display shows: its own, or the wall where this version has no such screen. */
function shownScreen(stored: string): DisplayScreen {
  return DISPLAY_SCREENS.find((screen) => screen === stored) ?? 'wall';
}

/** The page of a display with its query; `absent` has the wall say that it stands in for another screen. */
export function showPath(stored: string, scope: string, settings: Record<string, string>): string {
  const screen = shownScreen(stored);
  const absent = screen === stored ? {} : { absent: stored };
  const query = new URLSearchParams(screen === 'kiosk' ? settings : { ...settings, scope, ...absent }).toString();
  const path = { wall: '/wall', kiosk: `/kiosk/${scope}`, briefing: '/briefing/display' }[screen];
  return `${path}${query ? `?${query}` : ''}`;
}
