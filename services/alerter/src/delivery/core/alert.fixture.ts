import type { Alert } from '@tandem/common';

/** 2024-08-08 00:00 UTC. */
export const start = 1_723_075_200_000;

/** An alert as the rule of the first run raises it. */
export function alert(given: Partial<Alert> = {}): Alert {
  const { rule = 'divergence', study = 'btc-eth-1m', time = start, transition = 'firing' } = given;
  return {
    dataset: 'live',
    id: `${rule}_${study}_${time}_${transition}`,
    rule,
    study,
    time,
    transition,
    severity: 'warning',
    direction: 'SHORT_SPREAD',
    z: 2.314,
    returnCorrelation: 0.84,
    beta: 28.63,
    text: '|z| 2.31 >= 2 and returnCorrelation 0.84 >= 0.5 for 2 bars',
    late: false,
    simulated: false,
    instrument: null,
    priceCorrelation: 0.91,
    legs: 'SELL spread: sell BTC, buy 28.6 ETH per BTC',
    inputs: { z: 2.314, returnCorrelation: 0.84, quality: null, regime: 'mean-reverting' },
    inhibited: [],
    labels: null,
    amended: null,
    link: `/?study=${study}&alert=${rule}_${study}_${time}_${transition}`,
    ...given,
  };
}
