import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownerSql } from '../../contract/sql.ts';
import type { Person } from '../../support/app.ts';
import { createStripeWorld, type StripeWorld } from '../../support/payments/stripe.ts';
import { createUnsteadyFetch } from '../../support/payments/unsteady.ts';
import {
  customerOf,
  listInvoices,
  ownerWithPlan,
  read,
  subscribe,
  subscriptionOf,
} from '../invoices/support.ts';

const unsteady = createUnsteadyFetch();
let world: StripeWorld;
beforeAll(async () => {
  world = await createStripeWorld({}, unsteady.fetcher);
});
afterAll(() => world.close());

const path = '/api/v1/billing/payment-methods';
const list = async (owner: Person) =>
  (await read(world, (await ownerWithPlan(world, owner)).token, 'billing/payment-methods')).data;
const makeDefault = async (owner: Person, paymentMethodId: string) =>
  world.app.send('PUT', `${path}/default`, {
    token: (await ownerWithPlan(world, owner)).token,
    body: { paymentMethodId },
  });
const remove = async (owner: Person, id: string) =>
  world.app.send('DELETE', `${path}/${id}`, { token: (await ownerWithPlan(world, owner)).token });
const addCard = async (owner: Person) =>
  (await world.stripe.paymentMethods.attach('pm_card_mastercard', { customer: await customerOf(owner) })).id;

describe('payment methods', () => {
  it('are those that the customer saved at the provider; there are none before the first checkout', async () => {
    expect(await list(await world.app.person())).toEqual([]);
    const owner = await subscribe(world);
    expect(await list(owner)).toEqual([
      {
        id: expect.stringMatching(/^pm_/),
        kind: 'card',
        brand: 'visa',
        last4: '4242',
        expiryMonth: 12,
        expiryYear: 2050,
        isDefault: true,
      },
    ]);
  });

  it('that become the default are charged from then on', async () => {
    const owner = await subscribe(world);
    const card = await addCard(owner);
    expect(await makeDefault(owner, card)).toMatchObject({ status: 200 });
    expect((await list(owner)).find(({ isDefault }: { isDefault: boolean }) => isDefault).id).toBe(card);
    await world.stripe.subscriptions.update(await subscriptionOf(owner), { trial_end: 'now' });
    await world.settle();
    expect((await listInvoices(world, owner))[0]).toMatchObject({ status: 'paid' });
    const { data } = await world.stripe.paymentIntents.list({ customer: await customerOf(owner) });
    expect(data[0]!.payment_method).toBe(card);
  });

  it('stay while a subscription is charged to them, and are removed once another one is the default', async () => {
    const owner = await subscribe(world);
    const [first] = await list(owner);
    const isNeeded = { status: 409, body: { code: 'payment_methods.is_needed' } };
    expect(await remove(owner, first.id)).toMatchObject(isNeeded);
    const card = await addCard(owner);
    expect(await remove(owner, first.id)).toMatchObject(isNeeded);
    await makeDefault(owner, card);
    expect(await remove(owner, first.id)).toMatchObject({ status: 204 });
    expect(await remove(owner, card)).toMatchObject(isNeeded);
    expect(await remove(owner, first.id)).toMatchObject({ status: 404 });
    const audit = await ownerSql(
      `select action from audit_logs where organization_id = $1 and action like 'payment_method.%' order by action`,
      [owner.organizationId],
    );
    expect(audit.map(({ action }) => action)).toEqual([
      'payment_method.made_default',
      'payment_method.removed',
    ]);
  });

  it('that was removed while its actor lost their rights is in the audit log as theirs', async () => {
    const owner = await subscribe(world);
    const card = await addCard(owner);
    const actor = await world.app.person({ organizationId: owner.organizationId, plan: 'pro' });
    const held = unsteady.hold();
    const removal = world.app.send('DELETE', `${path}/${card}`, { token: actor.token });
    await held.sent;
    await ownerSql(`update members set status = 'suspended' where user_id = $1`, [actor.userId]);
    held.release();
    await removal;
    expect(await list(owner)).toHaveLength(1);
    const audit = await ownerSql(
      `select actor_id from audit_logs where organization_id = $1 and action = 'payment_method.removed'`,
      [owner.organizationId],
    );
    expect(audit).toEqual([{ actor_id: actor.userId }]);
  });

  it('can all be removed once the subscription has ended', async () => {
    const owner = await subscribe(world);
    await world.stripe.subscriptions.cancel(await subscriptionOf(owner));
    await world.settle();
    const [card] = await list(owner);
    expect(await remove(owner, card.id)).toMatchObject({ status: 204 });
    expect(await list(owner)).toEqual([]);
  });

  it('of another organization are not found', async () => {
    const owner = await subscribe(world);
    const [card] = await list(owner);
    const other = await subscribe(world);
    expect(await remove(other, card.id)).toMatchObject({ status: 404 });
    expect(await makeDefault(other, card.id)).toMatchObject({ status: 404 });
    expect(await remove(await world.app.person(), card.id)).toMatchObject({ status: 404 });
  });
});
