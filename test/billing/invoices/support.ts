import { expect } from 'vitest';
import type { PlanName } from '../../../src/identity/entitlements/index.ts';
import { ownerSql } from '../../contract/sql.ts';
import type { Person } from '../../support/app.ts';
import type { StripeWorld } from '../../support/payments/stripe.ts';
import { advanceDays, type World } from '../subscriptions/seats.support.ts';

/** The owner's organization, read by another owner whose token states the plan as it is now. */
export async function ownerWithPlan(
  { app }: Pick<World, 'app'>,
  { organizationId }: Person,
): Promise<Person> {
  const [row] = await ownerSql(`select plan from organizations where id = $1`, [organizationId]);
  return app.person({ organizationId, plan: row?.plan as PlanName });
}

/** Reads from the API. */
export async function read({ app }: Pick<World, 'app'>, token: string, path: string) {
  const answer = await app.send('GET', `/api/v1/${path}`, { token });
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200 });
  return answer.body;
}

/** All invoices of the organization as the list shows them. */
export async function listInvoices(world: Pick<World, 'app'>, owner: Person) {
  const { token } = await ownerWithPlan(world, owner);
  return (await read(world, token, 'billing/invoices?limit=100')).data;
}

export interface NewSubscription {
  plan?: 'pro' | 'enterprise';
  interval?: 'monthly' | 'yearly';
  trial?: boolean;
  fields?: Record<string, string>;
}

/** An organization that has subscribed through the checkout. Without a trial, the trial is ended at the provider. */
export async function subscribe(world: StripeWorld, options: NewSubscription = {}): Promise<Person> {
  const { plan = 'pro', interval = 'monthly', trial = true, fields } = options;
  const owner = await world.app.person();
  const body = { plan, interval };
  const { token } = owner;
  const started = await world.app.send('POST', '/api/v1/billing/checkout', { token, body });
  expect(started, JSON.stringify(started.body)).toMatchObject({ status: 201 });
  await world.completeCheckout(started.body.url, fields);
  const subscription = await subscriptionOf(owner);
  if (!trial && plan === 'pro') {
    await world.stripe.subscriptions.update(subscription, { trial_end: 'now' });
    await world.settle();
  }
  return owner;
}

/** The subscription of the organization at the provider. */
export async function subscriptionOf({ organizationId }: Person): Promise<string> {
  const [row] = await ownerSql(
    `select provider_subscription_id as id from subscriptions where organization_id = $1 order by ended_at is null desc, id desc limit 1`,
    [organizationId],
  );
  return row?.id as string;
}

export async function customerOf({ organizationId }: Person): Promise<string> {
  const [row] = await ownerSql(`select customer_id as id from billing_customers where organization_id = $1`, [
    organizationId,
  ]);
  return row?.id as string;
}

/** Moves on, at most two months, until a payment has failed. @returns the open invoice */
export async function advanceToOpen(world: World, owner: Person) {
  for (let day = 0; day < 62; day++) {
    await advanceDays(world, 1);
    const open = (await listInvoices(world, owner)).find(
      ({ status }: { status: string }) => status === 'open',
    );
    if (open) return open;
  }
  return expect.unreachable('no invoice was open');
}
