/**
 * Options of Ajv for schemas of our own: they are well-formed, as a test finds (tests/unit/common/trustedSchemas.test.ts), so that
 * neither what schemas must be is compiled, nor each of them held against it. That was a tenth of a start, and of each tool's.
 */
export const TRUSTED = { strict: false, meta: false, validateSchema: false } as const;
