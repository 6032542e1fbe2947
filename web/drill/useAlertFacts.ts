import { computed, type ComputedRef, type ShallowRef } from 'vue';
import type { LngLat } from '../../contract/frame.ts';
import type { AlertDetail } from '../../contract/rest.ts';
import { instant } from '../http/instant.ts';
import { isolate } from '../i18n/bidi.ts';
import { count, decimal, moneyFigure } from '../i18n/format.ts';
import { termWords } from '../shell/termWords.ts';
import type { ArticleFigure } from './DrillArticle.vue';
import { gain } from './gain.ts';
import type { Words } from './words.ts';

/** Something known of an alert: a code that must not be broken, or words; with both, the words are a note on the code. */
export interface Fact {
  name: string;
  value?: string;
  code?: string;
}

/**
 * What an alert says of itself in words: its head with the large figures, and its facts, those that it has.
 * @param now the server's clock, epoch ms
 */
export function useAlertFacts(
  detail: ShallowRef<AlertDetail | undefined>,
  now: () => number,
  { t, lang, town, unit, who, faultText, moment }: Words,
): {
  facts: ComputedRef<Fact[]>;
  head: ComputedRef<{ title: string; sub: string; figures: ArticleFigure[] } | undefined>;
} {
  const placeText = ({ lng, lat }: LngLat) => ({ lng: lng.toFixed(4), lat: lat.toFixed(4) });
  const when = (text: string) => moment(instant(text));
  const facts = computed(() => {
    const d = detail.value;
    if (!d) return [];
    const rows: [string, string | undefined][] = [
      ['project', d.project && isolate(d.project.name)],
      ['town', town(d.town)],
      ['industry', t(`codes.industries.${d.industry}`)],
      ['channel', t(`codes.channels.${d.channel}`)],
      ['position', d.outsideLocation && t('drill.alert.outside', placeText(d.outsideLocation))],
      [
        'arrears',
        d.arrearsDays === undefined ? undefined : t('drill.alert.days', { n: count(d.arrearsDays) }, d.arrearsDays),
      ],
      ['score', d.score === undefined ? undefined : decimal(d.score, d.score % 1 ? 1 : 0)],
      ['platform', d.platform && t(`codes.platforms.${d.platform}`)],
      ['unit', d.unit && unit(d.unit)],
      ['verdict', d.verdict && t(`codes.verdicts.${d.verdict}`)],
      ['raisedAt', when(d.raisedAt)],
      ['closedAt', d.closedAt && when(d.closedAt)],
      ['conflicts', d.conflicts ? t('drill.alert.conflictsValue', { n: d.conflicts }) : undefined],
    ];
    const codes: Fact[] = [{ name: t('drill.alert.id'), code: d.alertId }];
    if (d.enterprise.uscc !== undefined)
      codes.push({ name: t('drill.alert.uscc'), code: d.enterprise.uscc, value: faultText(d.usccFault) ?? '' });
    return [...codes, ...rows.flatMap(([name, value]) => (value ? [{ name: t(`drill.alert.${name}`), value }] : []))];
  });
  const left = computed(() => {
    const d = detail.value;
    // Before the server has told its time nobody knows how long a term still is.
    return d?.remainingMs === undefined || !d.dueAt || !now()
      ? undefined
      : termWords(instant(d.dueAt), now(), lang.value);
  });
  const head = computed(() => {
    const d = detail.value;
    if (!d) return undefined;
    const figures: ArticleFigure[] = [
      { name: t('drill.alert.workers'), value: t('shell.people', { n: count(d.workers) }, d.workers) },
      { name: t('drill.alert.amount'), ...moneyFigure(d.amountFen, lang.value) },
      { name: t('drill.alert.recovered'), ...moneyFigure(d.recoveredFen, lang.value), ...gain(d.recoveredFen) },
    ];
    if (left.value !== undefined) {
      const { late, time } = left.value;
      figures.push({ name: t('drill.columns.due'), value: t(late ? 'drill.late' : 'drill.left', { time }), late });
    }
    return {
      title: who(d),
      sub: [
        t(`codes.tierAlerts.${d.tier}`),
        town(d.town),
        t(`codes.stages.${d.stage}`),
        d.supervised && t('drill.alert.supervised'),
        d.dueProvisional && t('drill.provisionalTerm'),
      ]
        .filter(Boolean)
        .join(' · '),
      figures,
    };
  });
  return { facts, head };
}
