import type { LocalServer } from '../listen.ts';
import { Faults } from '../stand-in/faults.ts';
import { serveStandIn } from '../stand-in/serve-stand-in.ts';
import { Account } from './account/account.ts';
import { actUntilNow } from './account/clock.ts';
import { handleRequest } from './handle-request.ts';
import { Api } from './http/api.ts';
import { createDeliveries } from './webhooks/paddle-deliveries.ts';
import { createSetting } from './webhooks/notification-settings.ts';

export interface PaddleOptions {
  port: number;
  /** The key that requests of the API must carry. */
  apiKey: string;
  /** An address of this machine that gets every event. */
  webhook?: { url: string; secret: string };
  /** Where the account is kept from one start to the next; in memory only without it. */
  file?: string;
  /** Milliseconds since 1970, before the clock of the account is moved; the real time without it. */
  realNow?: () => number;
}

/** Registers the address of the product, unless it is already there from an earlier start. */
function ensureSetting(account: Account, { url, secret }: { url: string; secret: string }): void {
  const isKnown = account.store.all('notification_setting').some((each) => each.destination === url);
  if (!isKnown)
    createSetting(account, { description: 'AuraLink', destination: url, subscribed_events: ['*'], secret });
}

/** A stateful stand-in of Paddle Billing for one account on this machine. It reaches nothing else. */
export function servePaddle({ port, apiKey, webhook, file, realNow }: PaddleOptions): Promise<LocalServer> {
  const account = new Account(realNow);
  const deliveries = createDeliveries(account);
  const standIn = { account, api: new Api(account), faults: new Faults(), deliveries, apiKey };
  account.onEvents = (events) => deliveries.add(events);
  return serveStandIn({
    port,
    file,
    account,
    deliveries,
    handle: (request, response) => void handleRequest(standIn, request, response),
    prepare() {
      if (webhook) ensureSetting(account, webhook);
    },
    tick: () => actUntilNow(account),
  });
}
