export { freePort } from '@tandem/backends';
export * from './cluster.ts';
export * from './service-process.ts';
