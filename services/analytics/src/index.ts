export { AnalyticsCore, type CoreBar } from './core/analytics-core.ts';
export { defaultStudies } from './default-studies.ts';
export { type AnalyticsOptions, type AnalyticsService, startAnalytics } from './service.ts';
