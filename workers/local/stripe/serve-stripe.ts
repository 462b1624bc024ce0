import type { LocalServer } from '../listen.ts';
import { Faults } from '../stand-in/faults.ts';
import { serveStandIn } from '../stand-in/serve-stand-in.ts';
import { Account } from './account/account.ts';
import { actUntil } from './account/clock.ts';
import { handleRequest } from './handle-request.ts';
import { Api } from './http/api.ts';
import { createEndpoint } from './webhooks/endpoints.ts';
import { createDeliveries } from './webhooks/stripe-deliveries.ts';

export interface StripeOptions {
  port: number;
  /** The key that requests of the API must carry. */
  secretKey: string;
  /** An address of this machine that gets every event. */
  webhook?: { url: string; secret: string };
  /** Where the account is kept from one start to the next; in memory only without it. */
  file?: string;
}

/** Registers the address of the product, unless it is already there from an earlier start. */
function ensureEndpoint(account: Account, { url, secret }: { url: string; secret: string }): void {
  const isKnown = account.store.all('webhook_endpoint').some((each) => each.url === url);
  if (!isKnown) createEndpoint(account, { url, secret, enabled_events: ['*'] });
}

/** A stateful stand-in of Stripe for one account on this machine. It reaches nothing else. */
export function serveStripe({ port, secretKey, webhook, file }: StripeOptions): Promise<LocalServer> {
  const account = new Account();
  const deliveries = createDeliveries(account);
  const standIn = { account, api: new Api(account), faults: new Faults(), deliveries, secretKey };
  account.onEvents = (events) => deliveries.add(events);
  return serveStandIn({
    port,
    file,
    account,
    deliveries,
    handle: (request, response) => void handleRequest(standIn, request, response),
    prepare() {
      if (webhook) ensureEndpoint(account, webhook);
    },
    tick: () => actUntil(account, null, account.now()),
  });
}
