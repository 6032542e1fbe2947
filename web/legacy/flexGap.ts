import type { Plugin, Rule } from 'postcss';

const valueOf = (rule: Rule, prop: string): string | undefined => {
  let value: string | undefined;
  rule.each((node) => {
    if (node.type === 'decl' && node.prop === prop) value = node.value;
  });
  return value;
};

/** The two values of `gap`, brackets kept together. */
const partsOf = (value: string): string[] => value.match(/(?:[^\s(]|\((?:[^()]|\([^()]*\))*\))+/g) ?? [];

/**
 * Chromium knows `gap` in a flex box from version 84 on. For those before it, margins between the children stand in
 * for it: exact on one line, a margin too many at the start of a wrapped one. Rules that set `display: flex` and a gap
 * together are changed; that is how the pages write them.
 */
export function flexGap(): Plugin {
  return {
    postcssPlugin: 'flex-gap-as-margins',
    Rule(rule, { Rule: Made, Declaration: Declared }) {
      const display = valueOf(rule, 'display');
      const gap = valueOf(rule, 'gap');
      if (gap === undefined || (display !== 'flex' && display !== 'inline-flex')) return;
      const [row = '0', column = row] = partsOf(gap);
      const direction = valueOf(rule, 'flex-direction') ?? valueOf(rule, 'flex-flow')?.split(' ')[0] ?? 'row';
      const isColumn = direction.startsWith('column');
      const margin = isColumn ? row : column;
      rule.each((node) => {
        if (node.type === 'decl' && node.prop === 'gap') node.remove();
      });
      if (/^0(?:[a-z%]*)$/.test(margin)) return;
      rule.after(
        new Made({
          selectors: rule.selectors.map((selector) => `${selector} > * + *`),
          nodes: [new Declared({ prop: isColumn ? 'margin-top' : 'margin-left', value: margin })],
        }),
      );
    },
  };
}
