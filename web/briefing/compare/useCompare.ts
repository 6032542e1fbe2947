import { computed, shallowRef, watch, type Ref } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import type { BriefingContent } from '../../../contract/briefings.ts';
import { briefingsApi } from '../../http/briefingsApi.ts';
import { HttpError } from '../../http/client.ts';
import { reads } from '../../http/reads.ts';
import { pastContent } from '../time/pastContent.ts';
import { otherOf, otherText, queryOf, type Other } from './other.ts';

/** In the address: with nothing, though the deck has something. */
const NOTHING = 'off';

/** Why there is nothing to compare with. */
export type NoOther = 'loading' | 'beginning' | 'future' | 'gone' | 'notYours' | 'away';

export type Compare = ReturnType<typeof useCompare>;

/**
 * What the pages are compared with: it lies in the address (`vs`), so that a link opens it. Call in `setup`.
 * @param content what the pages show; undefined until it has come
 * @param live it is of now
 * @param deck what the deck compares with, where the address does not say; in the same words
 * @param masked for a display: of a moment of the past it is told the frame, and no more
 */
export function useCompare(
  content: Readonly<Ref<BriefingContent | undefined>>,
  live: () => boolean,
  deck: () => string | undefined,
  masked = false,
) {
  const route = useRoute();
  const router = useRouter();
  /** What a presenter compares with, in the words of an address, while this page follows one. */
  const led = shallowRef<{ vs: string | undefined }>();
  const asked = computed(() => otherOf(led.value ? led.value.vs : (route.query['vs'] ?? deck())));
  const other = shallowRef<BriefingContent>();
  const problem = shallowRef<NoOther>('loading');

  async function read(what: Other, of: BriefingContent): Promise<BriefingContent> {
    const query = queryOf(what, of, live());
    if (query?.at !== undefined && masked) {
      const { scope, window, at } = query;
      return pastContent({ ...of, scope }, await reads.snapshot(scope, window, at), false);
    }
    if (query) return (await briefingsApi.live(query)).content;
    return (await briefingsApi.get((what as Other & { kind: 'briefing' }).id)).content;
  }
  /** What is asked of the server: of now, again with each new situation. */
  const wanted = computed(() => {
    const [what, of] = [asked.value, content.value];
    return what && of ? `${otherText(what)} ${of.scope} ${of.window} ${of.at}` : undefined;
  });
  watch(
    wanted,
    (key, before) => {
      const [what, of] = [asked.value, content.value];
      // What is compared with stays until the next has come, as long as it is the same that is asked for.
      if (key?.split(' ')[0] !== before?.split(' ')[0]) {
        other.value = undefined;
        problem.value = 'loading';
      }
      if (!what || !of) return;
      read(what, of).then(
        (found) => {
          if (wanted.value === key) other.value = found;
        },
        (error: unknown) => {
          if (wanted.value !== key) return;
          other.value = undefined;
          problem.value = whyNot(error);
        },
      );
    },
    { immediate: true },
  );

  return {
    asked,
    led,
    other,
    problem,
    /** Compares with something else, or with nothing any more. */
    choose(next: Other | undefined): void {
      const rest = Object.entries(route.query).filter(([key]) => key !== 'vs');
      const text = next ? otherText(next) : NOTHING;
      const said = text === (deck() ?? NOTHING) ? {} : { vs: text };
      void router.replace({ query: { ...Object.fromEntries(rest), ...said } });
    },
  };
}

function whyNot(error: unknown): NoOther {
  const { status, more } = error instanceof HttpError ? error : new HttpError(0);
  if (status === 400) return more['title'] === 'Moment is in the future' ? 'future' : 'beginning';
  if (status === 404 || status === 410) return 'gone';
  return status === 401 || status === 403 ? 'notYours' : 'away';
}
