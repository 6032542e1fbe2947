import boundaries from 'eslint-plugin-boundaries';
import prettier from 'eslint-config-prettier';
import vue from 'eslint-plugin-vue';
import ts from 'typescript';
import tseslint from 'typescript-eslint';
import { PAGE_FOLDERS } from './scripts/lib/pageFolders.mjs';

/** The folders of the architecture, with all that is in them; `server` is what lies in none of its named ones. */
const folder = (type, pattern) => ({ type, pattern, partialMatch: false });
/** The folders of the pages, from below: each may import what lies lower, and nothing beside it or above. */
const PAGE_LAYERS = [
  ['i18n', 'styles', 'legacy'],
  ['http'],
  ['live', 'charts'],
  ['shell'],
  ['panels', 'map'],
  ['drill', 'timebar', 'clue'],
  ['wall', 'kiosk', 'briefing', 'desk', 'admin', 'signin', 'rules', 'subjects', 'reports'],
];
/** Parts of the program that meet in events only: none knows another. */
const APART = ['signals', 'cases', 'ledger', 'ferry', 'connectors', 'reports', 'replay', 'briefing'];
const elements = [
  folder('contract', 'contract'),
  folder('common', 'common'),
  ...[
    'platform',
    'alerts',
    'aggregations',
    'lists',
    'situation',
    'streams',
    'region',
    'push',
    'views',
    'access',
    'privacy',
    'site',
    'calendar',
    'casework',
    ...APART,
  ].map((type) => folder(type, `server/${type}`)),
  folder('server', 'server'),
  ...PAGE_LAYERS.flat().map((name) => folder(`web/${name}`, `web/${name}`)),
  ...['demo', 'web', 'tools', 'testing', 'bench', 'tests', 'assets'].map((type) => folder(type, type)),
];

/** What a feature is, and the settings: the only files of the root that folders of the server know. */
const files = [{ category: 'feature', pattern: 'server/{feature,config}.ts' }];
const KNOW_FEATURES = [
  'access',
  'streams',
  'situation',
  'push',
  'views',
  'site',
  'calendar',
  'casework',
  ...APART,
  'tools',
  'tests',
];
/** From each folder, the folders it may import from besides itself: arrows point one way. */
const may = {
  common: [],
  contract: ['common'],
  platform: ['contract', 'common'],
  alerts: ['contract', 'common'],
  aggregations: ['alerts', 'contract', 'common'],
  lists: ['alerts', 'contract', 'common'],
  region: ['aggregations', 'lists', 'alerts', 'contract', 'common'],
  privacy: ['alerts', 'platform', 'contract', 'common'],
  access: ['platform', 'contract', 'common'],
  site: ['platform', 'contract', 'common'],
  calendar: ['region', 'platform', 'contract', 'common'],
  streams: ['calendar', 'aggregations', 'alerts', 'region', 'platform', 'contract', 'common'],
  casework: [
    'views',
    'privacy',
    'streams',
    'calendar',
    'situation',
    'lists',
    'alerts',
    'region',
    'access',
    'platform',
    'contract',
    'common',
  ],
  situation: ['streams', 'lists', 'aggregations', 'alerts', 'region', 'platform', 'contract', 'common'],
  push: ['access', 'privacy', 'alerts', 'region', 'platform', 'contract', 'common'],
  views: ['privacy', 'lists', 'aggregations', 'alerts', 'region', 'platform', 'contract', 'common'],
  ...Object.fromEntries(
    APART.map((type) => [
      type,
      [
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
        'platform',
        'contract',
        'common',
      ],
    ]),
  ),
  server: elements.map(({ type }) => type).filter((type) => !/^(web|tools|testing|bench|tests|assets)\b/.test(type)),
  demo: ['contract', 'common'],
  testing: ['platform'],
  web: [...PAGE_LAYERS.flat().map((name) => `web/${name}`), 'contract', 'common'],
  ...Object.fromEntries(
    PAGE_LAYERS.flatMap((layer, height) =>
      layer.map((name) => [
        `web/${name}`,
        PAGE_LAYERS.slice(0, height)
          .flat()
          .map((one) => `web/${one}`)
          .concat('contract', 'common'),
      ]),
    ),
  ),
  // `server`: what all features together keep (backup, restore).
  tools: [
    'server',
    'signals',
    'casework',
    'calendar',
    'access',
    'situation',
    'streams',
    'aggregations',
    'alerts',
    'region',
    'platform',
    'demo',
    'contract',
    'common',
  ],
  bench: ['testing', 'demo', 'replay', 'streams', 'lists', 'alerts', 'region', 'platform', 'contract', 'common'],
  assets: [],
  tests: elements.map(({ type }) => type),
};

