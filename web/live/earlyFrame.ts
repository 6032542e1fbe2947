import type { Session } from '../../contract/access.ts';
import type { WindowName } from '../../contract/codes.ts';
import type { Frame } from '../../contract/frame.ts';
import type { RegionAnswer, RegionsAnswer } from '../../contract/rest.ts';
import { regionOfCode } from '../../common/divisions.ts';
import { reads } from '../http/reads.ts';
import { untilRead } from '../http/untilRead.ts';
import { isTownCode, regionFor } from './scopes.ts';

/**
 * What a screen shows first, asked for while the screen itself is still being fetched: on a slow machine that is most of the time
 * until figures are on show. Each answer is taken once.
 */

/** What there is to see, and for whom. */
export interface Places {
  regions: RegionsAnswer['items'];
  /** A town that whoever looks is bound to. */
  own: string | undefined;
  /** The server's clock as of `heardAt` (`performance.now()`), epoch ms; undefined where it did not tell. */
  serverMs: number | undefined;
  heardAt: number;
}

let placesAsked: Promise<Places> | undefined;
let frameAsked: { scope: string; window: WindowName; frame: Promise<Frame> } | undefined;
let regionAsked: { code: string; region: Promise<RegionAnswer> } | undefined;

async function readPlaces(): Promise<Places> {
  let serverMs: number | undefined;
  let heardAt = 0;
  const [{ items: regions }, session] = await Promise.all([
    untilRead(() =>
      reads.regions((ms) => {
        serverMs = ms;
        heardAt = performance.now();
      }),
    ),
    reads.session().catch((): Session | undefined => undefined),
  ]);
  const scope = session?.principal?.scope;
  return { regions, own: scope !== undefined && isTownCode(scope) ? scope : undefined, serverMs, heardAt };
}

/** The widest scope that may be seen: the region's, or the town to which whoever looks is bound. */
export function widestOf({ regions, own }: Places, wanted: string | undefined): string {
  return own ?? regionFor(regions, wanted ?? '');
}

/** Whoever takes it hears of a failure; nobody need. */
const quietly = <T>(promise: Promise<T>): Promise<T> => {
  promise.catch(() => undefined);
  return promise;
};

/** Asks for the first frame of a scope. */
export function askEarly(scope: string, window: WindowName): void {
  frameAsked = { scope, window, frame: quietly(reads.snapshot(scope, window)) };
}

/** Asks for what there is to see, then for the first frame of a wall and its region. @param wanted as the URL has it */
export function askEarlyOfWall(wanted: string | undefined, window: WindowName): void {
  placesAsked = quietly(readPlaces());
  placesAsked.then(
    (places) => {
      const scope = widestOf(places, wanted);
      if (scope === '') return;
      askEarly(scope, window);
      const code = regionOfCode(scope);
      regionAsked = { code, region: quietly(reads.region(code)) };
    },
    () => undefined,
  );
}

/** @throws HttpError for an answer that is final */
export function firstPlaces(): Promise<Places> {
  const early = placesAsked;
  placesAsked = undefined;
  return early ?? readPlaces();
}

/** The frame that was asked for, if it is this one; else it is asked for now. */
export function firstFrame(scope: string, window: WindowName): Promise<Frame> {
  const early = frameAsked;
  frameAsked = undefined;
  return early?.scope === scope && early.window === window ? early.frame : reads.snapshot(scope, window);
}

/** A region as it was asked for, else until it is read. @throws HttpError for an answer that is final */
export function firstRegion(code: string): Promise<RegionAnswer> {
  const early = regionAsked;
  regionAsked = undefined;
  const again = () => untilRead(() => reads.region(code));
  return early?.code === code ? early.region.catch(again) : again();
}
