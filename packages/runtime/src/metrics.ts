import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** The numbers that a process shows of itself, in the design's words. */
export interface Metrics {
  /** What has been counted since the process started. */
  counter<Label extends string = never>(
    name: string,
    help: string,
    labels?: readonly Label[],
  ): Counter<Label>;
  /** What goes up and down. */
  gauge<Label extends string = never>(name: string, help: string, labels?: readonly Label[]): Gauge<Label>;
  /** How long things take, in seconds. */
  histogram<Label extends string = never>(
    name: string,
    help: string,
    labels?: readonly Label[],
    buckets?: readonly number[],
  ): Histogram<Label>;
  /** All of them in Prometheus' text format. */
  text(): Promise<string>;
  readonly contentType: string;
}

/** From half a millisecond, in steps of about 2, to half a minute. */
const durations = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30];

/** A registry of this process. Names get the prefix `tandem_`; asking for a name again gives the same metric. */
export function metricsRegistry(options: { ofProcess?: boolean } = {}): Metrics {
  const registry = new Registry();
  // They take a timer of their own, which a process wants and a test does not.
  if (options.ofProcess) collectDefaultMetrics({ register: registry });
  const known = new Map<string, unknown>();
  const once = <Metric>(kind: string, name: string, make: (full: string) => Metric): Metric => {
    const id = `${kind} ${name}`;
    const metric = known.get(id) ?? make(`tandem_${name}`);
    known.set(id, metric);
    return metric as Metric;
  };
  const registers = [registry];
  return {
    counter: (name, help, labels = []) =>
      once('counter', name, (full) => new Counter({ name: full, help, labelNames: [...labels], registers })),
    gauge: (name, help, labels = []) =>
      once('gauge', name, (full) => new Gauge({ name: full, help, labelNames: [...labels], registers })),
    histogram: (name, help, labels = [], buckets = durations) =>
      once(
        'histogram',
        name,
        (full) =>
          new Histogram({ name: full, help, labelNames: [...labels], buckets: [...buckets], registers }),
      ),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
