import type { Check } from '../comparison.ts';
import { checkAdf } from './adf.ts';
import { checkBacktest } from './backtest.ts';
import { checkBertram } from './bertram.ts';
import { checkCrossCorrelation, checkHayashiYoshida } from './dependence.ts';
import { distributionChecks } from './distributions.ts';
import { checkEngleGranger } from './engle-granger.ts';
import { checkHalfLife } from './half-life.ts';
import { checkHuber } from './huber.ts';
import { checkHuberJoint } from './huber-joint.ts';
import { checkHurst, checkRescaledRange } from './hurst.ts';
import { checkJohansen } from './johansen.ts';
import { checkKalman } from './kalman.ts';
import { checkKalmanFit } from './kalman-fit.ts';
import { checkKpss } from './kpss.ts';
import { checkMackinnonCritical, checkMackinnonP } from './mackinnon.ts';
import { checkMultipleTesting } from './multiple-testing.ts';
import { checkNeweyWest } from './newey-west.ts';
import { checkOls } from './ols.ts';
import { checkOrnsteinUhlenbeck } from './ornstein-uhlenbeck.ts';
import { checkPhillipsPerron } from './phillips-perron.ts';
import { checkRecursiveLeastSquares } from './recursive-least-squares.ts';
import { checkRollingCorrelation, checkRollingOls, checkRollingZ } from './rolling.ts';
import { checkSlidingStream } from './sliding-stream.ts';
import { checkTheilSen } from './theil-sen.ts';
import { checkTotalLeastSquares } from './total-least-squares.ts';
import { checkVarianceRatio } from './variance-ratio.ts';
import { checkEwma, checkRiskMetrics } from './volatility.ts';

/** The check of every method of the oracle format that Tandem computes. */
export const checks: Readonly<Record<string, Check>> = {
  ...distributionChecks,
  ols: checkOls,
  ols_hac: checkNeweyWest,
  tls: checkTotalLeastSquares,
  recursive_ls: checkRecursiveLeastSquares,
  huber_rlm: checkHuber,
  huber_joint: checkHuberJoint,
  theil_sen: checkTheilSen,
  rolling_ols: checkRollingOls,
  rolling_corr: checkRollingCorrelation,
  rolling_z: checkRollingZ,
  sliding_stats: checkSlidingStream,
  kalman: checkKalman,
  kalman_mle: checkKalmanFit,
  adf: checkAdf,
  kpss: checkKpss,
  phillips_perron: checkPhillipsPerron,
  variance_ratio: checkVarianceRatio,
  engle_granger: checkEngleGranger,
  johansen: checkJohansen,
  mackinnon_p: checkMackinnonP,
  mackinnon_crit: checkMackinnonCritical,
  half_life: checkHalfLife,
  ou_mle: checkOrnsteinUhlenbeck,
  bertram: checkBertram,
  hurst: checkHurst,
  hurst_rs: checkRescaledRange,
  cross_correlation: checkCrossCorrelation,
  hayashi_yoshida: checkHayashiYoshida,
  ewma: checkEwma,
  riskmetrics: checkRiskMetrics,
  multiple_testing: checkMultipleTesting,
  backtest: checkBacktest,
};
