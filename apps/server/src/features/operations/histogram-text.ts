import type { Histogram } from '@scriptorium/kernel';

/** One line of a histogram's family: its labels, and what was counted. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly histogram: Histogram;
}

/**
 * A histogram in the text format of Prometheus 0.0.4. prom-client's own counts what it observes itself; these were counted in
 * the kernel, some of them in other processes.
 */
export function histogramText(
  name: string,
  help: string,
  bounds: readonly number[],
  series: readonly Series[],
): string {
  const lines = series.flatMap(({ labels, histogram }) => {
    let below = 0;
    const buckets = bounds.map((bound, place) => {
      below += histogram.buckets[place] ?? 0;
      return `${name}_bucket${labelText({ ...labels, le: String(bound) })} ${below}`;
    });
    return [
      ...buckets,
      `${name}_bucket${labelText({ ...labels, le: '+Inf' })} ${histogram.count}`,
      `${name}_sum${labelText(labels)} ${histogram.seconds}`,
      `${name}_count${labelText(labels)} ${histogram.count}`,
    ];
  });
  return [`# HELP ${name} ${help}`, `# TYPE ${name} histogram`, ...lines, ''].join('\n');
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
