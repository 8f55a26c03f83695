export { type CompiledRule, compileRule } from './core/compile-rule.ts';
export { byStudy, type Evaluation, evaluateRows, newWatch, type Watch } from './core/rule-watch.ts';
export type { ConfiguredEndpoint } from './delivery/endpoint-book.ts';
export { isForbiddenAddress } from './delivery/forbidden-address.ts';
export { type AlerterOptions, startAlerter } from './service.ts';
