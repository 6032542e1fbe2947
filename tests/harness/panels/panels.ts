import type { Component } from 'vue';
import AgendaPanel from '../../../web/panels/agenda/AgendaPanel.vue';
import HeadlinePanel from '../../../web/panels/headline/HeadlinePanel.vue';
import IndustriesPanel from '../../../web/panels/industries/IndustriesPanel.vue';
import PagesPanel from '../../../web/panels/pages/PagesPanel.vue';
import RecoveredPanel from '../../../web/panels/recovered/RecoveredPanel.vue';
import SentencePanel from '../../../web/panels/sentence/SentencePanel.vue';
import SourcesPanel from '../../../web/panels/sources/SourcesPanel.vue';
import StagesPanel from '../../../web/panels/stages/StagesPanel.vue';
import SuccessRatePanel from '../../../web/panels/successRate/SuccessRatePanel.vue';
import TickerPanel from '../../../web/panels/ticker/TickerPanel.vue';
import TiersPanel from '../../../web/panels/tiers/TiersPanel.vue';
import TownsPanel from '../../../web/panels/towns/TownsPanel.vue';
import TrendPanel from '../../../web/panels/trend/TrendPanel.vue';

export type PanelName =
  | 'sentence'
  | 'headline'
  | 'towns'
  | 'sources'
  | 'trend'
  | 'agenda'
  | 'stages'
  | 'ticker'
  | 'pages'
  | 'tiers'
  | 'industries'
  | 'successRate'
  | 'recovered';
export const PANELS: Readonly<Record<PanelName, Component>> = {
  sentence: SentencePanel,
  headline: HeadlinePanel,
  towns: TownsPanel,
  sources: SourcesPanel,
  trend: TrendPanel,
  agenda: AgendaPanel,
  stages: StagesPanel,
  ticker: TickerPanel,
  pages: PagesPanel,
  tiers: TiersPanel,
  industries: IndustriesPanel,
  successRate: SuccessRatePanel,
  recovered: RecoveredPanel,
};
