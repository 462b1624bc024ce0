/** Takes agents into calls: asks the product for them, and has each of them listen and speak. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { dispose } from '@livekit/rtc-node';
import { CallSession } from './call-session.ts';
import { log } from './log.ts';
import { Product } from './product.ts';
import { readSettings } from './settings.ts';

const POLL_MS = 250;
const RETRY_MS = 1_000;

const settings = readSettings(process.env);
const product = new Product(settings, `agents-${randomUUID()}`);
const sessions = new Map<string, CallSession>();
const ending = new AbortController();

async function leave(callAgentId: string): Promise<void> {
  const session = sessions.get(callAgentId);
  sessions.delete(callAgentId);
  await session?.leave();
}

async function poll(): Promise<void> {
  for (const [id, { isOver }] of sessions) if (isOver) sessions.delete(id);
  const capacity = Math.max(0, settings.capacity - sessions.size);
  const { start, stop } = await product.poll(
    ending.signal.aborted ? 0 : capacity,
    ending.signal.aborted ? [] : [...sessions.keys()],
  );
  await Promise.all(stop.map(leave));
  for (const agent of ending.signal.aborted ? [] : start) {
    const session = new CallSession(agent, product, settings);
    sessions.set(agent.callAgentId, session);
    session.join().catch(async (error: unknown) => {
      log(`did not join: ${String(error)}`, agent.callAgentId);
      await leave(agent.callAgentId);
    });
  }
}

async function run(): Promise<void> {
  while (!ending.signal.aborted) {
    try {
      await poll();
      await sleep(POLL_MS);
    } catch (error) {
      log(String(error));
      await sleep(RETRY_MS);
    }
  }
}

/** Gives its agents up, so that another process has them at once, and leaves their calls. */
async function end(): Promise<void> {
  if (ending.signal.aborted) return;
  ending.abort();
  await poll().catch((error: unknown) => log(String(error)));
  await Promise.all([...sessions.keys()].map(leave));
  await dispose();
  process.exit();
}

process.on('SIGTERM', () => void end());
process.on('SIGINT', () => void end());
await run();
