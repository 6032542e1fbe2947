/** Statistics and tables of the benchmarks. */

export interface Spread {
  p50: number;
  p99: number;
  max: number;
  n: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? NaN;
  return { p50: at(0.5), p99: at(0.99), max: sorted.at(-1) ?? NaN, n: sorted.length };
}

export const median = (values: readonly number[]): number => spreadOf(values).p50;

/** How long each of so many turns took, one after the other, ms. */
export async function timed(turns: number, turn: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < turns; i++) {
    const started = performance.now();
    await turn();
    times.push(performance.now() - started);
  }
  return times;
}

export function row(name: string, value: string, note = ''): void {
  process.stdout.write(`${name.padEnd(58)} ${value.padStart(16)}  ${note}\n`);
}

export const perSecond = (n: number, ms: number): string => `${Math.round((n / ms) * 1000).toLocaleString('en')}/s`;
export const ms = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
export const mib = (bytes: number, digits = 0): string => `${(bytes / 1024 / 1024).toFixed(digits)} MiB`;
