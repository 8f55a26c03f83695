import { describe, expect, it } from 'vitest';
import { apartFault, chosenServices } from './chosen-services.ts';

describe('the services of a process', () => {
  it('are all five unless some are named', () => {
    expect(chosenServices(['--port', '0'])).toEqual({
      services: ['api', 'alerter', 'analytics', 'resampler', 'ingestor'],
      flags: ['--port', '0'],
    });
    expect(chosenServices(['ingestor', 'resampler', '--port', '0'])).toEqual({
      services: ['resampler', 'ingestor'],
      flags: ['--port', '0'],
    });
  });

  it('are refused by a name that none has', () => {
    expect(() => chosenServices(['ingester'])).toThrow('"ingester" is no service');
  });

  it('cannot be fewer than all on a bus or a store of one process', () => {
    const memory = { bus: 'memory:', store: 'questdb://q' };
    expect(apartFault(['api', 'alerter', 'analytics', 'resampler', 'ingestor'], memory)).toBeUndefined();
    expect(apartFault(['ingestor'], memory)).toContain('joins the services of one process only');
    expect(apartFault(['ingestor'], { bus: 'nats://n', store: 'duckdb:./x' })).toContain(
      'belongs to one process',
    );
    expect(apartFault(['ingestor'], { bus: 'nats://n', store: 'questdb://q' })).toBeUndefined();
  });
});
