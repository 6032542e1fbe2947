import type { ESTree, Plugin } from 'vite';

/** What the pages and the server share. Nothing in it does anything but define constants and functions. */
const SHARED = /\/(contract|common)\/[^?]*\.ts$/;

/**
 * Lets the build leave out what the pages do not use of the shared folders. The pages take lists and limits from modules that define
 * schemas, too; a schema is made by calls, and what is called at the top of a module stays in the program, with all of the library
 * behind it. So each such constant becomes a call that is marked as pure.
 */
export function leanContract(): Plugin {
  return {
    name: 'wagewatch-lean-contract',
    apply: 'build',
    // After types are out.
    enforce: 'post',
    transform: {
      filter: { id: SHARED },
      handler(code) {
        let lean = code;
        // From the end on, so that what comes before keeps its place.
        for (const { start, end } of madeConstants(this.parse(code)).reverse())
          lean = `${lean.slice(0, start)}/* @__PURE__ */ (() => (${lean.slice(start, end)}))()${lean.slice(end)}`;
        return { code: lean, map: null };
      },
    },
  };
}

/** What constants at the top of a module are set to, where that is more than a plain value. */
function madeConstants({ body }: ESTree.Program): { start: number; end: number }[] {
  return body
    .map((statement) => (statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement))
    .flatMap((statement) => (statement?.type === 'VariableDeclaration' ? statement.declarations : []))
    .flatMap(({ init }) => (init && !isPlain(init) ? [{ start: init.start, end: init.end }] : []));
}

/** Whether the build sees by itself that it may leave an expression out. */
function isPlain(node: ESTree.Node): boolean {
  switch (node.type) {
    case 'Literal':
    case 'Identifier':
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
      return true;
    case 'ArrayExpression':
      return node.elements.every((element) => element !== null && isPlain(element));
    case 'ObjectExpression':
      return node.properties.every(
        (property) => property.type === 'Property' && !property.computed && isPlain(property.value),
      );
    default:
      return false;
  }
}
