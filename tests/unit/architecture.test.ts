import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import ts from 'typescript';
import tseslint from 'typescript-eslint';
import { beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The architecture's arrows are kept by ESLint; here it is made sure that it does keep them: files that are
 * not there are linted as if they were.
 */
describe('imports', () => {
  let eslint: ESLint;
  beforeAll(() => {
    // A file that is not there has no types; this rule asks for them all the same.
    eslint = new ESLint({
      cwd: ROOT,
      overrideConfig: [tseslint.configs.disableTypeChecked, { rules: { 'vue/no-ref-as-operand': 'off' } }],
    });
  });

  const RULES = [
    'boundaries/dependencies',
    'no-restricted-imports',
    'no-restricted-syntax',
    'no-restricted-exports',
    'no-restricted-globals',
    'no-restricted-properties',
  ];
  async function faults(filePath: string, code: string): Promise<string[]> {
    const [result] = await eslint.lintText(code, { filePath: join(ROOT, filePath) });
    expect(result?.messages.filter(({ fatal }) => fatal)).toEqual([]);
    return result!.messages.map(({ ruleId }) => ruleId ?? '').filter((rule) => RULES.includes(rule));
  }
  const vue = (code: string) => `<script setup lang="ts">\n${code}\n</script>\n<template><p>x</p></template>\n`;

  it.each<[what: string, file: string, code: string, rule: string]>([
    [
      'contract imports server',
      'contract/made.ts',
      "import { loadConfig } from '../server/config.ts';\nloadConfig({});\n",
      'boundaries/dependencies',
    ],
    [
      'contract imports types of server',
      'contract/made.ts',
      "import type { Config } from '../server/config.ts';\nexport type C = Config;\n",
      'boundaries/dependencies',
    ],
    [
      'web imports server',
      'web/live/made.ts',
      "import { loadConfig } from '../../server/config.ts';\nloadConfig({});\n",
      'boundaries/dependencies',
    ],
    [
      'web imports server in a component',
      'web/panels/Made.vue',
      vue("import { loadConfig } from '../../server/config.ts';\nloadConfig({});"),
      'boundaries/dependencies',
    ],
    ['server imports web', 'server/made.ts', "import '../web/main.ts';\n", 'boundaries/dependencies'],
    [
      'aggregations looks at the clock',
      'server/aggregations/made.ts',
      'export const at = () => Date.now();\n',
      'no-restricted-properties',
    ],
    [
      'privacy draws by lot',
      'server/privacy/made.ts',
      'export const lot = () => Math.random();\n',
      'no-restricted-properties',
    ],
    [
      'alerts waits',
      'server/alerts/made.ts',
      'export const later = (use: () => void) => setTimeout(use, 1);\n',
      'no-restricted-globals',
    ],
    [
      'alerts imports streams',
      'server/alerts/made.ts',
      "export * from '../streams/intake/validate.ts';\n",
      'boundaries/dependencies',
    ],
    [
      'redis imports the configuration',
      'server/platform/redis/made.ts',
      "import { loadConfig } from '../../config.ts';\nloadConfig({});\n",
      'boundaries/dependencies',
    ],
    [
      'aggregations imports redis late',
      'server/aggregations/made.ts',
      "export const late = () => import('../platform/redis/connect.ts');\n",
      'boundaries/dependencies',
    ],
    [
      'views imports ioredis',
      'server/views/made.ts',
      "import { Redis } from 'ioredis';\nnew Redis();\n",
      'no-restricted-imports',
    ],
    [
      'views imports a part of ioredis',
      'server/views/made.ts',
      "import utils from 'ioredis/built/utils/index.js';\nutils();\n",
      'no-restricted-imports',
    ],
    [
      'views imports ioredis late',
      'server/views/made.ts',
      "export const late = () => import('ioredis');\n",
      'no-restricted-syntax',
    ],
    [
      'streams imports Socket.IO',
      'server/streams/made.ts',
      "import { Server } from 'socket.io';\nnew Server();\n",
      'no-restricted-imports',
    ],
    [
      'a panel imports L7',
      'web/panels/made.ts',
      "import { Scene } from '@antv/l7';\nnew Scene({});\n",
      'no-restricted-imports',
    ],
    [
      'a panel imports the map library in a component',
      'web/panels/Made.vue',
      vue("import maps from '@antv/l7-maps';\nmaps();"),
      'no-restricted-imports',
    ],
    [
      'a screen imports mapbox-gl late',
      'web/wall/made.ts',
      "export const late = () => import('mapbox-gl');\n",
      'no-restricted-syntax',
    ],
    ...(
      [
        ['http', 'live', "import { openLive } from '../live/liveSource.ts';\nopenLive;\n"],
        ['charts', 'shell', "import { tierColour } from '../shell/tierMark.ts';\ntierColour('red');\n"],
        ['shell', 'panels', "import type { PanelState } from '../panels/types.ts';\nexport type S = PanelState;\n"],
        ['panels', 'drill', "import { pathOf } from '../drill/path.ts';\npathOf({ level: 'list' });\n"],
        ['panels', 'map', "import type { MapTarget } from '../map/types.ts';\nexport type T = MapTarget;\n"],
        ['map', 'panels', "import type { PanelState } from '../panels/types.ts';\nexport type S = PanelState;\n"],
        ['drill', 'wall', "import { SLOTS } from '../wall/layouts.ts';\nSLOTS.at(0);\n"],
        ['kiosk', 'wall', "import { SLOTS } from '../wall/layouts.ts';\nSLOTS.at(0);\n"],
        ['wall', 'kiosk', "export const late = () => import('../kiosk/terms.ts');\n"],
        ['admin', 'signin', "import { qrPath } from '../signin/qr.ts';\nqrPath('a');\n"],
        ['signin', 'admin', "import { trailQuery } from '../admin/trailQuery.ts';\ntrailQuery;\n"],
        ['shell', 'the program', "import { router } from '../router.ts';\nrouter;\n"],
      ] as const
    ).map(([from, to, code]): [string, string, string, string] => [
      `${from} of the pages imports ${to}`,
      `web/${from}/made.ts`,
      code,
      'boundaries/dependencies',
    ]),
    ['a default export', 'server/views/made.ts', 'export default 1;\n', 'no-restricted-exports'],
  ])('are refused: %s', async (_what, file, code, rule) => {
    expect(await faults(file, code)).toEqual([rule]);
  });

  it('of common are types of contract at most', async () => {
    expect(
      await faults('common/made.ts', "import type { Tier } from '../contract/codes.ts';\nexport type T = Tier;\n"),
    ).toEqual([]);
  });

  it.each<[what: string, code: string, rule: string]>([
    ['the time', 'export const at = Date.now();\n', 'no-restricted-properties'],
    ['the time as a Date', 'export const at = new Date();\n', 'no-restricted-syntax'],
    ['the time as a text', 'export const at = Date();\n', 'no-restricted-syntax'],
    ['a timer', 'export const id = setTimeout(() => undefined, 1);\n', 'no-restricted-globals'],
    ['a stopwatch', 'export const at = performance.now();\n', 'no-restricted-globals'],
    ['chance', 'export const one = Math.random();\n', 'no-restricted-properties'],
    ['files', "import { readFileSync } from 'node:fs';\nreadFileSync('a');\n", 'no-restricted-imports'],
    ['all that packs', "import { gzipSync } from 'node:zlib';\ngzipSync('a');\n", 'no-restricted-imports'],
    ['the environment', 'export const home = process.env.HOME;\n', 'no-restricted-globals'],
    ['the network', "export const answer = fetch('http://a');\n", 'no-restricted-globals'],
  ])('and globals: pure folders do not know %s', async (_what, code, rule) => {
    for (const folder of ['aggregations', 'alerts', 'signals/assess', 'cases/terms', 'casework/rules'])
      expect(await faults(`server/${folder}/made.ts`, code), folder).toEqual([rule]);
    expect(await faults('server/situation/made.ts', code)).toEqual([]);
  });

  it('and globals: pure folders may compute with dates and digests', async () => {
    const code =
      "import { crc32 } from 'node:zlib';\nimport { hash } from 'node:crypto';\nhash('sha1', String(crc32('a')));\n" +
      'export const day = new Date(0).getUTCDate();\n';
    expect(await faults('server/aggregations/made.ts', code)).toEqual([]);
  });

  it.each<[what: string, file: string, code: string]>([
    [
      'server imports contract',
      'server/alerts/made.ts',
      "import { TIERS } from '../../contract/codes.ts';\nTIERS.at(0);\n",
    ],
    [
      'web imports contract',
      'web/panels/Made.vue',
      vue("import { TIERS } from '../../contract/codes.ts';\nTIERS.at(0);"),
    ],
    ['redis imports ioredis', 'server/platform/redis/made.ts', "import { Redis } from 'ioredis';\nnew Redis();\n"],
    ['push imports Socket.IO', 'server/push/made.ts', "import { Server } from 'socket.io';\nnew Server();\n"],
    ['web imports the Socket.IO client', 'web/live/made.ts', "import { io } from 'socket.io-client';\nio();\n"],
    [
      'the map imports L7 and mapbox-gl',
      'web/map/made.ts',
      "import { Scene } from '@antv/l7';\nimport 'mapbox-gl/dist/mapbox-gl.css';\nnew Scene({});\n",
    ],
    [
      'the wall imports what lies below it',
      'web/wall/made.ts',
      "import { pathOf } from '../drill/path.ts';\nimport { tierColour } from '../shell/tierMark.ts';\npathOf({ level: 'list' });\ntierColour('red');\n",
    ],
    [
      'the layer of lists imports panels and the map',
      'web/drill/made.ts',
      "import type { MapTarget } from '../map/types.ts';\nimport type { PanelState } from '../panels/types.ts';\nexport type T = MapTarget | PanelState;\n",
    ],
    [
      'the program imports its roles',
      'server/made.ts',
      "import { createRedis } from './platform/redis/connect.ts';\ncreateRedis;\n",
    ],
    [
      'node and packages',
      'server/streams/made.ts',
      "import { join } from 'node:path';\nimport { Ajv } from 'ajv';\njoin('a', String(Ajv));\n",
    ],
  ])('are allowed: %s', async (_what, file, code) => {
    expect(await faults(file, code)).toEqual([]);
  });
});

/** Every import of every source file, by a quick look at its text. */
function importGraph(folders: readonly string[]): Map<string, string[]> {
  const files = folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|vue)$/.test(entry.name))
      .map((entry) => relative(ROOT, join(entry.parentPath, entry.name))),
  );
  return new Map(
    files.map((file) => {
      const text = readFileSync(join(ROOT, file), 'utf8');
      const script = file.endsWith('.vue')
        ? [...text.matchAll(/<script[^>]*>([^]*?)<\/script>/g)].map((match) => match[1]).join('\n')
        : text;
      const imports = ts
        .preProcessFile(script)
        .importedFiles.map(({ fileName }) => fileName)
        .filter((name) => name.startsWith('.'))
        .map((name) => normalize(join(dirname(file), name)));
      return [file, imports];
    }),
  );
}

