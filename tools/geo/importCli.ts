import { runImport } from './import.ts';

process.exitCode = runImport(process.argv.slice(2), {
  env: process.env,
  now: Date.now(),
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
