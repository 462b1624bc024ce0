import { z } from '@hono/zod-openapi';
import type { Account } from './account/account.ts';
import { advanceAccountClock } from './account/clock.ts';
import { type Faults, faultSchema } from './http/faults.ts';
import { type Deliveries, deliveryFaultsSchema } from './webhooks/deliveries.ts';

const YEARS_SECONDS = 10 * 366 * 86_400;

const bodies = {
  clock: z.strictObject({ advanceSeconds: z.int().min(1).max(YEARS_SECONDS) }),
  settings: z.strictObject({
    retryAfterDays: z.array(z.int().min(1).max(60)).max(10).optional(),
    afterRetries: z.enum(['cancel', 'unpaid', 'past_due']).optional(),
    draftSeconds: z
      .int()
      .min(0)
      .max(72 * 3_600)
      .optional(),
  }),
  faults: z.strictObject({ next: z.array(faultSchema).max(100) }),
};

interface Controlled {
  account: Account;
  faults: Faults;
  deliveries: Deliveries;
}

function stateOf({ account, deliveries }: Controlled) {
  return { now: account.now(), settings: account.settings, waitingDeliveries: deliveries.waiting };
}

/**
 * What a test or a person asks of the stand-in itself, under `/stand-in/`. Undefined when there is no such call.
 * @throws ZodError when the body is not valid
 */
export async function control(
  controlled: Controlled,
  request: string,
  body: unknown,
): Promise<object | undefined> {
  const { account, faults, deliveries } = controlled;
  switch (request) {
    case 'GET /stand-in/state':
      return stateOf(controlled);
    case 'POST /stand-in/clock':
      advanceAccountClock(account, bodies.clock.parse(body).advanceSeconds);
      deliveries.send();
      return stateOf(controlled);
    case 'POST /stand-in/settings':
      Object.assign(account.settings, bodies.settings.parse(body));
      return stateOf(controlled);
    case 'POST /stand-in/faults':
      faults.set(bodies.faults.parse(body).next);
      return stateOf(controlled);
    case 'POST /stand-in/deliveries':
      deliveries.misbehave(deliveryFaultsSchema.parse(body));
      return stateOf(controlled);
    case 'POST /stand-in/deliveries/settle':
      await deliveries.settle();
      return stateOf(controlled);
    default:
      return undefined;
  }
}
