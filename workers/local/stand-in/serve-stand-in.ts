import type { RequestListener } from 'node:http';
import { createLocalServer, listen, type LocalServer } from '../listen.ts';
import { type Saveable, SavedAccount } from './saved-account.ts';

const TICK_MS = 1_000;
const SAVE_EVERY_MS = 5_000;

export interface StandInParts {
  port: number;
  /** Where the account is kept from one start to the next; in memory only without it. */
  file: string | undefined;
  account: Saveable & { url: string };
  deliveries: { send(): void; close(): Promise<void> };
  handle: RequestListener;
  /** Runs once the earlier account is there. */
  prepare: () => void;
  /** Does what has become due. */
  tick: () => void;
}

/** Work that the clock causes without a request, and saving from time to time. */
function startTicking({ tick, deliveries }: StandInParts, saved: SavedAccount | undefined): () => void {
  const clock = setInterval(() => {
    tick();
    deliveries.send();
  }, TICK_MS);
  const saving = setInterval(() => void saved?.save(), SAVE_EVERY_MS);
  clock.unref();
  saving.unref();
  return () => {
    clearInterval(clock);
    clearInterval(saving);
  };
}

/** Serves one account of a provider on this machine. It reaches nothing else. */
export async function serveStandIn(parts: StandInParts): Promise<LocalServer> {
  const { account, deliveries, file } = parts;
  const saved = file === undefined ? undefined : new SavedAccount(account, file);
  await saved?.load();
  parts.prepare();
  const local = await listen(createLocalServer(parts.handle, { hasForms: true }), parts.port);
  account.url = local.url.replace('127.0.0.1', 'localhost');
  const stopTicking = startTicking(parts, saved);
  return {
    ...local,
    async close() {
      stopTicking();
      await local.close();
      await deliveries.close();
      await saved?.save();
    },
  };
}
