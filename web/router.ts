import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router';
import { displayLine } from './live/displayLine.ts';
import { askEarly, askEarlyOfWall } from './live/earlyFrame.ts';
import { inItsLanguage, onSignInNeeded, wasDisplay } from './http/signIn.ts';
import NotFoundScreen from './shell/NotFoundScreen.vue';
import { useSettingsStore } from './shell/settings/settingsStore.ts';

declare module 'vue-router' {
  interface RouteMeta {
    /** Level of the layer over a screen. */
    drill?: 'list' | 'alert' | 'enterprise';
    /** Read like paper: light, unless somebody wants it dark. */
    paper?: true;
  }
}

const DrillLayer = () => import('./drill/DrillLayer.vue');
/** Levels of the layer over a screen: the screen stays as it is behind them. */
const levels: RouteRecordRaw[] = [
  { path: 'alerts', meta: { drill: 'list' }, component: DrillLayer },
  { path: 'alerts/:region(\\d{6})/:id', meta: { drill: 'alert' }, component: DrillLayer },
  { path: 'alerts/:id', meta: { drill: 'alert' }, component: DrillLayer },
  { path: 'enterprises/:key', meta: { drill: 'enterprise' }, component: DrillLayer },
];

/** The pages. A screen's state is in its query (shell/settings/screenState.ts). */
export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', name: 'home', component: () => import('./shell/HomeScreen.vue') },
    { path: '/wall', name: 'wall', component: () => import('./wall/WallScreen.vue'), children: levels },
    { path: '/kiosk', name: 'kiosks', component: () => import('./kiosk/KioskChoiceScreen.vue') },
    {
      path: '/kiosk/:town(\\d{9})',
      name: 'kiosk',
      component: () => import('./kiosk/KioskScreen.vue'),
      children: levels,
    },
    {
      path: '/desk/:list(mine|unit|open|waiting|supervised|done)?',
      name: 'desk',
      meta: { paper: true },
      component: () => import('./desk/DeskScreen.vue'),
    },
    { path: '/desk/report', name: 'report', meta: { paper: true }, component: () => import('./desk/ReportScreen.vue') },
    {
      path: '/desk/supervisions/:state(drafts|open|overdue|answered|ended)?',
      name: 'supervisions',
      meta: { paper: true },
      component: () => import('./desk/SupervisionsScreen.vue'),
    },
    {
      path: '/desk/performance',
      name: 'performance',
      meta: { paper: true },
      component: () => import('./desk/PerformanceScreen.vue'),
    },
    {
      path: '/desk/letters/:region(\\d{6})/:id',
      name: 'letter',
      meta: { paper: true },
      component: () => import('./desk/LetterScreen.vue'),
    },
    {
      path: '/desk/archive/:region(\\d{6})/:id',
      name: 'archive',
      meta: { paper: true },
      component: () => import('./desk/ArchiveScreen.vue'),
    },
    {
      path: '/briefing',
      name: 'briefings',
      meta: { paper: true },
      component: () => import('./briefing/BriefingsScreen.vue'),
    },
    {
      path: '/briefing/live',
      name: 'briefing-live',
      meta: { paper: true },
      component: () => import('./briefing/BriefingShow.vue'),
    },
    {
      path: '/briefing/live/presenter',
      name: 'live-presenter',
      meta: { paper: true },
      component: () => import('./briefing/present/PresenterScreen.vue'),
    },
    {
      path: '/briefing/display',
      name: 'briefing-display',
      meta: { paper: true },
      component: () => import('./briefing/present/DisplayScreen.vue'),
    },
    {
      path: '/briefing/:id(\\d{6}-[0-9a-f]{18})',
      name: 'briefing',
      meta: { paper: true },
      component: () => import('./briefing/BriefingShow.vue'),
    },
    {
      path: '/briefing/:id(\\d{6}-[0-9a-f]{18})/presenter',
      name: 'presenter',
      meta: { paper: true },
      component: () => import('./briefing/present/PresenterScreen.vue'),
    },
    { path: '/login', name: 'login', component: () => import('./signin/LoginScreen.vue') },
    { path: '/join', name: 'join', component: () => import('./signin/JoinScreen.vue') },
    { path: '/personas', name: 'personas', component: () => import('./shell/personas/PersonasScreen.vue') },
    { path: '/pair', name: 'pair', component: () => import('./signin/PairScreen.vue') },
    {
      path: '/admin/:tab(displays|people|tokens|site|calendar|connectors|trail)?',
      name: 'admin',
      component: () => import('./admin/AdminScreen.vue'),
    },
    {
      path: '/rules/:tab(tiers|indicators|versions)?',
      name: 'rules',
      component: () => import('./rules/RulesScreen.vue'),
    },
    {
      path: '/reports/:tab(schedules|templates)?',
      name: 'reports',
      component: () => import('./reports/ReportsScreen.vue'),
    },
    {
      path: '/reports/:digest([0-9a-f]{64})/lists',
      name: 'report-lists',
      component: () => import('./reports/ReportListsScreen.vue'),
    },
    { path: '/subjects', name: 'subjects', component: () => import('./subjects/SubjectsScreen.vue') },
    { path: '/subjects/:key', name: 'subject', component: () => import('./subjects/PortraitScreen.vue') },
    { path: '/:path(.*)*', name: 'not-found', component: NotFoundScreen },
  ],
});

// A page whose code did not come is fetched again by the watchdog (boot/watchdog.ts).
// The address is that of what was asked for by then, so that the page opens it.
router.onError((_error, to) => {
  history.replaceState(history.state, '', router.resolve(to.fullPath).href);
  dispatchEvent(new Event('wagewatch:lost'));
});

// Before the screen is fetched; it stays for as long as the page.
const stopAsking = router.beforeEach((to) => {
  stopAsking();
  const screen = to.matched[0]?.name;
  if (screen !== 'kiosk' && screen !== 'wall') return;
  const { scope, window } = useSettingsStore().stateFor(to.query);
  if (screen === 'kiosk') askEarly(String(to.params['town']), window);
  else askEarlyOfWall(scope || undefined, window);
});

/** Pages for those who are not in yet. */
const OUTSIDE = ['login', 'join', 'pair'];

let leaving = false;
onSignInNeeded(() => {
  const { name, fullPath, matched } = router.currentRoute.value;
  // Also before the first page is there.
  const here = matched.length ? fullPath : location.pathname + location.search;
  if (leaving || OUTSIDE.includes(String(name))) return;
  leaving = true;
  // Somebody who was in is told that this has ended; a stranger is only asked.
  const ended = displayLine.state()?.build === undefined ? {} : { ended: '' };
  // A display has nobody to sign in: it says so, and shows a code to be paired by. A full load leaves no line behind.
  const { href } = router.resolve(
    wasDisplay() === undefined
      ? { name: 'login', query: { next: here, ...ended } }
      : { name: 'pair', query: { ended: '' } },
  );
  location.assign(inItsLanguage(href, here));
});
