import { describe, expect, it } from 'vitest';
import { metricsRegistry } from './metrics.ts';

describe('metrics', () => {
  it('shows counters, gauges and histograms in the text format, per registry', async () => {
    const metrics = metricsRegistry();
    metrics.counter('ticks_total', 'Ticks published', ['venue']).inc({ venue: 'sim' }, 3);
    metrics.gauge('gaps_open', 'Open gaps').set(2);
    metrics.histogram('store_write_seconds', 'Time of a write').observe(0.003);
    const text = await metrics.text();
    expect(text).toContain('tandem_ticks_total{venue="sim"} 3');
    expect(text).toContain('tandem_gaps_open 2');
    expect(text).toContain('tandem_store_write_seconds_bucket{le="0.002"} 0');
    expect(text).toContain('tandem_store_write_seconds_bucket{le="0.005"} 1');
    expect(metrics.contentType).toMatch(/^text\/plain/);
    expect(await metricsRegistry().text()).not.toContain('tandem_');
  });

  it('gives several services of one process the same metric', async () => {
    const metrics = metricsRegistry();
    metrics.counter('messages_total', 'Messages').inc();
    metrics.counter('messages_total', 'Messages').inc();
    expect(await metrics.text()).toContain('tandem_messages_total 2');
  });

  it('can add the process itself', async () => {
    expect(await metricsRegistry({ ofProcess: true }).text()).toContain('process_resident_memory_bytes');
  });
});
