import type { OracleCase } from './oracle-file.ts';

/** The specification's relative tolerance of sums and closed forms; on prices that hardly vary they have fewer digits. */
export function specifiedTolerance(test: OracleCase): number {
  return test.dataset === 'near_constant' ? 1e-8 : 1e-10;
}

/** The relative tolerance that a case states itself (1e-10, "1e-10", "1e-11 relative on…"), else `otherwise`. */
export function statedTolerance(test: OracleCase, otherwise: number): number {
  const stated = test.whole.tolerance;
  if (stated === undefined) return otherwise;
  const tolerance = typeof stated === 'string' ? Number.parseFloat(stated) : stated;
  if (typeof tolerance !== 'number' || !(tolerance > 0 && tolerance < 1)) {
    throw new Error(`the tolerance ${JSON.stringify(stated)} is unknown`);
  }
  return tolerance;
}
