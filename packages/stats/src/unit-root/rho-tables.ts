/** Response surfaces of the Phillips-Perron rho statistic for one trend. */
export interface RhoSurface {
  /** Up to this p = Phi(polynomial in ln |rho|) of `lower`, beyond it Phi(polynomial in rho) of `upper`. */
  readonly border: number;
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  /** Critical values at 1%, 5% and 10%: polynomials in 1/T. */
  readonly critical: readonly (readonly number[])[];
}

/**
 * Surfaces simulated (500 experiments of 250,000) by the method of MacKinnon (1994, 2010), as tabulated in arch 8.0,
 * `unitroot.critical_values.dickey_fuller` (adf_z), K. Sheppard. They replace tables 5 and 6 of MacKinnon (1994).
 */
export const RHO_SURFACES: Readonly<Record<'n' | 'c' | 'ct', RhoSurface>> = {
  n: {
    border: -1.79146,
    lower: [0.05872, -0.69633, 0.02471, -0.04283],
    upper: [0.56681, 0.67544, 0.06881, 0.00235],
    critical: [
      [-13.30499, 331.55385, -8807.11008, 88544.76648],
      [-7.82957, 222.75548, -5863.14998, 58024.48295],
      [-5.57486, 170.79065, -4422.48027, 43264.68244],
    ],
  },
  c: {
    border: -5.04709,
    lower: [1.94205, -1.47677, 0.21163, -0.06288],
    upper: [1.70059, 0.49465, 0.02636, 0.00055],
    critical: [
      [-20.6258, 119.28619, -442.99517, 1082.9222],
      [-14.09457, 58.46106, -164.08684, 479.02908],
      [-11.25118, 38.48786, -87.62853, 246.93531],
    ],
  },
  ct: {
    border: -9.22766,
    lower: [4.05596, -2.34128, 0.41403, -0.08312],
    upper: [2.60323, 0.39217, 0.01321, 0.00019],
    critical: [
      [-29.3568, 232.33249, -1171.21447, 3166.83631],
      [-21.71085, 130.15894, -504.95264, 1170.38109],
      [-18.24475, 93.25896, -305.14509, 581.02963],
    ],
  },
};
