export { type Huber, type HuberFlag, type HuberOptions, huber } from './huber.ts';
export { type HuberJoint, type HuberJointFlag, type HuberJointOptions, huberJoint } from './huber-joint.ts';
export { medianAbsoluteDeviation } from './mad.ts';
export { RollingHuber, type RollingHuberOptions } from './rolling-huber.ts';
export { RollingTheilSen, type RollingTheilSenOptions } from './rolling-theil-sen.ts';
export { median, medianInPlace, select } from './select.ts';
export { SortedWindow } from './sorted-window.ts';
export {
  type TheilSen,
  type TheilSenFlag,
  type TheilSenIntercept,
  type TheilSenOptions,
  theilSen,
} from './theil-sen.ts';
