/** What tools without a Vue compiler (ESLint) take a component for; vue-tsc reads the components themselves. */
declare module '*.vue' {
  import type { DefineComponent } from 'vue';
  const component: DefineComponent;
  // eslint-disable-next-line no-restricted-exports -- this is how the compiler exports a component
  export default component;
}
