import type { Accounts } from '../../contract/briefingChanges.ts';
import type { Briefing, BriefingContent } from '../../contract/briefings.ts';
import type { WindowName } from '../../contract/codes.ts';
import { regionOfCode } from '../../common/divisions.ts';
import { parseRfc3339 } from '../../common/regionTime.ts';
import type { Regions } from '../region/region.ts';
import { viewOfScope } from '../views/regionTables.ts';
import type { BriefingStore } from './briefingStore.ts';
import { sinceLastOf } from './changes.ts';
import { contentOf, frozenOf, type Frozen } from './freeze.ts';
import { momentAsked, pastOf, type Kept } from './past.ts';

/** What a situation is asked of: now, or a moment of the past (RFC 3339). */
export interface Asked {
  scope: string;
  window: WindowName;
  at?: string | undefined;
}

export interface Situations {
  /** With the alerts behind its figures. @throws HttpProblem for a scope that is not shown here, or a moment that cannot be asked for */
  frozen(asked: Asked): Promise<Frozen>;
  /** The same without them. */
  content(asked: Asked): Promise<BriefingContent>;
}

export interface SituationParts {
  regions: Regions;
  store: BriefingStore;
  kept: Kept;
  accounts: (scope: string, towns: readonly string[], fresh: boolean) => Promise<Accounts | undefined>;
  now: () => number;
}

/** Briefings read last, so that a page of now, which asks every ten seconds, does not read a file each time. */
const REMEMBERED = 8;

/** All that pages show of a moment: the situation, wage accounts, and what has changed since the briefing before. */
export function createSituations({ regions, store, kept, accounts, now }: SituationParts): Situations {
  const remembered = new Map<string, BriefingContent>();

  /** The newest briefing of a scope that was frozen before a moment and can be read. */
  async function lastBefore(
    scope: string,
    at: number,
  ): Promise<{ briefing: Briefing; content: BriefingContent } | undefined> {
    const before = (await store.list(regionOfCode(scope))).filter(
      (one) => one.scope === scope && parseRfc3339(one.at)! < at,
    );
    for (const briefing of before) {
      const known = remembered.get(briefing.id);
      const content = known ?? (await store.read(briefing))?.content;
      if (!content) continue;
      remembered.delete(briefing.id);
      remembered.set(briefing.id, content);
      for (const id of remembered.keys()) if (remembered.size > REMEMBERED) remembered.delete(id);
      return { briefing, content };
    }
    return undefined;
  }

  /** @param fresh all of this moment: it is kept */
  async function withMore(
    content: BriefingContent,
    view: ReturnType<typeof viewOfScope>,
    fresh: boolean,
  ): Promise<BriefingContent> {
    const last = await lastBefore(content.scope, parseRfc3339(content.at)!);
    const told = content.past
      ? undefined
      : await accounts(
          content.scope,
          view.pack.towns.map(({ code }) => code),
          fresh,
        );
    return {
      ...content,
      ...(told ? { accounts: told } : {}),
      ...(last ? { last: sinceLastOf(view, content, last, now()) } : {}),
    };
  }

  return {
    async frozen({ scope, window, at }) {
      const view = () => viewOfScope(regions, scope);
      const made =
        at === undefined
          ? await frozenOf(view, scope, window, now)
          : await pastOf(view, scope, window, momentAsked(view(), at, now()), kept, now);
      return { ...made, content: await withMore(made.content, view(), true) };
    },
    async content({ scope, window, at }) {
      const view = () => viewOfScope(regions, scope);
      const made =
        at === undefined
          ? await contentOf(view, scope, window, now)
          : (await pastOf(view, scope, window, momentAsked(view(), at, now()), kept, now)).content;
      return withMore(made, view(), false);
    },
  };
}
