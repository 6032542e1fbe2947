import { parseArgs } from 'node:util';
import { loadPack } from '../support/packs.ts';
import { startProbedServer } from '../support/probe.ts';
import { fuzz, mib } from './fuzz.ts';

/** `npm run fuzz -- --runs 200000 --seed 1`: ends with code 1 when anything was found. */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '200000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
  },
});
const server = await startProbedServer();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    void server.stop().then(() => process.exit(1));
  });
try {
  const started = performance.now();
  const say = (line: string) => process.stdout.write(`${line}\n`);
  say(`seed ${values.seed}`);
  const report = await fuzz(server, loadPack('330110'), Number(values.runs), Number(values.seed), say);
  const total = Object.values(report.tried).reduce((sum, n) => sum + n, 0);
  say(
    `${total} cases in ${Math.round((performance.now() - started) / 1000)} s: ${Object.entries(report.tried)
      .map(([name, n]) => `${name} ${n}`)
      .join(', ')}`,
  );
  say(`${report.accepted} events accepted (${report.distinct} distinct), ${report.skipped} ambiguous bodies left out`);
  say(
    `heap after a fifth ${mib(report.before.heap)}, at the end ${mib(report.after.heap)}; open ${JSON.stringify(report.after.resources)}`,
  );
  for (const fault of report.faults) say(`FAULT ${fault}`);
  say(report.faults.length ? `${report.faults.length} faults` : 'No fault.');
  if (report.faults.length) process.exitCode = 1;
} finally {
  await server.stop();
}
