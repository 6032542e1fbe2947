import type { Declaration, Plugin } from 'postcss';

/** `min(a, b)` or `max(a, b)`, not `minmax`, with up to two levels of brackets inside. */
const INNER = String.raw`(?:[^(),]|\((?:[^()]|\([^()]*\))*\))+`;
const CHOICE = new RegExp(String.raw`(?<![\w-])(?:min|max)\((${INNER}),(${INNER})\)`, 'g');
const WHOLE_MIN = new RegExp(String.raw`^min\((${INNER}),(${INNER})\)$`);

/**
 * Chromium knows `min()` and `max()` from version 79 on. A width of two bounds is written as a width and a greatest width; any
 * other choice as its first part, which the pages write as the usual one.
 */
export function leastOfTwo(): Plugin {
  return {
    postcssPlugin: 'least-of-two',
    Declaration(declaration: Declaration) {
      const bounds = declaration.prop === 'width' ? WHOLE_MIN.exec(declaration.value) : null;
      if (bounds) declaration.cloneAfter({ prop: 'max-width', value: bounds[2]!.trim() });
      const value = declaration.value.replace(CHOICE, (_, first: string) => first.trim());
      if (value !== declaration.value) declaration.value = value;
    },
  };
}
