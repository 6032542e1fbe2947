import type { Frame } from '../../contract/frame.ts';
import { regionOfCode } from '../../common/divisions.ts';

/** The frames on show: of a place, and of the whole region around it; always of one window. */
export interface Shown {
  frame: Frame | undefined;
  region: Frame | undefined;
}

/** What is wanted, and what has come. */
export interface Come {
  /** The widest place that may be shown: whose frame `region` is. */
  home: string;
  scope: string;
  window: string;
  /** The region whose names and shapes are on the page; undefined before the first. */
  packCode: string | undefined;
  /** The newest frame of home, and that of the place within it that is wanted. */
  region: Frame | undefined;
  place: Frame | undefined;
}

/**
 * What to show after something has come: all that belongs together, or none of it. Until the frames of another choice have
 * come, the ones on show are kept up to date. Pure; answers with the same object where nothing changes.
 */
export function nextShown(shown: Shown, { home, scope, window, packCode, region, place }: Come): Shown {
  if (!region || region.scope !== home) return shown;
  if (packCode !== undefined && packCode !== regionOfCode(home)) return shown;
  const wanted = scope === home ? region : place;
  if (wanted?.scope === scope && wanted.window === window && region.window === window) return { frame: wanted, region };
  // The old choice goes on: its region's frame, and with it its own where it is the same.
  if (shown.region?.scope !== region.scope || shown.region.window !== region.window) return shown;
  return { frame: shown.frame?.scope === region.scope ? region : shown.frame, region };
}
