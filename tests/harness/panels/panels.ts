import type { Component } from 'vue';
import ChannelsPanel from '../../../web/panels/channels/ChannelsPanel.vue';
import ClosedLoopPanel from '../../../web/panels/closedLoop/ClosedLoopPanel.vue';
import IndustriesPanel from '../../../web/panels/industries/IndustriesPanel.vue';
import RecoveredPanel from '../../../web/panels/recovered/RecoveredPanel.vue';
import SuccessRatePanel from '../../../web/panels/successRate/SuccessRatePanel.vue';
import TiersPanel from '../../../web/panels/tiers/TiersPanel.vue';
import TownsPanel from '../../../web/panels/towns/TownsPanel.vue';
import TrendPanel from '../../../web/panels/trend/TrendPanel.vue';

export type PanelName =
  'tiers' | 'towns' | 'industries' | 'channels' | 'closedLoop' | 'successRate' | 'recovered' | 'trend';
export const PANELS: Readonly<Record<PanelName, Component>> = {
  tiers: TiersPanel,
  towns: TownsPanel,
  industries: IndustriesPanel,
  channels: ChannelsPanel,
  closedLoop: ClosedLoopPanel,
  successRate: SuccessRatePanel,
  recovered: RecoveredPanel,
  trend: TrendPanel,
};
