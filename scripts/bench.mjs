// `npm run bench`: builds, then measures; arguments name the benchmarks to run.
import { build, install, requireNode } from './prepare.mjs';

requireNode();
install();
build();
await import('../tools/bench/dist/main.js');
