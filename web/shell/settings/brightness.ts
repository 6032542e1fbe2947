import { HOUR_MS, REGION_OFFSET_MS } from '../../../common/regionTime.ts';
import type { ScreenState } from './screenState.ts';

/** The dimming takes this long at either end of the night: a wall that goes dark at a stroke startles. */
const FADE_MS = 10 * 60_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Brightness in percent at a moment of the server's clock (screens.md: "night from 22:00 to 6:00").
 * Fades over ten minutes after the night begins and after it ends.
 */
export function brightnessAt(
  nowMs: number,
  state: Pick<ScreenState, 'brightness' | 'night' | 'nightFrom' | 'nightTo'>,
): number {
  if (state.brightness !== 'auto') return state.brightness;
  if (state.nightFrom === state.nightTo) return 100;
  const local = (nowMs + REGION_OFFSET_MS) % DAY_MS;
  const since = (hour: number) => (local - hour * HOUR_MS + DAY_MS) % DAY_MS;
  const intoNight = since(state.nightFrom);
  const intoDay = since(state.nightTo);
  const length = ((state.nightTo - state.nightFrom + 24) % 24) * HOUR_MS;
  const dark = intoNight < length ? Math.min(1, intoNight / FADE_MS) : 1 - Math.min(1, intoDay / FADE_MS);
  return Math.round(100 - dark * (100 - state.night));
}
