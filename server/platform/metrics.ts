import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Figures about the program itself, for Prometheus. Each feature registers its own, by a name without `wagewatch_`. */
export interface Metrics {
  counter(name: string, help: string): Counter;
  /** @param buckets upper bounds in seconds */
  histogram<L extends string = never>(name: string, help: string, buckets: number[], labels?: L[]): Histogram<L>;
  /** @param collect called when the figures are asked for, to set the gauge as it is then */
  gauge<L extends string = never>(
    name: string,
    help: string,
    labels?: L[],
    collect?: (gauge: Gauge<L>) => void,
  ): Gauge<L>;
  readonly contentType: string;
  render(): Promise<string>;
}

/** A registry with the metrics of Node itself in it. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const full = (name: string) => `wagewatch_${name}`;
  return {
    counter: (name, help) => new Counter({ name: full(name), help, registers }),
    histogram: (name, help, buckets, labelNames = []) =>
      new Histogram({ name: full(name), help, buckets, labelNames, registers }),
    gauge: <L extends string>(name: string, help: string, labelNames: L[] = [], collect?: (gauge: Gauge<L>) => void) =>
      new Gauge<L>({
        name: full(name),
        help,
        labelNames,
        registers,
        ...(collect && {
          collect() {
            collect(this);
          },
        }),
      }),
    contentType: registry.contentType,
    render: () => registry.metrics(),
  };
}
