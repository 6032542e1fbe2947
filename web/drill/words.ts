import { employerOf } from '../shell/employer.ts';
import type { ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import type { UsccFault } from '../../contract/codes.ts';
import type { AlertBrief } from '../../contract/frame.ts';
import { levelOf } from '../../common/divisions.ts';
import { dayTime, dueTime } from '../i18n/format.ts';
import { isolate } from '../i18n/bidi.ts';
import { useLang } from '../i18n/index.ts';
import { placeName, unitName } from '../i18n/places.ts';
import type { Lang } from '../i18n/lang.ts';
import { useFrameStore } from '../live/frameStore.ts';
import type { Trouble } from './trouble.ts';
import type { Crumb } from './path.ts';

export interface Words {
  t: ReturnType<typeof useI18n>['t'];
  lang: ComputedRef<Lang>;
  town: (code: string) => string;
  /** Name of a unit, set apart from the words around it. */
  unit: (unit: string) => string;
  crumb: (crumb: Crumb) => string;
  /** A moment: with its time this year, else with its year. */
  moment: (ms: number) => string;
  /** When a term ends: like a moment, with 24:00 for the end of a day. */
  due: (ms: number) => string;
  who: (brief: Pick<AlertBrief, 'enterprise' | 'project'>) => string;
  /** What is wrong with a uscc, if something is. */
  faultText: (fault: UsccFault | undefined) => string | undefined;
  /** A uscc, and what is wrong with it. */
  usccText: (uscc: string | undefined, fault: UsccFault | undefined) => string | undefined;
  /** Why nothing is shown. */
  trouble: (trouble: Trouble) => string;
}

/** The texts of the layer. Call in `setup`. */
export function useDrillWords(windowName: () => string): Words {
  const { t } = useI18n();
  const lang = useLang();
  const store = useFrameStore();
  const town = (code: string) => placeName(store.pack, code, lang.value);
  const unit = (text: string) => isolate(unitName(store.pack, text, lang.value));
  function crumb({ kind, codes }: Crumb): string {
    const join = (name: (code: string) => string) => codes.map(name).join(t('drill.and'));
    switch (kind) {
      case 'scope':
        return store.home.length === 9 ? town(store.home) : t(`shell.whole.${levelOf(store.home)}`);
      case 'town':
        return join(town);
      case 'figure':
        return t(`drill.figures.${codes[0]!}`, { window: windowName() });
      case 'tier':
        return join((code) => t(`codes.tiers.${code}`));
      case 'stage':
        return join((code) => t(`codes.stages.${code}`));
      case 'industry':
        return join((code) => t(`codes.industriesShort.${code}`));
      case 'channel':
        return join((code) => t(`codes.channels.${code}`));
      case 'verdict':
        return join((code) => t(`codes.verdicts.${code}`));
      case 'h3':
        return t('drill.cell', { cell: codes[0]!.replace(/f+$/, '').slice(-5) });
      case 'q':
        return t('drill.searched', { q: codes[0] });
      case 'uscc':
      case 'enterprise':
      case 'alert':
        return codes[0]!;
    }
  }
  const faultText = (fault: UsccFault | undefined) => fault && t(`drill.alert.usccFaults.${fault}`);
  const moment = (ms: number) => dayTime(ms, store.now, lang.value);
  const due = (ms: number) => dueTime(ms, store.now, lang.value);
  const trouble = (why: Trouble) =>
    why.forbidden ? t('drill.forbidden') : t('drill.problem', { detail: why.detail ?? t('drill.noAnswer') });
  return {
    t,
    lang,
    town,
    unit,
    crumb,
    moment,
    due,
    trouble,
    faultText,
    usccText: (uscc, fault) => (fault ? `${uscc} · ${faultText(fault)}` : uscc),
    who: employerOf,
  };
}
