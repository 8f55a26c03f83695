export { exportRoutes } from './exports.ts';
export * from './openapi.ts';
export * from './options.ts';
export { routes } from './routes.ts';
export { type Api, startApi } from './service.ts';
