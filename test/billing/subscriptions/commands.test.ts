import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { advanceSubscriptions } from '../../../src/billing/subscriptions/advance-subscriptions.ts';
import { ownerSql } from '../../contract/sql.ts';
import type { TestResponse } from '../../support/app.ts';
import { createPaddleWorld } from '../../support/payments/paddle.ts';
import { createStripeWorld } from '../../support/payments/stripe.ts';
import { createUnsteadyFetch } from '../../support/payments/unsteady.ts';
import { type Billing, createBilling } from './support.ts';

const unsteady = createUnsteadyFetch();
const WORLDS = {
  stripe: () => createStripeWorld({}, unsteady.fetcher),
  paddle: () => createPaddleWorld(unsteady.fetcher),
};
const COMMANDS = {
  cancel: ['POST', 'subscription/cancel', {}],
  cancelNow: ['POST', 'subscription/cancel', { at: 'now' }],
  resume: ['POST', 'subscription/resume', undefined],
  pause: ['POST', 'subscription/pause', {}],
  unpause: ['POST', 'subscription/unpause', undefined],
  yearly: ['PATCH', 'subscription', { interval: 'yearly' }],
  downgrade: ['PATCH', 'subscription', { plan: 'pro' }],
} as const;
type Command = keyof typeof COMMANDS;

const conflict = { status: 409, body: { code: 'billing.change_conflict' } };

describe.each(['stripe', 'paddle'] as const)('commands of a subscription at %s', (name) => {
  let world: Awaited<ReturnType<(typeof WORLDS)[typeof name]>>;
  let billing: Billing;
  let token: string;
  let actorId: string;
  beforeAll(async () => {
    world = await WORLDS[name]();
  });
  beforeEach(async () => {
    billing = await createBilling(world);
    await billing.subscribe({ plan: 'enterprise' });
    await logIn();
  });
  afterAll(() => world.close());

  /** One owner with one token, until the plan changes. */
  const logIn = async () => {
    const { organizationId } = billing.owner;
    ({ token, userId: actorId } = await world.app.person({ organizationId, plan: await billing.plan() }));
  };
  const command = (which: Command): Promise<TestResponse> => {
    const [method, path, body] = COMMANDS[which];
    return world.app.send(method, `/api/v1/billing/${path}`, { token, ...(body ? { body } : {}) });
  };
  const audited = async (action: string) =>
    (
      await ownerSql('select 1 from audit_logs where organization_id = $1 and action = $2', [
        billing.owner.organizationId,
        `subscription.${action}`,
      ])
    ).length;
  const endAtProvider = (id: string): Promise<unknown> =>
    'stripe' in world
      ? world.stripe.subscriptions.cancel(id)
      : world.send(`POST /subscriptions/${id}/cancel`, { effective_from: 'immediately' });
  const subscription = async () => (await billing.state()).subscription;

  it.each([
    ['cancel', 'yearly', { cancelsAt: expect.any(String), interval: 'monthly', status: 'active' }],
    ['yearly', 'pause', { cancelsAt: null, interval: 'yearly', status: 'active' }],
    ['pause', 'downgrade', { nextPlan: null, status: 'paused' }],
  ] as const)(
    'one runs at a time: during %s, %s is refused and changes nothing',
    async (one, other, state) => {
      const held = unsteady.hold();
      const first = command(one);
      await held.sent;
      const refused = await command(other);
      expect(refused).toMatchObject(conflict);
      expect(refused.headers.get('retry-after')).toBe('5');
      expect(await command(one)).toMatchObject(conflict);
      held.release();
      expect(await first).toMatchObject({ status: 200, body: state });
      await world.settle();
      expect(await subscription()).toMatchObject(state);
    },
  );

  it('one whose Worker died keeps others and the sweep waiting for a minute', async () => {
    await ownerSql(
      `update subscriptions set command_key = 'cancelled/x/1/y/z', command_expires_at = $2 where organization_id = $1`,
      [billing.owner.organizationId, new Date(world.app.clock.now() + 60_000).toISOString()],
    );
    expect(await command('pause')).toMatchObject(conflict);
    world.app.clock.advanceSeconds(61);
    expect(await command('pause')).toMatchObject({ status: 200, body: { status: 'paused' } });
    expect((await advanceSubscriptions(world.app.services)).failed).toBe(0);
  });

  it('each is answered when it is repeated because its answer was lost, and audited once', async () => {
    for (const [which, action] of [
      ['cancel', 'cancelled'],
      ['resume', 'resumed'],
      ['pause', 'paused'],
      ['unpause', 'unpaused'],
      ['yearly', 'plan_changed'],
      ['cancelNow', 'cancelled'],
    ] as const) {
      const before = await audited(action);
      unsteady.loseAnswers(true);
      const lost = await command(which);
      unsteady.loseAnswers(false);
      expect(lost).toMatchObject({ status: 503, body: { code: 'billing.provider_unavailable' } });
      const again = await command(which);
      expect(again).toMatchObject({ status: 200 });
      await logIn();
      expect(await command(which)).toMatchObject({ status: 200, body: again.body });
      expect(await subscription()).toEqual(again.body);
      expect((await audited(action)) - before).toBe(1);
    }
  });

  it('one whose actor loses their rights while the provider answers is stored and concluded, and not answered', async () => {
    const held = unsteady.hold();
    const first = command('yearly');
    await held.sent;
    await ownerSql(`update members set status = 'suspended' where user_id = $1`, [actorId]);
    held.release();
    expect(await first).toMatchObject({ status: 401 });
    expect(await subscription()).toMatchObject({ interval: 'yearly' });
    await logIn();
    expect(await command('cancel')).toMatchObject({ status: 200, body: { interval: 'yearly' } });
  });

  it('one that the provider refuses while its actor loses their rights is audited as theirs, and keeps no other waiting', async () => {
    const { subscription: id } = await billing.stripeIds();
    const held = unsteady.hold();
    const first = command('yearly');
    await held.sent;
    await endAtProvider(id);
    await ownerSql(`update members set status = 'suspended' where user_id = $1`, [actorId]);
    held.release();
    expect(await first).toMatchObject({ status: 422, body: { code: 'billing.provider_refused' } });
    const [entry] = await ownerSql(
      `select actor_id from audit_logs where organization_id = $1 and action = 'subscription.plan_changed_refused'`,
      [billing.owner.organizationId],
    );
    expect(entry).toEqual({ actor_id: actorId });
    await logIn();
    expect(await command('cancelNow')).toMatchObject({ status: 200, body: { status: 'cancelled' } });
  });

  it('one that the provider refuses is audited with its refusal, and keeps no other waiting', async () => {
    const { subscription: id } = await billing.stripeIds();
    const held = unsteady.hold();
    const first = command('yearly');
    await held.sent;
    await endAtProvider(id);
    held.release();
    expect(await first).toMatchObject({ status: 422, body: { code: 'billing.provider_refused' } });
    expect([await audited('plan_changed'), await audited('plan_changed_refused')]).toEqual([1, 1]);
    await logIn();
    expect(await command('cancelNow')).toMatchObject({ status: 200, body: { status: 'cancelled' } });
  });
});
