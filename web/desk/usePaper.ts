import { computed, type ComputedRef, type ShallowRef } from 'vue';
import { useRoute } from 'vue-router';
import type { AlertRef } from '../../contract/frame.ts';
import type { RegionAnswer } from '../../contract/rest.ts';
import { useRead } from '../drill/useRead.ts';
import { reads } from '../http/reads.ts';
import { decimal } from '../i18n/format.ts';
import { useDesk, type Desk } from './useDesk.ts';

/** What papers of a case have in common. Call in `setup` of a page whose address names an alert. */
export function usePaper(t: (key: string) => string): {
  desk: Desk;
  alert: ComputedRef<AlertRef>;
  /** Of the region that the alert lies in. */
  pack: ShallowRef<RegionAnswer | undefined>;
  /** An amount to the fen, as it stands on paper. */
  yuan: (fen: number) => string;
} {
  const route = useRoute();
  const desk = useDesk();
  const alert = computed(() => ({ region: String(route.params['region']), alertId: String(route.params['id']) }));
  const { value: pack } = useRead(
    () => (desk.worker.value ? reads.region(alert.value.region) : undefined),
    () => [alert.value.region, desk.worker.value?.role].join(),
  );
  return {
    desk,
    alert,
    pack,
    yuan: (fen) => `${decimal(fen / 100, fen % 100 === 0 ? 0 : 2)} ${t('oversight.letter.yuan')}`,
  };
}
