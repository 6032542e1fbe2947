import { defineAsyncComponent, type Component } from 'vue';
import type { Slot } from '../layout/layouts.ts';

/**
 * The panels that come after the figures, each in a chunk of its own: headline and ticker are readable before
 * charts and map have arrived.
 */
const later = (load: () => Promise<{ default: Component }>) => defineAsyncComponent({
  loader: load,
  // A wall that lost its network for a moment must not lose a panel for ever.
  onError(_error, retry, _fail, attempts) {
    setTimeout(retry, Math.min(15_000, 500 * 2 ** attempts));
  },
});

export const CHART_PANELS: Record<Exclude<Slot, 'headline' | 'map' | 'ticker'>, Component> = {
  tiers: later(() => import('../panels/tiers/TiersPanel.vue')),
  towns: later(() => import('../panels/towns/TownsPanel.vue')),
  industries: later(() => import('../panels/industries/IndustriesPanel.vue')),
  channels: later(() => import('../panels/channels/ChannelsPanel.vue')),
  closedLoop: later(() => import('../panels/closedLoop/ClosedLoopPanel.vue')),
  successRate: later(() => import('../panels/successRate/SuccessRatePanel.vue')),
  recovered: later(() => import('../panels/recovered/RecoveredPanel.vue')),
  trend: later(() => import('../panels/trend/TrendPanel.vue')),
};

export const WallMap = later(() => import('../map/WallMap.vue'));
