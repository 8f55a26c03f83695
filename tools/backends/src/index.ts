export type { Backend } from './backend.ts';
export { type FaultProxy, type ProxyMode, proxyTo } from './fault-proxy.ts';
export { freePort } from './free-port.ts';
export * from './nats-server.ts';
export type { QuestdbBackend } from './questdb-backend.ts';
export * from './questdb-server.ts';
