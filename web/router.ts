import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router';
import { onSignInNeeded } from './live/signIn.ts';
import HomeScreen from './screens/HomeScreen.vue';
import NotFoundScreen from './screens/NotFoundScreen.vue';

declare module 'vue-router' {
  interface RouteMeta {
    /** Level of the layer over a screen. */
    drill?: 'list' | 'alert' | 'enterprise';
  }
}

const DrillLayer = () => import('./drill/DrillLayer.vue');
/** Levels of the layer over a screen: the screen stays as it is behind them. */
const levels: RouteRecordRaw[] = [
  { path: 'alerts', meta: { drill: 'list' }, component: DrillLayer },
  { path: 'alerts/:id', meta: { drill: 'alert' }, component: DrillLayer },
  { path: 'enterprises/:key', meta: { drill: 'enterprise' }, component: DrillLayer },
];

/** The pages. A screen's state is in its query (settings/screenState.ts). */
export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', name: 'home', component: HomeScreen },
    { path: '/wall', name: 'wall', component: () => import('./screens/WallScreen.vue'), children: levels },
    { path: '/kiosk', name: 'kiosks', component: () => import('./screens/KioskChoiceScreen.vue') },
    { path: '/kiosk/:town(\\d{9})', name: 'kiosk', component: () => import('./screens/KioskScreen.vue'), children: levels },
    { path: '/login', name: 'login', component: () => import('./screens/LoginScreen.vue') },
    { path: '/:path(.*)*', name: 'not-found', component: NotFoundScreen },
  ],
});

onSignInNeeded(() => {
  const { name, fullPath } = router.currentRoute.value;
  if (name !== 'login') void router.push({ name: 'login', query: { next: fullPath } });
});
