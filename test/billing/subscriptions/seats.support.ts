import { ownerSql } from '../../contract/sql.ts';
import type { TestResponse } from '../../support/app.ts';
import { createPaddleWorld } from '../../support/payments/paddle.ts';
import { createStripeWorld } from '../../support/payments/stripe.ts';
import type { Billing } from './support.ts';

export const WORLDS = { stripe: () => createStripeWorld(), paddle: () => createPaddleWorld() };
export const PROVIDERS = ['stripe', 'paddle'] as const;
export type World = Awaited<ReturnType<(typeof WORLDS)[(typeof PROVIDERS)[number]]>>;

export async function advanceDays(world: World, days: number): Promise<void> {
  const advanceSeconds = Math.round(days * 86_400);
  await world.control('clock', { advanceSeconds });
  world.app.clock.advanceSeconds(advanceSeconds);
  await world.settle();
}

/** Totals of the paid invoices of an organization in cents as the API shows them, the newest first, without those of nothing. */
export async function paidCents(world: World, billing: Billing): Promise<number[]> {
  await world.settle();
  const { body } = await billing.send('GET', 'invoices?limit=100');
  return body.data
    .map(({ paid }: { paid: { amountMicros: number } }) => paid.amountMicros / 10_000)
    .filter((cents: number) => cents > 0);
}

/** Subscribes with a card that works on the page and fails when the customer is not there. */
export async function subscribeWithFailingCard(world: World, billing: Billing, body: object): Promise<void> {
  const { url } = (await billing.startCheckout(body)).body;
  const card = { number: '4000002760003184', month: '12', year: '2050', country: 'US' };
  await fetch(url, { method: 'POST', redirect: 'manual', body: new URLSearchParams(card) });
  await world.settle();
}

/** The limit of members, as the API shows it. */
export async function membersOf(billing: Billing): Promise<{ value: number; used: number; source: string }> {
  const { body } = await billing.send('GET', 'entitlements');
  return body.limits.find(({ name }: { name: string }) => name === 'members');
}

/** Gives the organization so many active members in all. */
export async function fillMembers(world: World, { owner }: Billing, count: number): Promise<void> {
  const ids = Array.from({ length: count }, () => ({
    id: world.app.services.ids.create('member'),
    user: world.app.services.ids.create('user'),
  }));
  const { organizationId } = owner;
  const [row] = await ownerSql(
    `select count(*)::int as there from members where organization_id = $1 and status = 'active'`,
    [organizationId],
  );
  const missing = JSON.stringify(ids.slice(0, count - (row!.there as number)));
  await ownerSql(
    `insert into users (id, email, email_verified, name, created_at, updated_at)
     select r."user", r."user" || '@b.test', true, 'Person', now(), now()
     from jsonb_to_recordset($1::jsonb) as r(id text, "user" text)`,
    [missing],
  );
  await ownerSql(
    `insert into members (id, organization_id, user_id, role, created_at, updated_at)
     select r.id, $2, r."user", 'member', now(), now() from jsonb_to_recordset($1::jsonb) as r(id text, "user" text)`,
    [missing, organizationId],
  );
}

/** Suspends a new member of the organization. @returns what activates them again: with a token, which must state the plan */
export async function suspendedMember(world: World, { owner: { organizationId } }: Billing) {
  const { userId } = await world.app.person({ role: 'member', organizationId });
  const [row] = await ownerSql(
    `update members set status = 'suspended' where user_id = $1 and organization_id = $2 returning id`,
    [userId, organizationId],
  );
  const path = `/api/v1/organizations/${organizationId}/members/${row!.id as string}`;
  return (token: string): Promise<TestResponse> =>
    world.app.send('PATCH', path, { token, body: { status: 'active' } });
}
