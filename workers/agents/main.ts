/** Takes agents into calls: asks the product for them, and has each of them listen and speak. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { dispose } from '@livekit/rtc-node';
import { AgentsProcess } from './agents-process.ts';
import { CallSession } from './call-session.ts';
import { log } from './log.ts';
import { Product } from './product.ts';
import { readSettings } from './settings.ts';

const settings = readSettings(process.env);
const product = new Product(settings, `agents-${randomUUID()}`);

const agents = new AgentsProcess({
  product,
  capacity: settings.capacity,
  createSession: (agent) => new CallSession(agent, product, settings),
  wait: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined),
  now: () => performance.now(),
  log,
});

process.on('SIGTERM', () => agents.end());
process.on('SIGINT', () => agents.end());
await agents.run();
await dispose();
process.exit();