/** The cycles of a graph: groups of nodes that reach each other (Tarjan). */
function cycles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  function visit(node: string): void {
    index.set(node, index.size);
    low.set(node, index.get(node)!);
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!graph.has(next)) continue;
      if (!index.has(next)) visit(next);
      if (stack.includes(next)) low.set(node, Math.min(low.get(node)!, low.get(next)!));
    }
    if (low.get(node) !== index.get(node)) return;
    const group = stack.splice(stack.indexOf(node));
    if (group.length > 1 || graph.get(node)!.includes(node)) found.push(group.sort());
  }
  for (const node of graph.keys()) if (!index.has(node)) visit(node);
  return found;
}

describe('import cycles', () => {
  it('are found where there are some', () => {
    const graph = new Map([
      ['a', ['b', 'x']],
      ['b', ['c']],
      ['c', ['a', 'd']],
      ['d', ['e']],
      ['e', ['e']],
      ['f', ['a']],
    ]);
    expect(cycles(graph).sort()).toEqual([['a', 'b', 'c'], ['e']]);
  });

  it('are not in the sources', () => {
    const graph = importGraph(['contract', 'common', 'server', 'demo', 'web', 'tools', 'testing', 'bench', 'tests']);
    expect(graph.size).toBeGreaterThan(50);
    expect(graph.get('server/config.ts')).toContain('server/platform/redis/target.ts');
    expect(cycles(graph)).toEqual([]);
  });
});
