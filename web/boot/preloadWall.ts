import type { HtmlTagDescriptor, Plugin, Rolldown } from 'vite';

const WALL = '/web/wall/WallScreen.vue';
type Bundle = Readonly<Record<string, Rolldown.OutputAsset | Rolldown.OutputChunk>>;

/**
 * Asks for the files of the wall's screen as soon as the page is there, where the page is a wall: otherwise they are asked for only
 * once the program itself has come and runs, and the first figures wait for both.
 */
export function preloadWall(): Plugin {
  return {
    name: 'wagewatch-preload-wall',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle }): HtmlTagDescriptor[] => {
        if (!bundle) return [];
        const { scripts, styles } = filesOfWall(bundle);
        const code = `if(/^\\/wall(\\/|$)/.test(location.pathname)){${link('modulepreload', scripts)}${link('style', styles)}}`;
        return [{ tag: 'script', children: code, injectTo: 'head-prepend' }];
      },
    },
  };
}

/** A style is asked for as the program does when it puts it into the page (`crossorigin`): else what has come is not used, and it comes twice. */
const link = (kind: 'modulepreload' | 'style', files: readonly string[]) =>
  `${JSON.stringify(files)}.forEach(function(f){var l=document.createElement('link');l.href='/'+f;` +
  (kind === 'style' ? `l.rel='preload';l.as='style';l.crossOrigin='';` : `l.rel='modulepreload';`) +
  'document.head.appendChild(l)});';

/** What the wall's screen needs before it can show anything, without what the page itself asks for. */
function filesOfWall(bundle: Bundle): { scripts: string[]; styles: string[] } {
  const chunks = Object.values(bundle).filter((file): file is Rolldown.OutputChunk => file.type === 'chunk');
  const entry = chunks.find(({ isEntry }) => isEntry);
  const wall = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(WALL));
  if (!entry || !wall) throw new Error(`the build has no chunk of ${WALL}`);
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const withImports = (from: string, found = new Set<string>()): Set<string> => {
    if (!found.has(from)) {
      found.add(from);
      for (const next of byName.get(from)?.imports ?? []) withImports(next, found);
    }
    return found;
  };
  const there = withImports(entry.fileName);
  const scripts = [...withImports(wall.fileName)].filter((name) => !there.has(name));
  const styles = scripts.flatMap((name) => [...(byName.get(name)?.viteMetadata?.importedCss ?? [])]);
  return { scripts, styles };
}
