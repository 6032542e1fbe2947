/**
 * Lets plain `node` run the project's TypeScript, for tests that start (and kill) programs of their own:
 * `node --import ./tests/support/tsHook.mjs program.ts`. Types are stripped, not checked.
 */
import { readFileSync } from 'node:fs';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import ts from 'typescript';

const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023, verbatimModuleSyntax: true };

export function load(url, context, next) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context);
  const fileName = fileURLToPath(url);
  const { outputText } = ts.transpileModule(readFileSync(fileName, 'utf8'), { fileName, compilerOptions: options });
  return { format: 'module', source: outputText, shortCircuit: true };
}

// Hooks run in a thread of their own, where this file is loaded once more.
if (isMainThread) register(import.meta.url);