/** What the files of a folder may import: of each import, only what is said of its own folder is asked. */
const policiesOf = (type) => {
  const from = { element: { type } };
  return [
    { from, allow: { to: { element: { types: { anyOf: [type, ...may[type]] } } } } },
    ...(KNOW_FEATURES.includes(type) ? [{ from, allow: { to: { file: { categories: 'feature' } } } }] : []),
    ...(type === 'common'
      ? [{ from, allow: { to: { element: { type: 'contract' } }, dependency: { kind: 'type' } } }]
      : []),
  ];
};

/** Packages that one folder alone may import, whole or by a path inside them. */
const guarded = [
  { name: 'ioredis', where: 'server/platform/redis/' },
  { name: 'socket.io', where: 'server/push/' },
  { name: '@antv/l7', where: 'web/map/' },
  { name: '@antv/l7-maps', where: 'web/map/' },
  { name: 'mapbox-gl', where: 'web/map/' },
];
const restrict = (here, { groups = [], syntax = [] } = {}) => {
  const others = guarded
    .filter(({ where }) => where !== here)
    .map(({ name, where }) => ({ name, message: `Only ${where} imports ${name}.` }));
  return {
    'no-restricted-imports': [
      'error',
      { patterns: [...others.map(({ name, message }) => ({ group: [name, `${name}/**`], message })), ...groups] },
    ],
    'no-restricted-syntax': [
      'error',
      ...others.map(({ name, message }) => ({
        selector: `ImportExpression[source.value=/^${name.replaceAll('/', '\\/')}(\\/|$)/]`,
        message,
      })),
      ...syntax,
    ],
  };
};

/** Folders whose files think and do nothing else: what they know of time and of the world is handed to them. */
const PURE = ['server/{aggregations,alerts,signals/assess,cases/terms,casework/rules}/**/*.ts'];
const CLOCK = 'No clock here: `now` is handed in.';
const WORLD = 'No I/O and no chance here: what is needed is handed in.';
const pure = {
  ...restrict('', {
    // Two functions of Node that compute and do nothing else.
    groups: [
      { group: ['node:*', 'node:*/**', '!node:zlib', '!node:crypto'], message: WORLD },
      { group: ['node:zlib'], allowImportNames: ['crc32'], message: WORLD },
      { group: ['node:crypto'], allowImportNames: ['hash'], message: WORLD },
    ],
    syntax: [
      { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: CLOCK },
      { selector: 'CallExpression[callee.name="Date"]', message: CLOCK },
    ],
  }),
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: CLOCK },
    { object: 'Math', property: 'random', message: WORLD },
  ],
  'no-restricted-globals': [
    'error',
    ...['setTimeout', 'setInterval', 'setImmediate', 'performance'].map((name) => ({ name, message: CLOCK })),
    ...['process', 'fetch', 'crypto', 'console'].map((name) => ({ name, message: WORLD })),
  ],
};

