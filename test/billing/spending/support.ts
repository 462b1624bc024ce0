import { expect } from 'vitest';
import { settleAllSpending } from '../../../src/billing/spending/settle-spending.ts';
import { signAccessToken } from '../../../src/identity/access/index.ts';
import { join } from '../../calls/minutes/support.ts';
import { deliverAll, openCall, type OpenCall } from '../../calls/calls/support.ts';
import { ownerSql } from '../../contract/sql.ts';
import type { Person, TestApp } from '../../support/app.ts';
import { changePlan } from '../usage/support.ts';

/** An organization whose every minute is charged: its plan includes none. */
export interface Payer {
  owner: Person;
  /** The owner with a token that is valid now. */
  renew(): Promise<Person>;
  send(method: string, path: string, body?: unknown): ReturnType<TestApp['send']>;
  /** Sets the spending limit in cents; null for none. @returns the spending as the API shows it then */
  setLimit(cents: number | null): Promise<SpendingInCents>;
  spending(): Promise<SpendingInCents>;
  openCall(settings?: object): Promise<OpenCall>;
  connect(call: Pick<OpenCall, 'callId' | 'identity'>): Promise<void>;
  /** Asks to join as another member. */
  joinAsColleague(roomId: string): ReturnType<typeof join>;
  /** Another member joins and connects. */
  addParticipant(call: OpenCall): Promise<void>;
  eventTypes(): Promise<string[]>;
}

interface SpendingInCents {
  limit: number | null;
  spent: number;
  reserved: number;
  left: number | null;
  reached: boolean;
}

type MoneyBody = { amountMicros: number } | null;
const cents = (money: MoneyBody) => (money === null ? null : money.amountMicros / 10_000);
const inCents = (body: Record<string, MoneyBody> & { reached: boolean }) =>
  ({
    limit: cents(body['limit']!),
    spent: cents(body['spent']!),
    reserved: cents(body['reserved']!),
    left: cents(body['left']!),
    reached: body.reached,
  }) as SpendingInCents;

/** Stores a subscription that is charged since a moment, as the provider's report would. */
export async function storeSubscription(organizationId: string, startsAt: Date): Promise<void> {
  const id = `sub_${organizationId.slice(4)}`;
  await ownerSql(
    `insert into subscriptions (id, organization_id, provider, provider_subscription_id, status, plan, plan_version, interval,
       currency, starts_at, period_starts_at, period_ends_at, granted_plan, granted_plan_version, created_at, updated_at, version)
     values ($1, $2, 'stripe', $1, 'active', 'pro', 1, 'monthly', 'USD', $3, $3, $3, 'pro', 1, $3, $3, 1)`,
    [id, organizationId, startsAt.toISOString()],
  );
}

/** @param plan with `custom` every minute is charged, because it includes none */
export async function createPayer(app: TestApp, plan: 'custom' | 'pro' | 'free' = 'custom'): Promise<Payer> {
  const owner = await app.person();
  const { organizationId, userId, sessionId } = owner;
  await changePlan(app, owner, plan);
  // The terms of an hour are those at its start.
  const startsAt = new Date(app.clock.now() - 86_400_000);
  await ownerSql('update plan_changes set changed_at = $2 where organization_id = $1', [
    organizationId,
    startsAt.toISOString(),
  ]);
  await storeSubscription(organizationId, startsAt);
  const renew = async (): Promise<Person> => {
    const claims = { userId, sessionId, membership: { organizationId, role: 'owner' as const, plan } };
    return { ...owner, token: await signAccessToken(app.services.signer, claims, 3600) };
  };
  const send: Payer['send'] = async (method, path, body) => {
    const { token } = await renew();
    return app.send(method, `/api/v1/${path}`, { token, ...(body === undefined ? {} : { body }) });
  };
  const read = async (method: string, body?: unknown) => {
    const answer = await send(method, 'billing/spending-limit', body);
    expect(answer).toMatchObject({ status: 200 });
    return inCents(answer.body);
  };
  const connect: Payer['connect'] = async ({ callId, identity }) => {
    app.liveKit.cluster.join(callId, identity);
    await deliverAll(app);
  };
  const colleague = () => app.person({ role: 'member', organizationId, plan });
  return {
    owner,
    renew,
    send,
    setLimit: (amount) =>
      read('PUT', { limit: amount === null ? null : { amountMicros: amount * 10_000, currency: 'USD' } }),
    spending: () => read('GET'),
    openCall: async (settings) => openCall(app, await renew(), settings),
    connect,
    joinAsColleague: async (roomId) => join(app, await colleague(), roomId),
    async addParticipant({ roomId }) {
      const { status, body } = await join(app, await colleague(), roomId);
      expect(status).toBe(200);
      await connect(body);
    },
    async eventTypes() {
      const rows = await ownerSql(
        `select type from outbox where organization_id = $1 and type like 'billing.%' order by seq`,
        [organizationId],
      );
      return rows.map(({ type }) => type as string);
    },
  };
}

/** Lets the time pass, and then the scheduled task run once. */
export async function passMinutes(app: TestApp, minutes: number): Promise<void> {
  app.clock.advanceSeconds(60 * minutes);
  await settle(app);
}

/** Runs the scheduled task once, and handles what follows. */
export async function settle(app: TestApp): Promise<void> {
  expect(await settleAllSpending(app.services)).toMatchObject({ failed: 0 });
  await deliverAll(app);
}
