import type { Alert } from '@tandem/common';

/** What a test of an endpoint says: an alert that looks like one, is marked as a test everywhere, and is stored nowhere. */
export function testAlert(dataset: string, endpoint: string, now: number): Alert {
  return {
    dataset,
    id: `test_${endpoint}_${now}`,
    rule: 'test',
    study: 'test',
    time: now,
    transition: 'firing',
    severity: 'info',
    direction: 'SHORT_SPREAD',
    z: 2.31,
    returnCorrelation: 0.84,
    beta: 28.6,
    text: 'This is a test of the endpoint, not an alert: |z| 2.31 >= 2 and returnCorrelation 0.84 >= 0.5 for 2 bars',
    late: false,
    simulated: true,
    instrument: null,
    priceCorrelation: 0.91,
    legs: 'SELL spread: sell Y, buy 28.6 X per Y (test)',
    inputs: { z: 2.31, returnCorrelation: 0.84 },
    inhibited: [],
    labels: null,
    amended: null,
    link: '/',
  };
}
