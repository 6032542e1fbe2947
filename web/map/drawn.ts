/** The heavy half of the map (mapbox-gl, L7), loaded apart so that the figures need not wait for it. */
export { Camera } from './camera.ts';
export { drawMap, viewOf } from './scene.ts';
