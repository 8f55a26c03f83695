export { fitKalman, type KalmanFit, type KalmanFitFlag } from './fit-kalman.ts';
export { KalmanHedge } from './kalman-hedge.ts';
export {
  chanKalman,
  type KalmanModel,
  type KalmanNoise,
  type KalmanPrior,
  type KalmanStart,
  type KalmanState,
  kalmanStart,
} from './kalman-model.ts';
export { centredKalman, type KalmanPriorOptions, scaledKalman } from './kalman-prior.ts';
export { type KalmanFlag, type KalmanSeries, kalmanHedge } from './kalman-series.ts';
