import { build } from 'hdr-histogram-js';

/** Percentiles of latencies, in ms. */
export interface LatencySummary {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

export interface LatencyHistogram {
  /** In ms; kept to a microsecond, with three significant digits, up to ten minutes. */
  record(ms: number): void;
  summary(): LatencySummary;
}

const mostUs = 600_000_000;

/** A histogram of constant size and bounded relative error: see http://hdrhistogram.org. */
export function createHistogram(): LatencyHistogram {
  const histogram = build({
    bitBucketSize: 64,
    numberOfSignificantValueDigits: 3,
    lowestDiscernibleValue: 1,
    highestTrackableValue: mostUs,
    autoResize: false,
    useWebAssembly: false,
  });
  const at = (percentile: number) => histogram.getValueAtPercentile(percentile) / 1_000;
  return {
    record: (ms) => histogram.recordValue(Math.min(mostUs, Math.max(1, Math.round(ms * 1_000)))),
    summary: () => ({
      count: histogram.totalCount,
      p50: at(50),
      p90: at(90),
      p95: at(95),
      p99: at(99),
      p999: at(99.9),
      max: histogram.totalCount === 0 ? 0 : histogram.maxValue / 1_000,
    }),
  };
}
