export { erf, erfc, erfi } from './error-function.ts';
export { fUpperTail } from './f-distribution.ts';
export { regularisedBeta } from './incomplete-beta.ts';
export { logGamma } from './log-gamma.ts';
export { normalCdf, normalDensity, normalQuantile, normalTwoSidedP } from './normal.ts';
export { studentCdf, studentQuantile, studentTwoSidedP } from './student-t.ts';
