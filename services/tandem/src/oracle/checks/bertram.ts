import { bertramThresholds } from '@tandem/stats';
import type { Check } from '../comparison.ts';
import { member, numberOf } from '../oracle-file.ts';
import { numberParameter, requireKnown } from '../parameters.ts';

/** Bertram's thresholds of greatest profit per time. */
export const checkBertram: Check = (test, compare) => {
  requireKnown(test, { kappa: 'any', sigma: 'any', objective: 'any' });
  const { objective } = test.params;
  if (!String(objective).startsWith('max expected profit per unit time, symmetric')) {
    throw new Error(`the objective "${objective}" is unknown`);
  }
  if (!Array.isArray(test.expected)) throw new Error('no list of costs is expected');
  for (const [i, wanted] of test.expected.entries()) {
    const found = bertramThresholds({
      kappa: numberParameter(test, 'kappa'),
      sigma: numberParameter(test, 'sigma'),
      cost: numberOf(member(wanted, 'cost')),
    });
    const fields = {
      m_star: found.distance,
      z_star: found.z,
      expected_cycle: found.expectedCycle,
      return_rate: found.returnRate,
    };
    for (const [name, value] of Object.entries(fields)) {
      compare.number(`${name}[${i}]`, value, member(wanted, name), 1e-10);
    }
  }
};
