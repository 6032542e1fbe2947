/** The folders of which tsconfig.web.json knows the types; tsconfig.json knows those of all others. */
export const PAGE_FOLDERS = ['web', 'tests/unit/web', 'tests/e2e', 'tests/harness'];
