import type { IncomingMessage, ServerResponse } from 'node:http';
import { createLocalServer, listen, type LocalServer } from '../listen.ts';
import { Account } from './account/account.ts';
import { actUntil } from './account/clock.ts';
import { handleRequest, type StandIn } from './handle-request.ts';
import { Api } from './http/api.ts';
import { Faults } from './http/faults.ts';
import { SavedAccount } from './saved-account.ts';
import { Deliveries } from './webhooks/deliveries.ts';
import { createEndpoint } from './webhooks/endpoints.ts';

export interface StripeOptions {
  port: number;
  /** The key that requests of the API must carry. */
  secretKey: string;
  /** An address of this machine that gets every event. */
  webhook?: { url: string; secret: string };
  /** Where the account is kept from one start to the next; in memory only without it. */
  file?: string;
}

const TICK_MS = 1_000;
const SAVE_EVERY_MS = 5_000;

/** Registers the address of the product, unless it is already there from an earlier start. */
function ensureEndpoint(account: Account, { url, secret }: { url: string; secret: string }): void {
  const isKnown = account.store.all('webhook_endpoint').some((each) => each.url === url);
  if (!isKnown) createEndpoint(account, { url, secret, enabled_events: ['*'] });
}

/** What the clock brings without anybody asking, and what is saved from time to time. */
function startTicking({ account, deliveries }: StandIn, saved: SavedAccount | undefined): () => void {
  const clock = setInterval(() => {
    actUntil(account, null, account.now());
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

/** A stateful stand-in of Stripe for one account on this machine. It reaches nothing else. */
export async function serveStripe({ port, secretKey, webhook, file }: StripeOptions): Promise<LocalServer> {
  const account = new Account();
  const deliveries = new Deliveries(account);
  const saved = file === undefined ? undefined : new SavedAccount(account, file);
  await saved?.load();
  if (webhook) ensureEndpoint(account, webhook);
  account.onEvents = (events) => deliveries.add(events);
  const standIn = { account, api: new Api(account), faults: new Faults(), deliveries, secretKey };
  const handle = (request: IncomingMessage, response: ServerResponse) =>
    void handleRequest(standIn, request, response);
  const local = await listen(createLocalServer(handle, { hasForms: true }), port);
  account.url = local.url.replace('127.0.0.1', 'localhost');
  const stopTicking = startTicking(standIn, saved);
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
