import { appendFileSync } from 'node:fs';

/** Whether the tests run in full (`npm run test:faults`) or in the short form of `npm test`. */
export const LONG = process.env.FAULTS === 'long';

/** Notes what was measured, one line of JSON, in the file that `FAULTS_REPORT` names. Nothing is asserted of it. */
export function report(what: string, measured: Record<string, string | number>): void {
  const file = process.env.FAULTS_REPORT;
  if (!file) return;
  const rounded = Object.fromEntries(
    Object.entries(measured).map(([name, value]) => [
      name,
      typeof value === 'number' ? Math.round(value * 10) / 10 : value,
    ]),
  );
  appendFileSync(file, `${JSON.stringify({ what, ...rounded })}\n`);
}