/** What only the types show: promises that nobody waits for, values of type any, cases that a switch forgets. */
const typed = {
  '@typescript-eslint/await-thenable': 'error',
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-misused-promises': 'error',
  '@typescript-eslint/no-unnecessary-type-assertion': 'error',
  '@typescript-eslint/no-unsafe-argument': 'error',
  '@typescript-eslint/no-unsafe-assignment': 'error',
  '@typescript-eslint/no-unsafe-call': 'error',
  '@typescript-eslint/no-unsafe-member-access': 'error',
  '@typescript-eslint/no-unsafe-return': 'error',
  '@typescript-eslint/only-throw-error': 'error',
  '@typescript-eslint/prefer-promise-reject-errors': 'error',
  '@typescript-eslint/restrict-plus-operands': 'error',
  '@typescript-eslint/return-await': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
};
/** The files of the pages, of which tsconfig.web.json knows the types; tsconfig.json knows those of all others. */
const PAGES = PAGE_FOLDERS.map((name) => `${name}/**/*.{ts,vue}`);
/** Without other extensions the types are read once and for all; with them, whenever a file is not what was read. */
const typesFrom = (tsconfig, extraFileExtensions = []) => ({
  parserOptions: { project: [tsconfig], tsconfigRootDir: import.meta.dirname, extraFileExtensions },
});
/**
 * TypeScript reads of a component its script alone, which is what the parser of components gives it when it is the
 * component's turn. Were that another text than the one read before, all types would be worked out anew for each component.
 */
const readWhole = ts.sys.readFile;
ts.sys.readFile = (path, encoding) => {
  const text = readWhole(path, encoding);
  return path.endsWith('.vue') ? (/<script\b[^>]*>(.*?)<\/script>/s.exec(text ?? '')?.[1] ?? text) : text;
};

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', '.data/**', 'coverage/**'] },
  ...tseslint.configs.strict,
  ...vue.configs['flat/recommended'],
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    rules: {
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/attributes-order': 'off',
    },
  },
  { files: ['**/*.ts'], ignores: PAGES, languageOptions: typesFrom('tsconfig.json'), rules: typed },
  { files: PAGES, languageOptions: typesFrom('tsconfig.web.json', ['.vue']), rules: typed },
  {
    files: ['**/*.{ts,vue}'],
    plugins: { boundaries },
    settings: {
      'boundaries/elements': elements,
      'boundaries/files': files,
      'boundaries/dependency-nodes': ['import', 'dynamic-import', 'export'],
      'boundaries/include': ['{contract,common,demo,server,web,tools,testing,bench,tests,assets}/**/*'],
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  // A folder that lies in another comes after it, and has the last word on its own files.
  ...elements.toReversed().map(({ type, pattern }) => ({
    files: [`${pattern}/**/*.{ts,vue}`],
    rules: { 'boundaries/dependencies': ['error', { default: 'disallow', policies: policiesOf(type) }] },
  })),
  {
    files: [
      'server/**/*.ts',
      'contract/**/*.ts',
      'common/**/*.ts',
      'demo/**/*.ts',
      'tools/**/*.ts',
      'web/**/*.{ts,vue}',
    ],
    rules: restrict(''),
  },
  { files: ['server/platform/redis/**/*.ts'], rules: restrict('server/platform/redis/') },
  { files: ['server/push/**/*.ts'], rules: restrict('server/push/') },
  { files: PURE, rules: pure },
  { files: ['web/map/**/*.{ts,vue}'], rules: restrict('web/map/') },
  {
    files: ['contract/**/*.ts', 'common/**/*.ts', 'demo/**/*.ts', 'server/**/*.ts', 'web/**/*.ts', 'tools/**/*.ts'],
    rules: {
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } }],
    },
  },
  {
    // They are handed the time, and what they say depends on nothing else.
    files: ['server/{aggregations,alerts,lists,privacy}/**/*.ts', 'common/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        'performance',
        'process',
        'fetch',
        'setTimeout',
        'setInterval',
        'setImmediate',
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'The moment is handed in.' },
        { object: 'Math', property: 'random', message: 'The same input gives the same answer.' },
      ],
    },
  },
  // Layout of the text is the formatter's alone.
  prettier,
);
