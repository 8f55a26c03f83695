// `npm run cluster`: NATS, QuestDB and the five services, each a process of its own, until Ctrl-C.
import { build, install, requireNode } from './prepare.mjs';

requireNode();
install();
build();
await import('../tools/cluster/dist/main.js');
