// `npm start`: from a fresh clone to a running Tandem. Arguments after `--` are those of `npx tandem start`.
import { build, install, requireNode } from './prepare.mjs';

requireNode();
install();
build();
process.argv.splice(2, 0, 'start');
await import('../services/tandem/dist/main.js');
