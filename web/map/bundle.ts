/**
 * Aliases for Vite that keep what the map does not use out of the browser; spread into `resolve.alias`.
 * - mapbox-gl: the build for strict content security policies (no worker from a blob, no eval), never the other one
 *   beside it, which L7 would import by its bare name.
 * - L7's own controls and pop-ups: half a megabyte of icons and styles for things this map draws itself.
 */
export const mapAliases = [
  { find: /^mapbox-gl$/, replacement: 'mapbox-gl/dist/mapbox-gl-csp.js' },
  {
    find: /^@antv\/l7-component$/,
    replacement: decodeURIComponent(new URL('./noComponents.ts', import.meta.url).pathname),
  },
];
