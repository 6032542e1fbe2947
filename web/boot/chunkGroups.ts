import { fileURLToPath } from 'node:url';
import type { Rolldown } from 'vite';

const ENTRY = fileURLToPath(new URL('../main.ts', import.meta.url));
/** Every page fetches it once it is there. */
const DISPLAY = fileURLToPath(new URL('../shell/display/display.ts', import.meta.url));
const WALL = fileURLToPath(new URL('../wall/WallScreen.vue', import.meta.url));
type Context = Rolldown.ChunkingContext;

/**
 * In which files the pages' code comes. By itself, the build makes a file of each module that several pages share, and the first figures of
 * a wall wait for the last of them; so what they need comes in few files, and nothing in these that only others need
 * (docs/measured/wall-editions.md).
 */
export function chunkGroups(): Rolldown.CodeSplittingGroup[] {
  let start: ReadonlySet<string> | undefined;
  let wall: ReadonlySet<string> | undefined;
  const isOfStart = (module: string, context: Context) =>
    (start ??= withImports(DISPLAY, context, withImports(ENTRY, context))).has(module);
  const isOfWall = (module: string, context: Context) => (wall ??= withImports(WALL, context)).has(module);
  return [
    { name: 'vue', test: /\/node_modules\/vue-router\/|plugin-vue:export-helper/ },
    {
      // What many pages share: for all of them, or for those that a wall has no need of.
      name: (module, context) => (isOfStart(module, context) || isOfWall(module, context) ? 'common' : 'pages'),
      // Charts are for the screens that draw them.
      test: /\/(common(?!\/charts\/)|contract|web\/(http|i18n|live|shell))\//,
      minShareCount: 6,
    },
    {
      name: (module, context) => (isOfWall(module, context) && !isOfStart(module, context) ? 'wall-shared' : null),
      minShareCount: 2,
    },
  ];
}

/** A module and all that it imports, but for what it fetches later. */
function withImports(module: string, context: Context, found = new Set<string>()): Set<string> {
  if (found.has(module)) return found;
  found.add(module);
  for (const next of context.getModuleInfo(module)?.importedIds ?? []) withImports(next, context, found);
  return found;
}
