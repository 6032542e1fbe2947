import { inject, provide, type InjectionKey } from 'vue';
import { useI18n } from 'vue-i18n';
import { OWN_SOURCE } from '../../contract/alertLimits.ts';
import type { RegionPack } from '../../contract/region.ts';
import { isolate } from '../i18n/bidi.ts';
import { localName, useLang } from '../i18n/index.ts';
import { useFrameStore } from '../live/frameStore.ts';

type Named = Pick<RegionPack, 'sourceNames'>;
const KEY: InjectionKey<() => Named | undefined> = Symbol('source names');

/** Tells all that lies in the component which pack names the sources of what it shows, where it is not that of the wall. Call in `setup`. */
export function provideSourceNames(pack: () => Named | undefined): void {
  provide(KEY, pack);
}

/** Parts of the program that write events. */
const OWN = ['desk', 'clock', 'signals', 'dispatch'].map((part) => `${OWN_SOURCE}${part}`);

/**
 * What an office calls the source of an event, as text of its own in a line: by the region's pack, a part of the program by its
 * words, else as the source calls itself. Call in `setup`.
 * @param pack where the component itself provides it
 */
export function useSourceName(pack?: () => Named | undefined): (source: string) => string {
  const { t } = useI18n();
  const lang = useLang();
  const store = useFrameStore();
  const names = pack ?? inject(KEY, () => store.pack);
  return (source) => {
    if (OWN.includes(source)) return t(`shell.sources.${source.slice(OWN_SOURCE.length)}`);
    const name = names()?.sourceNames?.[source];
    return isolate(name ? localName(name, lang.value) : source);
  };
}
