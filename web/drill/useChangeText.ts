import { count, money } from '../i18n/format.ts';
import type { Words } from './words.ts';

/** What an amendment changed, in words: one field, what it was and what it is. */
export function useChangeText({
  t,
  lang,
  town,
}: Words): (change: { field: string; before?: unknown; after: unknown }) => string {
  function valueText(field: string, value: unknown): string {
    if (value === undefined || value === null) return '–';
    switch (field) {
      case 'tier':
        return t(`codes.tiers.${String(value)}`);
      case 'industry':
        return t(`codes.industriesShort.${String(value)}`);
      case 'channel':
        return t(`codes.channels.${String(value)}`);
      case 'town':
        return town(String(value));
      case 'amountFen':
        return money(Number(value), lang.value);
      case 'workers':
      case 'arrearsDays':
        return count(Number(value));
      case 'enterprise':
      case 'project':
        return String((value as { name?: unknown }).name ?? '');
      default:
        return String(value);
    }
  }

  return (change) => {
    if (change.field === 'location') return t('drill.alert.located');
    const field = t(`drill.alert.fields.${change.field}`);
    return change.before === undefined
      ? t('drill.alert.changed', { field, after: valueText(change.field, change.after) })
      : t('drill.alert.change', {
          field,
          before: valueText(change.field, change.before),
          after: valueText(change.field, change.after),
        });
  };
}
