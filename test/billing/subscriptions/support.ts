import { expect } from 'vitest';
import type { PlanName } from '../../../src/identity/entitlements/index.ts';
import { ownerSql } from '../../contract/sql.ts';
import type { Person, TestResponse } from '../../support/app.ts';
import type { StripeWorld } from '../../support/payments/stripe.ts';

/** What the API and the events of an organization say of its billing. */
export interface Billing {
  owner: Person;
  plan(): Promise<PlanName>;
  /** Sends a request as an owner with a fresh token, because each change of plan makes tokens outdated. */
  send(method: string, path: string, body?: unknown): Promise<TestResponse>;
  /** `GET /billing/subscription`. */
  state(): Promise<any>; // eslint-disable-line typescript/no-explicit-any -- the shape is what tests look into
  startCheckout(body?: object): Promise<TestResponse>;
  /** Starts a checkout, completes it and returns the subscription. */
  subscribe(body?: object, fields?: Record<string, string>): Promise<any>; // eslint-disable-line typescript/no-explicit-any -- as above
  /** Types of the public events of subscriptions and plans, the oldest first. */
  events(): Promise<string[]>;
  /** Ids at Stripe. */
  stripeIds(): Promise<{ customer: string; subscription: string }>;
}

/** @param world the product with the stand-in of a provider */
export async function createBilling(world: Pick<StripeWorld, 'app' | 'completeCheckout'>): Promise<Billing> {
  const owner = await world.app.person();
  const { organizationId } = owner;
  const plan = async () => {
    const [row] = await ownerSql('select plan from organizations where id = $1', [organizationId]);
    return row?.plan as PlanName;
  };
  const send: Billing['send'] = async (method, path, body) => {
    const { token } = await world.app.person({ organizationId, plan: await plan() });
    return world.app.send(method, `/api/v1/billing/${path}`, {
      token,
      ...(body === undefined ? {} : { body }),
    });
  };
  const state = async () => {
    const answer = await send('GET', 'subscription');
    expect(answer).toMatchObject({ status: 200 });
    return answer.body;
  };
  const startCheckout = (body: object = {}) =>
    send('POST', 'checkout', { plan: 'pro', interval: 'monthly', ...body });
  return {
    owner,
    plan,
    send,
    state,
    startCheckout,
    async subscribe(body, fields) {
      const started = await startCheckout(body);
      expect(started).toMatchObject({ status: 201 });
      await world.completeCheckout(started.body.url, fields);
      return (await state()).subscription;
    },
    async events() {
      const rows = await ownerSql(
        `select type from outbox where organization_id = $1
         and (type like 'subscription.%' or type = 'organization.plan_changed') order by seq`,
        [organizationId],
      );
      return rows.map(({ type }) => type as string);
    },
    async stripeIds() {
      const [row] = await ownerSql(
        `select c.customer_id as customer, s.provider_subscription_id as subscription from billing_customers c
         left join subscriptions s using (organization_id) where organization_id = $1 order by s.id desc limit 1`,
        [organizationId],
      );
      return row as { customer: string; subscription: string };
    },
  };
}
