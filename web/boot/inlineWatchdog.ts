import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transformWithOxc, type Plugin } from 'vite';
import { wordsOf } from '../legacy/unsupportedPage.ts';

const SOURCE = fileURLToPath(new URL('./watchdog.ts', import.meta.url));

/** The page carries no comments and no indents. */
const withoutComments = (code: string) =>
  code
    .replace(/\/\*\*[^]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')
    .replace(/\n\s*/g, '\n')
    .trim();

/**
 * Puts the watchdog into the page, as an inline script. The server takes the digests of such scripts into the content security
 * policy (server/platform/http/securityHeaders.ts).
 */
export function inlineWatchdog(): Plugin {
  return {
    name: 'wagewatch-watchdog',
    async transformIndexHtml() {
      const { code } = await transformWithOxc(readFileSync(SOURCE, 'utf8'), SOURCE, {
        target: 'chrome78',
        sourcemap: false,
      });
      return [
        { tag: 'script', children: withoutComments(code), injectTo: 'head-prepend' },
        {
          tag: 'p',
          attrs: { id: 'boot-words', hidden: true },
          children: wordsOf((texts) => texts.loadingAgain).join(' · '),
          injectTo: 'body',
        },
      ];
    },
  };
}
