/** Newton steps at most: some 10 are usual. */
const MAX_STEPS = 200;
/** A step this small, in deviations of the residuals, cannot be told from the rounding of the sums. */
const SETTLED = 1e-15;
/** Where steps no longer shrink, they must be at least this small. */
const SMALL = 1e-12;
/** By how much, relatively, the value of F may be wrong. */
const ROUNDING = 16 * Number.EPSILON;

/**
 * F(slope, level, sigma) = n sigma + sum sigma H(r / sigma) + ridge (base + slope)^2, with H(u) = u^2 up to epsilon,
 * then 2 epsilon |u| - epsilon^2, and r = v - level - slope u. It is jointly convex. v are the residuals of the least
 * squares line of slope `base`, both they and u standardised: so the way begins at 0, 0, 1.
 */
export class JointObjective {
  slope = 0;
  level = 0;
  sigma = 1;
  /** F at the present point. */
  value = 0;
  /** Rows beyond epsilon sigma there. */
  outliers = 0;
  private readonly v: Float64Array;
  private readonly u: Float64Array;
  private readonly epsilon: number;
  private readonly ridge: number;
  private readonly base: number;
  /** Gradient, and the upper triangle of the Hessian: slope, level, sigma. */
  private readonly gradient = new Float64Array(3);
  private readonly hessian = new Float64Array(6);
  private readonly direction = new Float64Array(3);

  constructor(v: Float64Array, u: Float64Array, epsilon: number, ridge: number, base: number) {
    this.v = v;
    this.u = u;
    this.epsilon = epsilon;
    this.ridge = ridge;
    this.base = base;
    this.value = this.valueAt(0, 0, 1);
  }

  residual(row: number): number {
    return (this.v[row] as number) - this.level - this.slope * (this.u[row] as number);
  }

  /**
   * Goes to the least value by Newton steps, halved until F falls. Close to it F is flat
   * and says nothing more about the last half of the digits: from there on whole steps count as long as they shrink.
   */
  minimise(): { iterations: number; converged: boolean } {
    let last = Infinity;
    for (let iterations = 1; iterations <= MAX_STEPS; iterations++) {
      this.differentiate();
      const size = this.solve();
      if (size <= SETTLED) return { iterations, converged: true };
      if (this.descend()) {
        last = Infinity;
        continue;
      }
      if (size > last / 2) return { iterations, converged: size <= SMALL };
      if (!this.takeWholeStep()) return { iterations, converged: false };
      last = size;
    }
    return { iterations: MAX_STEPS, converged: false };
  }

  private valueAt(slope: number, level: number, sigma: number): number {
    const { v, u, epsilon } = this;
    const n = v.length;
    const threshold = epsilon * sigma;
    let squares = 0;
    let lines = 0;
    for (let i = 0; i < n; i++) {
      const magnitude = Math.abs((v[i] as number) - level - slope * (u[i] as number));
      if (magnitude <= threshold) squares += magnitude * magnitude;
      else lines += 2 * magnitude - threshold;
    }
    return n * sigma + squares / sigma + epsilon * lines + this.ridge * (this.base + slope) ** 2;
  }

  /** Gradient and Hessian at the present point; an outlier has no curvature. */
  private differentiate(): void {
    const { v, u, slope, level, sigma, epsilon, ridge, base, gradient, hessian } = this;
    const n = v.length;
    const threshold = epsilon * sigma;
    let outliers = 0;
    // Sums over the inside of products of (u, 1, r / sigma).
    let uu = 0;
    let u1 = 0;
    let ur = 0;
    let r1 = 0;
    let rr = 0;
    let signs = 0;
    let signsU = 0;
    for (let i = 0; i < n; i++) {
      const p = u[i] as number;
      const residual = (v[i] as number) - level - slope * p;
      if (Math.abs(residual) > threshold) {
        const sign = residual > 0 ? 1 : -1;
        outliers++;
        signs += sign;
        signsU += sign * p;
        continue;
      }
      const scaled = residual / sigma;
      uu += p * p;
      u1 += p;
      ur += p * scaled;
      r1 += scaled;
      rr += scaled * scaled;
    }
    this.outliers = outliers;
    gradient[0] = 2 * ridge * (base + slope) - 2 * (ur + epsilon * signsU);
    gradient[1] = -2 * (r1 + epsilon * signs);
    gradient[2] = n - outliers * epsilon * epsilon - rr;
    const twice = 2 / sigma;
    hessian[0] = twice * uu + 2 * ridge;
    hessian[1] = twice * u1;
    hessian[2] = twice * ur;
    hessian[3] = twice * (n - outliers);
    hessian[4] = twice * r1;
    hessian[5] = twice * rr;
  }

  /** direction = -H^-1 gradient by L D L'; where there is no curvature, a little is assumed. Returns its size. */
  private solve(): number {
    const { gradient, hessian, direction } = this;
    const [g0, g1, g2] = gradient as unknown as [number, number, number];
    const [a, b, c, d, e, f] = hessian as unknown as [number, number, number, number, number, number];
    const little = 1e-12 * Math.max(a, d, f);
    const p0 = Math.max(a, little);
    const l10 = b / p0;
    const l20 = c / p0;
    const p1 = Math.max(d - l10 * b, little);
    const l21 = (e - l20 * b) / p1;
    const p2 = Math.max(f - l20 * c - l21 * l21 * p1, little);
    const z0 = -g0;
    const z1 = -g1 - l10 * z0;
    const z2 = -g2 - l20 * z0 - l21 * z1;
    const toSigma = z2 / p2;
    const toLevel = z1 / p1 - l21 * toSigma;
    direction[0] = z0 / p0 - l10 * toLevel - l20 * toSigma;
    direction[1] = toLevel;
    direction[2] = toSigma;
    return Math.max(Math.abs(direction[0]), Math.abs(toLevel), Math.abs(toSigma));
  }

  /** Moves along the direction as far as F clearly falls, sigma staying positive; false if it does nowhere. */
  private descend(): boolean {
    const bound = this.value - ROUNDING * Math.abs(this.value);
    let length = 1;
    for (let halving = 0; halving < 40; halving++, length /= 2) {
      if (this.moveBy(length, bound)) return true;
    }
    return false;
  }

  private takeWholeStep(): boolean {
    return this.moveBy(1, this.value + ROUNDING * Math.abs(this.value));
  }

  /** Moves by a part of the direction if F does not exceed `bound` there. */
  private moveBy(length: number, bound: number): boolean {
    const [toSlope, toLevel, toSigma] = this.direction as unknown as [number, number, number];
    const slope = this.slope + length * toSlope;
    const level = this.level + length * toLevel;
    const sigma = this.sigma + length * toSigma;
    if (!(sigma > 0.1 * this.sigma)) return false;
    const value = this.valueAt(slope, level, sigma);
    if (!(value <= bound)) return false;
    this.slope = slope;
    this.level = level;
    this.sigma = sigma;
    this.value = value;
    return true;
  }
}
