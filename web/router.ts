import { createRouter, createWebHistory } from 'vue-router';
import HomeScreen from './screens/HomeScreen.vue';
import NotFoundScreen from './screens/NotFoundScreen.vue';

/** The pages. A screen's state is in its query (settings/screenState.ts). */
export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', name: 'home', component: HomeScreen },
    { path: '/wall', name: 'wall', component: () => import('./screens/WallScreen.vue') },
    { path: '/:path(.*)*', name: 'not-found', component: NotFoundScreen },
  ],
});
