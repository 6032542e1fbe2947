import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/**
 * The arrows between all folders, those to come included. In a file of its own: the rule's plugin remembers files for the
 * whole process, and this tree is not that of the program.
 */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

describe('imports of a folder', () => {
  const specifier = (from: string, to: string) => {
    const path = relative(dirname(from), to);
    return path.startsWith('.') ? path : `./${path}`;
  };
  const APART = ['signals', 'cases', 'ledger', 'ferry', 'connectors', 'reports', 'replay'];
  const INNER = [
    'platform',
    'alerts',
    'aggregations',
    'lists',
    'region',
    'privacy',
    'access',
    'streams',
    'situation',
    'push',
    'views',
    'casework',
  ];
  /** A file of each folder; those of folders to come as well. */
  const FILES: Record<string, string> = {
    ...Object.fromEntries(
      ['contract', 'common', 'demo', 'testing', 'tools', 'bench', 'web', 'tests'].map((one) => [
        one,
        `${one}/there.ts`,
      ]),
    ),
    ...Object.fromEntries([...INNER, ...APART].map((one) => [one, `server/${one}/deep/there.ts`])),
    server: 'server/there.ts',
    feature: 'server/feature.ts',
    config: 'server/config.ts',
  };
  const LOW = ['platform', 'contract', 'common'];
  const FEATURE = ['feature', 'config', ...LOW];
  const PARTS = [
    'views',
    'push',
    'streams',
    'situation',
    'lists',
    'aggregations',
    'alerts',
    'access',
    'privacy',
    'region',
  ];
  const MAY: Record<string, string[]> = {
    contract: ['common'],
    common: [],
    platform: ['contract', 'common'],
    alerts: ['contract', 'common'],
    aggregations: ['alerts', 'contract', 'common'],
    lists: ['alerts', 'contract', 'common'],
    region: ['aggregations', 'lists', 'alerts', 'contract', 'common'],
    privacy: ['alerts', ...LOW],
    access: FEATURE,
    streams: ['aggregations', 'alerts', 'region', ...FEATURE],
    situation: ['streams', 'lists', 'aggregations', 'alerts', 'region', ...FEATURE],
    push: ['access', 'privacy', 'alerts', 'region', ...FEATURE],
    views: ['privacy', 'lists', 'aggregations', 'alerts', 'region', ...FEATURE],
    casework: ['views', 'privacy', 'streams', 'situation', 'lists', 'alerts', 'region', 'access', ...FEATURE],
    ...Object.fromEntries(APART.map((one) => [one, [...PARTS, ...FEATURE]])),
    server: ['feature', 'config', 'demo', 'casework', ...PARTS, ...APART, ...LOW],
    demo: ['contract', 'common'],
    testing: ['platform'],
    tools: [
      'server',
      'signals',
      'casework',
      'access',
      'situation',
      'streams',
      'aggregations',
      'alerts',
      'region',
      'demo',
      ...FEATURE,
    ],
    bench: ['testing', 'demo', 'replay', 'streams', 'lists', 'alerts', 'region', ...LOW],
  };
  // The rules follow imports to files that are there: a tree of nothing but those of FILES.
  const root = mkdtempSync(join(tmpdir(), 'arrows-'));
  let strict: ESLint;
  beforeAll(() => {
    for (const file of Object.values(FILES)) {
      mkdirSync(join(root, dirname(file)), { recursive: true });
      writeFileSync(join(root, file), '');
    }
    strict = new ESLint({
      cwd: root,
      overrideConfigFile: join(ROOT, 'eslint.config.js'),
      overrideConfig: [
        tseslint.configs.disableTypeChecked,
        { rules: { 'vue/no-ref-as-operand': 'off' } },
        { settings: { 'boundaries/root-path': root } },
      ],
    });
  });
  afterAll(() => {
    rmSync(root, { recursive: true });
  });

  it.each(Object.entries(MAY))('%s go nowhere but into itself and %j', async (from, allowed) => {
    const file = FILES[from]!.replace(/[^/]+$/, 'made.ts');
    const targets = Object.entries(FILES);
    const code = targets.map(([, to]) => `import '${specifier(file, to)}';`).join('\n');
    const [result] = await strict.lintText(`${code}\n`, { filePath: join(root, file) });
    const refused = result!.messages
      .filter(({ ruleId }) => ruleId === 'boundaries/dependencies')
      .map(({ line }) => targets[line - 1]![0]);
    expect(refused).toEqual(targets.map(([to]) => to).filter((to) => to !== from && !allowed.includes(to)));
  });
});
