import { onMounted, onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { useRoute } from 'vue-router';
import { regionOfCode } from '../../common/divisions.ts';
import type { Boundaries } from '../../contract/boundaries.ts';
import type { Briefing, BriefingContent, DeckPage } from '../../contract/briefings.ts';
import type { RegionAnswer } from '../../contract/rest.ts';
import { boundariesOf } from '../http/boundaries.ts';
import { briefingsApi } from '../http/briefingsApi.ts';
import { HttpError } from '../http/client.ts';
import { reads } from '../http/reads.ts';
import { untilRead } from '../http/untilRead.ts';
import type { Lang } from '../i18n/lang.ts';
import { untilNext } from './untilNext.ts';

export interface ReadBriefing {
  /** The one that is kept; undefined of a briefing of now. */
  record: ShallowRef<Briefing | undefined>;
  title: Ref<string>;
  /** The deck that one of now is made by. */
  deck: Ref<string>;
  pages: ShallowRef<readonly DeckPage[]>;
  /** What its pages are compared with from the beginning, as an address says it. */
  compared: Ref<string | undefined>;
  /** The deck that the address asks for is not there any more: another stands in for it. */
  gone: Ref<boolean>;
  content: ShallowRef<BriefingContent | undefined>;
  pack: ShallowRef<RegionAnswer | undefined>;
  boundaries: ShallowRef<Boundaries | undefined>;
  problem: ShallowRef<HttpError | undefined>;
  /** The situation of now was last read in vain. */
  stale: Ref<boolean>;
  /** Takes over what has been changed of the one that is kept. */
  keep(changed: Briefing): void;
  /** Reads one of now again at once. */
  again(): void;
}

/**
 * Reads a briefing with what its pages are drawn from, and one of now again and again. Call in `setup`.
 * @param id of one that is kept; undefined: of now, as the address asks for it
 * @param together of one of now that is presented: epoch ms by the server's clock, by which all who follow read it; undefined: alone
 */
export function useBriefing(
  id: string | undefined,
  lang: () => Lang,
  together: () => number | undefined = () => undefined,
): ReadBriefing {
  const route = useRoute();
  const record = shallowRef<Briefing>();
  const pages = shallowRef<readonly DeckPage[]>([]);
  const title = ref('');
  const deck = ref('');
  const compared = ref<string>();
  const gone = ref(false);
  const content = shallowRef<BriefingContent>();
  const pack = shallowRef<RegionAnswer>();
  const boundaries = shallowRef<Boundaries>();
  const problem = shallowRef<HttpError>();
  const stale = ref(false);

  function keep(changed: Briefing): void {
    record.value = changed;
    pages.value = changed.pages;
    title.value = changed.title;
    compared.value = changed.compare;
  }
  async function readLive(): Promise<void> {
    const { scope, window, deck: wanted } = route.query as Record<string, string | undefined>;
    const answer = await briefingsApi.live({
      ...(scope ? { scope } : {}),
      ...(window ? { window } : {}),
      ...(wanted ? { deck: wanted } : {}),
      ...(together() === undefined ? {} : { together: 'on' as const }),
    });
    content.value = answer.content;
    pages.value = answer.deck.pages;
    title.value = answer.deck.name[lang()];
    deck.value = answer.deck.deck;
    compared.value = answer.compare;
    gone.value = answer.gone === true;
  }
  async function load(): Promise<void> {
    if (id === undefined) await untilRead(readLive);
    else {
      const answer = await untilRead(() => briefingsApi.get(id));
      content.value = answer.content;
      keep(answer);
    }
    const region = regionOfCode(content.value!.scope);
    [pack.value, boundaries.value] = await Promise.all([untilRead(() => reads.region(region)), boundariesOf(region)]);
  }
  let timer: ReturnType<typeof setTimeout> | undefined;
  let left = false;
  function follow(): void {
    // The page was left while an answer was on its way.
    if (left) return;
    timer = setTimeout(again, untilNext(together()));
  }
  function again(): void {
    clearTimeout(timer);
    readLive()
      .then(
        () => {
          stale.value = false;
        },
        () => {
          stale.value = true;
        },
      )
      .finally(follow);
  }
  onMounted(() => {
    load().then(
      () => {
        if (id === undefined) follow();
      },
      (error: unknown) => {
        problem.value = error instanceof HttpError ? error : new HttpError(0);
      },
    );
  });
  onScopeDispose(() => {
    left = true;
    clearTimeout(timer);
  });
  return { record, title, deck, pages, compared, gone, content, pack, boundaries, problem, stale, keep, again };
}
