import { createRouter, createWebHistory } from 'vue-router';
import { onSignInNeeded } from './live/signIn.ts';
import HomeScreen from './screens/HomeScreen.vue';
import NotFoundScreen from './screens/NotFoundScreen.vue';

const DrillLayer = () => import('./drill/DrillLayer.vue');

/** The pages. A screen's state is in its query (settings/screenState.ts). */
export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', name: 'home', component: HomeScreen },
    {
      path: '/wall',
      name: 'wall',
      component: () => import('./screens/WallScreen.vue'),
      // Levels of the layer over the wall: the wall stays as it is behind them.
      children: [
        { path: 'alerts', name: 'drill-list', component: DrillLayer },
        { path: 'alerts/:id', name: 'drill-alert', component: DrillLayer },
        { path: 'enterprises/:key', name: 'drill-enterprise', component: DrillLayer },
      ],
    },
    { path: '/login', name: 'login', component: () => import('./screens/LoginScreen.vue') },
    { path: '/:path(.*)*', name: 'not-found', component: NotFoundScreen },
  ],
});

onSignInNeeded(() => {
  const { name, fullPath } = router.currentRoute.value;
  if (name !== 'login') void router.push({ name: 'login', query: { next: fullPath } });
});
