/** The whole library as one file: loading its hundred parts takes six times as long. It has no types of its own. */
declare module 'echarts/dist/echarts.esm.min.mjs' {
  export { init } from 'echarts';
}
