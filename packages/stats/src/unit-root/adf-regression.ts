import type { InputCode, Series } from '../input-error.ts';
import { type AdfFit, conclude, isFit } from './adf-fit.ts';
import { compareByQr, estimateByQr } from './adf-qr.ts';
import { emptySample, prepareSample } from './adf-sample.ts';
import { emptyLagFactor, factoriseLags } from './lag-cholesky.ts';
import { emptyLagProducts, fillLagProducts } from './lag-products.ts';
import {
  chooseLags,
  describeNested,
  type LagChoice,
  type LagSelection,
  nestedModels,
} from './lag-selection.ts';

/** Which factorisation computes: normal equations where their error bound allows, or QR always. */
export type AdfPath = 'auto' | 'qr';

/** Relative error up to which the normal equations are believed. */
const TRUSTED_ERROR = 1e-10;

const sample = emptySample();
const products = emptyLagProducts();
const factor = emptyLagFactor();
let nested = nestedModels(0);

const choice: LagChoice = { lags: 0, value: Number.NaN, decided: true, table: new Float64Array(0) };

/**
 * Dickey-Fuller regression of the first `n` values with `terms` deterministic terms, searching 0 .. maxLag lagged
 * changes, written into `fit`. For loops that must not allocate or raise: returns the code of what is wrong, or
 * null.
 *
 * All candidates are compared on the rows that the longest leaves; the chosen one is estimated again on all rows
 * that it has. Cross-products of all lags cost O(n maxLag), and their Cholesky factor gives every nested model at
 * once; where its error bound is too large (nearly collinear lags, a perfect fit, two candidates too close to
 * call), one Householder QR does the same in O(n maxLag^2).
 */
export function fitAdf(
  values: Series,
  n: number,
  terms: number,
  selection: LagSelection,
  maxLag: number,
  fit: AdfFit,
  path: AdfPath = 'auto',
): InputCode | null {
  const fault = prepareSample(values, n, terms, sample);
  if (fault !== null) return fault;
  fit.criterion = Number.NaN;
  fit.compared = 0;
  fit.cutShort = false;
  let lags = maxLag;
  if (selection !== 'fixed') {
    if (nested.ssr.length <= maxLag) nested = nestedModels(2 * maxLag + 2);
    const trusted = path === 'auto' && compareByProducts(maxLag);
    if (trusted) chooseLags(nested, selection, choice);
    if (!trusted || !choice.decided) {
      const fault = compareByQr(sample, maxLag, nested);
      if (fault !== null) return fault;
      chooseLags(nested, selection, choice);
    }
    lags = choice.lags;
    fit.criterion = choice.value;
    fit.compared = nested.models;
    fit.criteria = choice.table;
    fit.cutShort = nested.models <= maxLag;
  }
  fit.lags = lags;
  fit.rows = sample.changes - lags;
  if (path === 'auto' && estimateByProducts(lags, fit)) return null;
  return estimateByQr(sample, lags, fit);
}

function compareByProducts(maxLag: number): boolean {
  fillLagProducts(sample, maxLag, maxLag, products);
  factoriseLags(products, maxLag, true, factor);
  if (!isTrusted()) return false;
  describeNested(sample, maxLag + 1, sample.changes - maxLag, nested);
  nested.error = errorBound();
  const { lower, size } = factor;
  const response = (size - 1) * size;
  let ssr = (lower[response + size - 1] as number) ** 2;
  if (!isFit(sample, ssr, nested.rows)) return false;
  for (let lags = maxLag; lags >= 0; lags--) {
    const coordinate = lower[response + lags] as number;
    nested.ssr[lags] = ssr;
    nested.gain[lags] = coordinate * coordinate;
    ssr += coordinate * coordinate;
  }
  return true;
}

/** Half of it is the most that 100,000 random regressions differed from their QR. */
function errorBound(): number {
  return 1024 * Number.EPSILON * factor.amplification;
}

function isTrusted(): boolean {
  return errorBound() <= TRUSTED_ERROR;
}

function estimateByProducts(lags: number, fit: AdfFit): boolean {
  fillLagProducts(sample, lags, lags, products);
  factoriseLags(products, lags, false, factor);
  if (!isTrusted()) return false;
  const { lower, size } = factor;
  const own = lower[lags * size + lags] as number;
  const coordinate = lower[(size - 1) * size + lags] as number;
  const ssr = (lower[size * size - 1] as number) ** 2;
  if (!isFit(sample, ssr, fit.rows)) return false;
  conclude(own, coordinate, ssr, sample.terms, fit);
  return true;
}
