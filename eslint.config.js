import boundaries from 'eslint-plugin-boundaries';
import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';

/** A folder of the architecture and the folders it may import from (arrows point one way). */
const folder = (type, pattern) => ({ type, pattern, mode: 'full' });
const elements = [
  folder('contract', 'contract/*'),
  folder('redis', 'server/redis/**/*'),
  folder('alerts', 'server/alerts/**/*'),
  folder('aggregations', 'server/aggregations/**/*'),
  folder('streams', 'server/streams/**/*'),
  folder('region', 'server/region/**/*'),
  folder('push', 'server/push/**/*'),
  folder('routes', 'server/routes/**/*'),
  folder('access', 'server/access/**/*'),
  folder('server', 'server/*'),
  folder('web', 'web/**/*'),
  folder('tools', 'tools/**/*'),
  folder('demo', 'server/demo/**/*'),
];
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
  tools: ['tools', 'server', 'streams', 'alerts', 'aggregations', 'redis', 'region', 'demo', 'contract'],
  demo: ['demo', 'contract'],
};

const only = (names, where) => ({
  name: names[0],
  message: `Only ${where} imports it.`,
});
const guarded = [
  { pkg: 'ioredis', where: 'server/redis/' },
  { pkg: 'socket.io', where: 'server/push/' },
  { pkg: '@antv/l7', where: 'web/map/' },
  { pkg: '@antv/l7-maps', where: 'web/map/' },
  { pkg: 'mapbox-gl', where: 'web/map/' },
];
const restrict = (allowedHere) => [
  'error',
  { paths: guarded.filter((g) => g.where !== allowedHere).map((g) => only([g.pkg], g.where)) },
];

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
      'boundaries/include': ['contract/**/*', 'server/**/*', 'web/**/*', 'tools/**/*'],
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      'boundaries/element-types': [
        'error',
        { default: 'disallow', rules: Object.entries(may).map(([from, allow]) => ({ from, allow })) },
      ],
    },
  },
  { files: ['server/**/*.ts', 'contract/**/*.ts', 'tools/**/*.ts', 'web/**/*.{ts,vue}'], rules: { 'no-restricted-imports': restrict('') } },
  { files: ['server/redis/**/*.ts'], rules: { 'no-restricted-imports': restrict('server/redis/') } },
  { files: ['server/push/**/*.ts'], rules: { 'no-restricted-imports': restrict('server/push/') } },
  { files: ['web/map/**/*.{ts,vue}'], rules: { 'no-restricted-imports': restrict('web/map/') } },
  {
    files: ['contract/**/*.ts', 'server/**/*.ts', 'web/**/*.ts', 'tools/**/*.ts'],
    rules: { 'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } }] },
  },
);
