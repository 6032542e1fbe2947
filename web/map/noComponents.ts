/** Stands in for `@antv/l7-component` (bundle.ts): L7's scene asks it for a logo control, which is never shown. */
export class Logo {
  readonly shown = false;
}
