import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import postcss, { type Plugin as PostcssPlugin } from 'postcss';

/**
 * Until version 83 a `<button>` of Chromium lays out its content as it likes: `display: grid` and `flex` do nothing. In
 * the legacy build such buttons are therefore written as `<div role="button" tabindex="0" data-button>`; pressing them
 * by keyboard is added by pressedByKeyboard.ts. Selectors that say `button` name them as well.
 */

const WEB = fileURLToPath(new URL('..', import.meta.url));
const BOX = /^(?:inline-)?(?:flex|grid)$/;

/** Classes whose last element is laid out as a box: those of buttons among them are what does not work. */
function boxClasses(): Set<string> {
  const classes = new Set<string>();
  for (const entry of readdirSync(WEB, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(vue|css)$/.test(entry.name)) continue;
    const text = readFileSync(join(entry.parentPath, entry.name), 'utf8');
    const styles = entry.name.endsWith('.css')
      ? [text]
      : [...text.matchAll(/<style[^>]*>([^]*?)<\/style>/g)].map((match) => match[1]!);
    for (const style of styles)
      postcss.parse(style, { from: entry.name }).walkDecls('display', ({ value, parent }) => {
        if (!BOX.test(value) || parent?.type !== 'rule') return;
        for (const selector of parent.selectors)
          for (const [, name] of selector
            .split(/[\s>+~]+/)
            .at(-1)!
            .matchAll(/\.([\w-]+)/g))
            classes.add(name!);
      });
  }
  return classes;
}

interface TemplateNode {
  type: number;
  tag?: string;
  props?: { type: number; name: string; value?: { content: string }; loc: unknown }[];
  loc: unknown;
}
/** `NodeTypes` of Vue's compiler. */
const ELEMENT = 1;
const ATTRIBUTE = 6;
const TEXT = 2;

/** A transform of Vue's template compiler. */
export function buttonsAsBoxes(): (node: unknown) => void {
  const classes = boxClasses();
  return (given) => {
    const node = given as TemplateNode;
    if (node.type !== ELEMENT || node.tag !== 'button') return;
    const attribute = (name: string) =>
      node.props!.find((prop) => prop.type === ATTRIBUTE && prop.name === name)?.value?.content;
    if (attribute('type') !== 'button') return;
    if (
      !attribute('class')
        ?.split(/\s+/)
        .some((name) => classes.has(name))
    )
      return;
    node.tag = 'div';
    const add = (name: string, content: string) => {
      if (attribute(name) === undefined)
        node.props!.push({
          type: ATTRIBUTE,
          name,
          value: { type: TEXT, content, loc: node.loc } as never,
          loc: node.loc,
        });
    };
    add('role', 'button');
    add('tabindex', '0');
    add('data-button', '');
  };
}

/** Selectors as old Chromiums know them: `button` stands for both forms, `:focus-visible` (86) is `:focus`. */
export function oldSelectors(): PostcssPlugin {
  return {
    postcssPlugin: 'old-selectors',
    Once(root) {
      root.walkRules((rule) => {
        if (rule.parent?.type === 'atrule' && /keyframes$/.test((rule.parent as postcss.AtRule).name)) return;
        rule.selectors = rule.selectors
          .map((selector) => selector.replaceAll(':focus-visible', ':focus'))
          .flatMap((selector) => {
            const other = selector.replace(/(^|[\s>+~(])button(?![\w-])/g, '$1[data-button]');
            return other === selector ? [selector] : [selector, other];
          });
      });
    },
  };
}
