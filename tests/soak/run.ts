import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { soak } from './soak.ts';

/**
 * `npm run soak -- --hours 1 [--screens 50] [--alerts 2] [--report soak-report.json]`: ends with code 1 when anything
 * drifts or is wrong.
 */
const { values } = parseArgs({
  options: {
    hours: { type: 'string', default: '1' },
    screens: { type: 'string', default: '50' },
    alerts: { type: 'string', default: '2' },
    report: { type: 'string', default: 'soak-report.json' },
  },
});
const say = (line: string) => process.stdout.write(`${line}\n`);
const report = await soak({
  ms: Number(values.hours) * 3_600_000,
  screens: Number(values.screens),
  alerts: Number(values.alerts),
  say,
});
writeFileSync(values.report, `${JSON.stringify(report, undefined, 1)}\n`);

say(
  `\n${report.minutes.toFixed(1)} minutes, ${report.alerts} alerts, ${report.events} events, ${report.patches} patches to ${values.screens} screens (${report.gaps} gaps, ${report.losses} connections lost), ${report.checks} comparisons of all figures`,
);
const number = (value: number) =>
  Math.abs(value) >= 100_000 ? `${(value / 1024 / 1024).toFixed(2)} Mi` : value.toFixed(1);
say(
  `${'after the warm-up'.padEnd(20)} ${'first third'.padStart(12)} ${'last third'.padStart(12)} ${'slope/h'.padStart(12)} ${'in all'.padStart(12)} ${'allowed'.padStart(12)}`,
);
for (const { name, first, last, perHour, overall, allowed, drifts } of report.drifts) {
  say(
    `${name.padEnd(20)} ${[first, last, perHour, overall, allowed].map((value) => number(value).padStart(12)).join(' ')}${drifts ? '  DRIFTS' : ''}`,
  );
}
say(report.verify);
for (const fault of report.faults) say(`FAULT ${fault}`);
say(report.faults.length ? `${report.faults.length} faults` : 'Nothing drifts, all figures are right.');
process.exitCode = report.faults.length ? 1 : 0;
