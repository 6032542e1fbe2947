import boundaries from 'eslint-plugin-boundaries';
import prettier from 'eslint-config-prettier';
import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';

/** The folders of the architecture, with all that is in them; `server` is what lies in none of its named ones. */
const folder = (type, pattern) => ({ type, pattern, partialMatch: false });
/** The folders of the pages, from below: each may import what lies lower, and nothing beside it or above. */
const PAGE_LAYERS = [
  ['i18n', 'styles', 'legacy'],
  ['http'],
  ['live', 'charts'],
  ['shell'],
  ['panels', 'map'],
  ['drill'],
  ['wall', 'kiosk', 'admin', 'signin'],
];
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
  ].map((type) => folder(type, `server/${type}`)),
  folder('server', 'server'),
  folder('demo', 'demo'),
  ...PAGE_LAYERS.flat().map((name) => folder(`web/${name}`, `web/${name}`)),
  folder('web', 'web'),
  folder('tools', 'tools'),
];
/** From each folder, the folders it may import from: arrows point one way. */
const may = {
  contract: ['contract', 'common'],
  common: ['common', 'contract'],
  platform: ['platform', 'contract', 'common'],
  region: ['region', 'aggregations', 'lists', 'alerts', 'contract', 'common'],
  alerts: ['alerts', 'contract', 'common'],
  aggregations: ['aggregations', 'alerts', 'contract', 'common'],
  lists: ['lists', 'alerts', 'contract', 'common'],
  streams: ['streams', 'server', 'alerts', 'aggregations', 'platform', 'region', 'access', 'contract', 'common'],
  situation: [
    'situation',
    'server',
    'streams',
    'aggregations',
    'lists',
    'alerts',
    'platform',
    'region',
    'contract',
    'common',
  ],
  access: ['access', 'platform', 'contract', 'common', 'server'],
  privacy: ['privacy', 'platform', 'alerts', 'contract', 'common'],
  push: ['push', 'server', 'region', 'alerts', 'privacy', 'access', 'platform', 'contract', 'common'],
  views: [
    'views',
    'server',
    'lists',
    'aggregations',
    'alerts',
    'region',
    'privacy',
    'access',
    'platform',
    'contract',
    'common',
  ],
  server: [
    'server',
    'views',
    'push',
    'streams',
    'situation',
    'lists',
    'alerts',
    'aggregations',
    'platform',
    'region',
    'access',
    'privacy',
    'demo',
    'contract',
    'common',
  ],
  web: ['web', ...PAGE_LAYERS.flat().map((name) => `web/${name}`), 'contract', 'common'],
  ...Object.fromEntries(
    PAGE_LAYERS.flatMap((layer, height) =>
      layer.map((name) => [
        `web/${name}`,
        [...PAGE_LAYERS.slice(0, height).flat(), name].map((one) => `web/${one}`).concat('contract', 'common'),
      ]),
    ),
  ),
  tools: [
    'tools',
    'server',
    'streams',
    'situation',
    'lists',
    'alerts',
    'aggregations',
    'platform',
    'region',
    'access',
    'demo',
    'contract',
    'common',
  ],
  demo: ['demo', 'contract', 'common'],
};

const policies = Object.entries(may).map(([type, others]) => ({
  from: { element: { type } },
  allow: { to: { element: { types: { anyOf: others } } } },
}));

/** Packages that one folder alone may import, whole or by a path inside them. */
const guarded = [
  { name: 'ioredis', where: 'server/platform/redis/' },
  { name: 'socket.io', where: 'server/push/' },
  { name: '@antv/l7', where: 'web/map/' },
  { name: '@antv/l7-maps', where: 'web/map/' },
  { name: 'mapbox-gl', where: 'web/map/' },
];
const restrict = (here) => {
  const others = guarded
    .filter(({ where }) => where !== here)
    .map(({ name, where }) => ({ name, message: `Only ${where} imports ${name}.` }));
  return {
    'no-restricted-imports': [
      'error',
      { patterns: others.map(({ name, message }) => ({ group: [name, `${name}/**`], message })) },
    ],
    'no-restricted-syntax': [
      'error',
      ...others.map(({ name, message }) => ({
        selector: `ImportExpression[source.value=/^${name.replaceAll('/', '\\/')}(\\/|$)/]`,
        message,
      })),
    ],
  };
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
const PAGES = ['web/**/*.{ts,vue}', 'tests/{unit/web,e2e,harness}/**/*.{ts,vue}'];
const typesFrom = (tsconfig) => ({
  parserOptions: { project: [tsconfig], tsconfigRootDir: import.meta.dirname, extraFileExtensions: ['.vue'] },
});

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
  { files: PAGES, languageOptions: typesFrom('tsconfig.web.json'), rules: typed },
  {
    files: ['**/*.{ts,vue}'],
    plugins: { boundaries },
    settings: {
      'boundaries/elements': elements,
      'boundaries/dependency-nodes': ['import', 'dynamic-import', 'export'],
      'boundaries/include': ['contract/**/*', 'common/**/*', 'demo/**/*', 'server/**/*', 'web/**/*', 'tools/**/*'],
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      'boundaries/dependencies': ['error', { default: 'disallow', policies }],
    },
  },
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
  { files: ['web/map/**/*.{ts,vue}'], rules: restrict('web/map/') },
  {
    files: ['contract/**/*.ts', 'common/**/*.ts', 'demo/**/*.ts', 'server/**/*.ts', 'web/**/*.ts', 'tools/**/*.ts'],
    rules: {
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } }],
    },
  },
  // Layout of the text is the formatter's alone.
  prettier,
);
