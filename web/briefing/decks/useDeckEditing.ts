import { computed, ref, shallowRef } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import type { Briefing } from '../../../contract/briefings.ts';
import type { OwnDeck } from '../../../contract/ownDecks.ts';
import { briefingsApi } from '../../http/briefingsApi.ts';
import { localName, useLang } from '../../i18n/index.ts';
import type { ReadBriefing } from '../useBriefing.ts';
import type { DeckFrom } from './deckFrom.ts';

/** What is edited of a briefing on show: of one that is kept its own pages, of one of now the deck. Call in `setup`. */
export function useDeckEditing(briefing: ReadBriefing, live: boolean) {
  const { record, deck, pages, compared, content, pack, keep, again } = briefing;
  const route = useRoute();
  const router = useRouter();
  const lang = useLang();
  /** The pages of a briefing that is kept are being edited. */
  const editing = ref(false);
  /** A deck of one's own that is being made or changed. */
  const deckFrom = shallowRef<DeckFrom>();

  return {
    editing,
    deckFrom,
    scopes: computed(() => {
      const { value } = pack;
      const all = value ? [value, ...value.towns] : [];
      return all.map(({ code, name }) => ({ code, name: localName(name, lang.value) }));
    }),
    async edit(): Promise<void> {
      if (record.value) {
        editing.value = true;
        return;
      }
      const { scope, window } = content.value!;
      // One's own is changed; of any other one is made.
      const own = await briefingsApi.decks(scope).then(
        ({ items }) => items.find((one) => one.deck === deck.value && one.mine),
        () => undefined,
      );
      deckFrom.value = own ? { ...own, own } : { scope, window, compare: compared.value, pages: pages.value };
    },
    saved(changed: Briefing): void {
      keep(changed);
      editing.value = false;
    },
    keepDeck(from: DeckFrom): void {
      editing.value = false;
      deckFrom.value = from;
    },
    savedDeck({ deck: id, scope, window }: OwnDeck): void {
      const own = deckFrom.value?.own;
      deckFrom.value = undefined;
      if (!live) return;
      if (own) again();
      else void router.replace({ query: { ...route.query, scope, window, deck: id, page: '1' } }).then(again);
    },
  };
}
