import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Name and help text of a metric. */
export interface MetricConfig<Label extends string> {
  /** In snake case with its unit last, such as `parley_send_seconds`. */
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly Label[];
}

/** The metrics of one service, in a registry of their own. Asking for a name again gives the same metric. */
export interface Metrics {
  readonly registry: Registry;
  counter<Label extends string>(config: MetricConfig<Label>): Counter<Label>;
  /** `collect` is run whenever the metrics are read. */
  gauge<Label extends string>(
    config: MetricConfig<Label> & { readonly collect?: (gauge: Gauge<Label>) => void },
  ): Gauge<Label>;
  histogram<Label extends string>(
    config: MetricConfig<Label> & { readonly buckets?: readonly number[] },
  ): Histogram<Label>;
  /** In Prometheus' text format. */
  text(): Promise<string>;
}

/** Metrics labelled with the service's name; `process`: memory, CPU and event loop of the process too. */
export function createMetrics(service: string, options: { readonly process?: boolean } = {}): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  if (options.process === true) collectDefaultMetrics({ register: registry });

  const once = <Metric>(name: string, kind: abstract new (...args: never[]) => Metric, make: () => Metric): Metric => {
    const known: unknown = registry.getSingleMetric(name);
    if (known === undefined) return make();
    if (known instanceof kind) return known;
    throw new Error(`unable to make the metric ${name}; there is one of another kind`);
  };

  return {
    registry,
    counter: ({ name, help, labels = [] }) =>
      once(
        name,
        Counter<(typeof labels)[number]>,
        () => new Counter({ name, help, labelNames: labels, registers: [registry] }),
      ),
    gauge: ({ name, help, labels = [], collect }) =>
      once(name, Gauge<(typeof labels)[number]>, () => {
        const gauge: Gauge<(typeof labels)[number]> = new Gauge({
          name,
          help,
          labelNames: labels,
          registers: [registry],
          ...(collect === undefined ? {} : { collect: () => collect(gauge) }),
        });
        return gauge;
      }),
    histogram: ({ name, help, labels = [], buckets }) =>
      once(
        name,
        Histogram<(typeof labels)[number]>,
        () =>
          new Histogram({
            name,
            help,
            labelNames: labels,
            registers: [registry],
            ...(buckets === undefined ? {} : { buckets: [...buckets] }),
          }),
      ),
    text: () => registry.metrics(),
  };
}
