import boundaries from 'eslint-plugin-boundaries';
import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';

/** The folders of the architecture, with all that is in them; `server` is what lies in none of its named ones. */
const folder = (type, pattern) => ({ type, pattern, partialMatch: false });
const elements = [
  folder('contract', 'contract'),
  ...['redis', 'alerts', 'aggregations', 'streams', 'region', 'push', 'routes', 'access', 'demo'].map(
    (type) => folder(type, `server/${type}`)),
  folder('server', 'server'),
  folder('web', 'web'),
  folder('tools', 'tools'),
];
/** From each folder, the folders it may import from: arrows point one way. */
const may = {
  contract: ['contract'],
  redis: ['redis', 'contract'],
  alerts: ['alerts', 'redis', 'contract'],
  aggregations: ['aggregations', 'alerts', 'contract'],
  streams: ['streams', 'alerts', 'aggregations', 'redis', 'region', 'contract'],
  region: ['region', 'contract'],
  access: ['access', 'redis', 'contract'],
  push: ['push', 'aggregations', 'alerts', 'region', 'access', 'streams', 'contract'],
  routes: ['routes', 'aggregations', 'alerts', 'streams', 'region', 'access', 'redis', 'contract'],
  server: ['server', 'routes', 'push', 'streams', 'alerts', 'aggregations', 'redis', 'region', 'access', 'demo', 'contract'],
  web: ['web', 'contract'],
  tools: ['tools', 'server', 'streams', 'alerts', 'aggregations', 'redis', 'region', 'access', 'demo', 'contract'],
  demo: ['demo', 'contract'],
};

const policies = Object.entries(may).map(([type, others]) => ({
  from: { element: { type } },
  allow: { to: { element: { types: { anyOf: others } } } },
}));

/** Packages that one folder alone may import, whole or by a path inside them. */
const guarded = [
  { name: 'ioredis', where: 'server/redis/' },
  { name: 'socket.io', where: 'server/push/' },
  { name: '@antv/l7', where: 'web/map/' },
  { name: '@antv/l7-maps', where: 'web/map/' },
  { name: 'mapbox-gl', where: 'web/map/' },
];
const restrict = (here) => {
  const others = guarded.filter(({ where }) => where !== here)
    .map(({ name, where }) => ({ name, message: `Only ${where} imports ${name}.` }));
  return {
    'no-restricted-imports': ['error', { patterns: others.map(({ name, message }) => ({ group: [name, `${name}/**`], message })) }],
    'no-restricted-syntax': ['error', ...others.map(({ name, message }) => ({
      selector: `ImportExpression[source.value=/^${name.replaceAll('/', '\\/')}(\\/|$)/]`, message,
    }))],
  };
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
  {
    files: ['**/*.{ts,vue}'],
    plugins: { boundaries },
    settings: {
      'boundaries/elements': elements,
      'boundaries/dependency-nodes': ['import', 'dynamic-import', 'export'],
      'boundaries/include': ['contract/**/*', 'server/**/*', 'web/**/*', 'tools/**/*'],
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      'boundaries/dependencies': ['error', { default: 'disallow', policies }],
    },
  },
  { files: ['server/**/*.ts', 'contract/**/*.ts', 'tools/**/*.ts', 'web/**/*.{ts,vue}'], rules: restrict('') },
  { files: ['server/redis/**/*.ts'], rules: restrict('server/redis/') },
  { files: ['server/push/**/*.ts'], rules: restrict('server/push/') },
  { files: ['web/map/**/*.{ts,vue}'], rules: restrict('web/map/') },
  {
    files: ['contract/**/*.ts', 'server/**/*.ts', 'web/**/*.ts', 'tools/**/*.ts'],
    rules: { 'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } }] },
  },
);
