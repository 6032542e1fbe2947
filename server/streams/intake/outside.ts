import { PLATFORMS, unitOfPlatform, type SpokenPlatform } from '../../../contract/codes.ts';
import { isSpokenPlatform } from '../../../contract/speaksFor.ts';
import { DESK_ALERTS, ENGINE_ALERTS, OWN_SOURCE } from '../../../contract/alertLimits.ts';
import { MAX_STRING, MIN_TIME_MS } from '../../../contract/fields.ts';
import type { EventMaker } from '../../alerts/state.ts';
import { parseRfc3339 } from '../../../common/regionTime.ts';

/** What is told of an event that its schema has let pass. */
export interface ValidEvent {
  type: string;
  source: string;
  data: { alertId?: string };
}

/** Extension attributes that the program itself adds to an event (contract §2): who has made it, for which platform, and what that is called. */
const OWN_ATTRIBUTES = ['actor', 'platform', 'platformname'] as const;
/** Longest id of a person. */
const MAX_ACTOR = 100;

/** Who sends: what is known of a token, and kept with what it sends. */
export interface Sender {
  /** The outside platform that it speaks for. */
  platform?: SpokenPlatform | undefined;
  /** The alerts that it raises are dispatched by the program. */
  dispatch?: boolean | undefined;
}

/**
 * Why a valid event may not come from outside, whoever sends it: the program's own sources come from inside alone, and only
 * the engine raises alerts with its ids (signals §4). What happens to these alerts afterwards may come from anywhere. Who has made an
 * event, and for which platform, is known by who sends it, and never told by the event.
 */
export function outsideRefusal(event: ValidEvent): string | undefined {
  const { type, source, data } = event;
  for (const name of OWN_ATTRIBUTES)
    if (name in event)
      return `/${name} is an attribute that this program itself adds: leave it out; a token says for which platform it speaks`;
  // Names of URNs are the same in upper and lower case (RFC 8141 §3.1).
  if (source.slice(0, OWN_SOURCE.length).toLowerCase() === OWN_SOURCE)
    return `/source ${JSON.stringify(source.slice(0, 60))} is the program's own: sources ${OWN_SOURCE}* come from inside alone`;
  if (type === 'wage.alert.raised' && data.alertId?.startsWith(ENGINE_ALERTS) === true)
    return `/data/alertId ${JSON.stringify(data.alertId.slice(0, 60))} begins with ${ENGINE_ALERTS}: only the rules raise such alerts`;
  if (type === 'wage.alert.raised' && data.alertId?.startsWith(DESK_ALERTS) === true)
    return `/data/alertId ${JSON.stringify(data.alertId.slice(0, 60))} begins with ${DESK_ALERTS}: such alerts are raised at the desk alone`;
  return undefined;
}

/** When an observation of an export was received (epoch ms): its extension attribute `received`, if it is a time. */
export function receivedOf(event: unknown): number | undefined {
  const { received } = event as { received?: unknown };
  const at = typeof received === 'string' ? parseRfc3339(received) : undefined;
  return at !== undefined && at >= MIN_TIME_MS ? at : undefined;
}

/**
 * Who has made an event, as its extension attributes tell it: of one of the program's own, and of an export.
 * @returns undefined where they tell nothing; a text that says what is wrong with them
 */
export function makerOf(event: unknown): EventMaker | string | undefined {
  const { actor, platform, platformname } = event as Record<(typeof OWN_ATTRIBUTES)[number], unknown>;
  if (actor === undefined && platform === undefined && platformname === undefined) return undefined;
  if (actor !== undefined && !(typeof actor === 'string' && actor.length > 0 && actor.length <= MAX_ACTOR))
    return `/actor must be the id of a person, of at most ${MAX_ACTOR} characters`;
  if (platform !== undefined && !isSpokenPlatform(platform))
    return `/platform must be one of ${PLATFORMS.join(', ')}, or other: and the code of a unit`;
  const isUnit = platform !== undefined && unitOfPlatform(platform) !== undefined;
  if (platformname !== undefined && !(isUnit && typeof platformname === 'string' && platformname.length <= MAX_STRING))
    return `/platformname must be the name of the unit that /platform names, of at most ${MAX_STRING} characters`;
  return {
    ...(actor === undefined ? {} : { actor }),
    ...(platform === undefined ? {} : { platform }),
    ...(platformname === undefined ? {} : { platformname }),
  };
}

/**
 * The mark of what somebody sends for a platform.
 * @param nameOf zh-CN name of a unit of the region's pack, by its code
 */
export function markOf(platform: SpokenPlatform, nameOf: (code: string) => string | undefined): EventMaker {
  const code = unitOfPlatform(platform);
  const platformname = code === undefined ? undefined : nameOf(code);
  return { platform, ...(platformname === undefined ? {} : { platformname }) };
}
