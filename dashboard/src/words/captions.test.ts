import { describe, expect, it } from 'vitest';
import { bar, row, study } from '../rows.fixture.ts';
import { emptyDetail } from '../state/model.ts';
import { captionsOf } from './captions.ts';

const tile = { kind: 'live', text: 'live', valid: true, age: 0 } as const;
const of = (given: Parameters<typeof row>[1], method = study.method) => {
  const detail = { ...emptyDetail(study.id), rows: [row(5, given)], y: [bar(5, 60_000)], x: [bar(5, 2_500)] };
  return captionsOf({ ...study, method }, detail, tile, 0);
};

describe('the line of text under a chart', () => {
  it('says the last value, its bar and its state', () => {
    const captions = of({ spreadMean: 1e-12 });
    expect(captions.spread).toBe('Spread 50.00, mean 0, σ 50.00, bar of 13:05:00 UTC. live.');
    expect(captions.beta).toBe('β 20.00 ± 0.50, bar of 13:05:00 UTC. live.');
  });

  it('tells a mean that is not 0, and a hedge ratio without an error', () => {
    expect(of({ spreadMean: 34_000 }).spread).toContain('mean 34,000');
    expect(of({ betaError: null }, 'theil-sen').beta).toContain('β 20.00, without an error by THEIL-SEN');
    expect(of({ beta: null, betaError: null, spreadMean: null }).beta).toContain('β – ± –');
  });

  it('says under spread, z and beta what inhibits an entry', () => {
    const { spread, z, beta, prices, correlation } = of({ inhibitions: ['break'] });
    for (const text of [spread, z, beta]) expect(text).toMatch(/live\. No entry: structural break\.$/);
    for (const text of [prices, correlation]) expect(text).not.toContain('No entry');
  });
});
