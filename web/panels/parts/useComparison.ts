import { useI18n } from 'vue-i18n';
import type { WindowName } from '../../../contract/codes.ts';
import { ABSENT, decimal } from '../../i18n/format.ts';
import type { Comparison } from './comparison.ts';

/** Which earlier period: the one before, or the same a year ago. */
export type Period = 'previous' | 'lastYear';

/** The words of a comparison, short enough for a panel: `较上期 多 6.1%`, `+6.1% vs prior 30 days`. Call in `setup`. */
export function useComparison(): (comparison: Comparison, period: Period, window: WindowName) => string {
  const { t } = useI18n();
  return (comparison, period, window) => {
    const than = period === 'lastYear' ? t('panels.compare.lastYear') : t(`panels.compare.than.${window}`);
    switch (comparison.kind) {
      case 'none':
        return t('panels.compare.none', { than, absent: ABSENT });
      case 'new':
        return t(`panels.compare.new.${period}`, { than });
      case 'same':
        return t('panels.compare.same', { than });
      case 'small':
        return t(`panels.compare.small.${comparison.direction ?? 'same'}`, { than });
      case 'share':
        return t(`panels.compare.share.${comparison.direction}`, {
          than,
          size: `${decimal(comparison.size * 100, 1)}%`,
        });
      case 'times':
        return t('panels.compare.times', { than, n: decimal(comparison.times, comparison.times < 100 ? 1 : 0) });
      case 'points':
        return t(`panels.compare.points.${comparison.direction}`, { than, n: decimal(comparison.size, 1) });
    }
  };
}
