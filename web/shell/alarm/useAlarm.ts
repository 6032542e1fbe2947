import { onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { contains } from '../../../common/divisions.ts';
import type { AlertBrief } from '../../../contract/frame.ts';
import type { AlertNotice } from '../../../contract/protocol.ts';
import type { AlertDetail } from '../../../contract/rest.ts';
import { PAGE_ROWS, reads } from '../../http/reads.ts';
import { instant } from '../../http/instant.ts';
import { money } from '../../i18n/format.ts';
import { useLang } from '../../i18n/index.ts';
import { placeName } from '../../i18n/places.ts';
import type { useFrameStore } from '../../live/frameStore.ts';
import { AlarmQueue, cardMs, type Card } from './alarmQueue.ts';
import { Sounds } from './chime.ts';

export interface Alarm {
  card: Readonly<Ref<Card | undefined>>;
  /** Reasons of the alert on the card, once they have been read. */
  detail: Readonly<Ref<AlertDetail | undefined>>;
  /** Sound is wanted, but the browser waits for a gesture. */
  blocked: Readonly<Ref<boolean>>;
  show(brief: AlertBrief): void;
  dismiss(): void;
}

/**
 * Takes red alerts from the line, one card at a time; rings and speaks where that is wanted.
 * @param within the scope that the screen is held to; alerts of other places are not its business
 */
export function useAlarm(
  store: ReturnType<typeof useFrameStore>,
  sound: () => boolean,
  onCard: (card: Card) => void,
  within: () => string | undefined = () => undefined,
): Alarm {
  const { t } = useI18n();
  const lang = useLang();
  const queue = new AlarmQueue();
  const sounds = new Sounds();
  const card = shallowRef<Card>();
  const detail = shallowRef<AlertDetail>();
  const blocked = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;

  function present(next: Card | undefined): void {
    card.value = next;
    detail.value = undefined;
    clearTimeout(timer);
    if (!next) return;
    timer = setTimeout(advance, cardMs(next) + 20);
    if (next.kind !== 'single') return;
    reads.alert(next.brief.alertId, next.brief.region).then(
      (answer) => {
        if (card.value === next) detail.value = answer;
      },
      () => {
        // The card says what the brief knows; reasons are an extra.
      },
    );
  }
  function advance(): void {
    const before = queue.current;
    const next = queue.advance(store.serverNow());
    if (queue.current === before && before) {
      // The clock was corrected meanwhile; the card's time is not over yet.
      timer = setTimeout(advance, 1_000);
      return;
    }
    present(next);
    if (!next) return;
    onCard(next);
    if (sound()) {
      void sounds.ring();
      sounds.speak(sentenceOf(next), lang.value);
    }
  }

  function sentenceOf(next: Card): string {
    if (next.kind === 'summary')
      // It is always several: the people may be one.
      return t(
        'shell.alarm.speechSeveral',
        { n: String(next.count), workers: next.workers, amount: money(next.amountFen, lang.value) },
        next.workers,
      );
    const { town, enterprise, workers, amountFen } = next.brief;
    return t(
      'shell.alarm.speech',
      {
        town: placeName(store.pack, town, lang.value),
        enterprise: enterprise.name,
        workers,
        amount: money(amountFen, lang.value),
      },
      workers,
    );
  }

  function take(all: readonly AlertBrief[]): void {
    const scope = within();
    const briefs = scope ? all.filter(({ town }) => contains(scope, town)) : all;
    const taken = queue.push(briefs, store.serverNow(), (brief) => instant(brief.raisedAt));
    if (taken > 0 && !queue.current) advance();
  }
  /** A notice names twenty, gravest first: where the last of them is red, the red ones after it are read. */
  async function takeAll({ briefs, more }: AlertNotice): Promise<void> {
    if (more > 0 && briefs.at(-1)?.tier === 'red') {
      const since = Math.min(...briefs.map(({ raisedAt }) => instant(raisedAt)));
      const params = new URLSearchParams({ scope: store.home, open: 'true', tier: 'red' });
      try {
        const { items } = await reads.list(params, { limit: PAGE_ROWS });
        take([...briefs, ...items.filter(({ raisedAt }) => instant(raisedAt) >= since)]);
        return;
      } catch {
        // A screen that may not read lists has those of the notice.
      }
    }
    take(briefs);
  }
  const stop = store.onAlert((notice) => {
    void takeAll(notice);
  });

  const check = async () => {
    blocked.value = sound() && (await sounds.blocked());
  };
  watch(
    sound,
    () => {
      void check();
    },
    { immediate: true },
  );
  const gesture = () => {
    if (!sound()) return;
    sounds.unlock();
    setTimeout(() => {
      void check();
    }, 300);
  };
  addEventListener('pointerdown', gesture);
  addEventListener('keydown', gesture);
  onScopeDispose(() => {
    stop();
    clearTimeout(timer);
    removeEventListener('pointerdown', gesture);
    removeEventListener('keydown', gesture);
  });

  return {
    card,
    detail,
    blocked,
    show(brief) {
      queue.show(brief, store.serverNow());
      present(queue.current);
    },
    dismiss() {
      queue.dismiss();
      advance();
    },
  };
}
