import { z } from '@hono/zod-openapi';
import type { Deliveries, DeliveryFaults } from './deliveries.ts';
import { type Faults, faultSchema } from './faults.ts';

const YEARS_SECONDS = 10 * 366 * 86_400;
const clockSchema = z.strictObject({ advanceSeconds: z.int().min(1).max(YEARS_SECONDS) });
const faultsSchema = z.strictObject({ next: z.array(faultSchema).max(100) });

/** The parts that calls under `/stand-in/` reach. */
export interface Controlled<F extends DeliveryFaults = DeliveryFaults> {
  account: { now(): number; settings: object };
  faults: Faults;
  deliveries: Pick<Deliveries<never, F>, 'misbehave' | 'send' | 'settle' | 'waiting'>;
  /** Moves the clock and does what becomes due on the way. */
  advanceClock(seconds: number): void;
  settingsSchema: z.ZodType<object>;
  deliveryFaultsSchema: z.ZodType<F>;
}

function stateOf({ account, deliveries }: Pick<Controlled, 'account'> & { deliveries: { waiting: number } }) {
  return { now: account.now(), settings: account.settings, waitingDeliveries: deliveries.waiting };
}

/**
 * Answers what a test or a person asks the stand-in itself, under `/stand-in/`. Undefined when there is no such call.
 * @throws ZodError when the body is not valid
 */
export async function control<F extends DeliveryFaults>(
  controlled: Controlled<F>,
  request: string,
  body: unknown,
): Promise<object | undefined> {
  const { account, faults, deliveries } = controlled;
  switch (request) {
    case 'GET /stand-in/state':
      return stateOf(controlled);
    case 'POST /stand-in/clock':
      controlled.advanceClock(clockSchema.parse(body).advanceSeconds);
      deliveries.send();
      return stateOf(controlled);
    case 'POST /stand-in/settings':
      Object.assign(account.settings, controlled.settingsSchema.parse(body));
      return stateOf(controlled);
    case 'POST /stand-in/faults':
      faults.set(faultsSchema.parse(body).next);
      return stateOf(controlled);
    case 'POST /stand-in/deliveries':
      deliveries.misbehave(controlled.deliveryFaultsSchema.parse(body));
      return stateOf(controlled);
    case 'POST /stand-in/deliveries/settle':
      await deliveries.settle();
      return stateOf(controlled);
    default:
      return undefined;
  }
}
