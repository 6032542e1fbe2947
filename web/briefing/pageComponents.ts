import type { Component } from 'vue';
import type { BriefingPage } from '../../contract/briefingLimits.ts';
import AccountsPage from './pages/AccountsPage.vue';
import CasesPage from './pages/CasesPage.vue';
import ChangesPage from './pages/ChangesPage.vue';
import CoverPage from './pages/CoverPage.vue';
import LoopPage from './pages/LoopPage.vue';
import MapPage from './pages/MapPage.vue';
import OutlookPage from './pages/OutlookPage.vue';
import RecoveredPage from './pages/RecoveredPage.vue';
import SincePage from './pages/SincePage.vue';
import SituationPage from './pages/SituationPage.vue';
import SourcesPage from './pages/SourcesPage.vue';
import TownsPage from './pages/TownsPage.vue';

/** What draws each page of a deck. */
export const COMPONENTS: Record<BriefingPage, Component> = {
  cover: CoverPage,
  situation: SituationPage,
  map: MapPage,
  towns: TownsPage,
  sources: SourcesPage,
  loop: LoopPage,
  cases: CasesPage,
  recovered: RecoveredPage,
  accounts: AccountsPage,
  changes: ChangesPage,
  outlook: OutlookPage,
  since: SincePage,
};
