import { expect } from 'vitest';
import { settleAllSpending } from '../../../src/billing/spending/settle-spending.ts';
import { signAccessToken } from '../../../src/identity/access/index.ts';
import { join, toMidMonth } from '../../calls/minutes/support.ts';
import { deliverAll, openCall, type OpenCall } from '../../calls/calls/support.ts';
import { monthOf } from '../../../src/billing/usage/index.ts';
import { ownerSql } from '../../contract/sql.ts';
import type { Person, TestApp } from '../../support/app.ts';
import { completeOnPage, createStripeWorld, type StripeWorld } from '../../support/payments/stripe.ts';
import { createBilling } from '../subscriptions/support.ts';
import { recordMinutes } from '../usage/support.ts';

/** An organization on the plan pro whose every minute is charged: those that the plan includes are used in the current month. */
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

/** The product with payers, whose trials are over. */
export interface SpendingWorld {
  app: TestApp;
  stripe: StripeWorld;
  /** One that no test had before. */
  takePayer(): Promise<Payer>;
  close(): Promise<void>;
}

const INCLUDED_MINUTES = 10_000;

/** Subscribes new organizations to the plan pro, by checkouts at the stand-in of Stripe; their trials end at once. */
async function subscribePro(world: StripeWorld, count: number): Promise<Person[]> {
  const billings = [];
  for (let number = 0; number < count; number++) billings.push(await createBilling(world));
  for (const { startCheckout } of billings) await completeOnPage((await startCheckout()).body.url);
  await world.settle();
  for (const { stripeIds } of billings) {
    const { subscription } = await stripeIds();
    await world.stripe.subscriptions.update(subscription, { trial_end: 'now' });
  }
  await world.settle();
  return billings.map(({ owner }) => owner);
}

/** Records so many minutes in the first hour of the current month: by default all that the plan includes. */
export async function useIncluded(
  app: TestApp,
  { owner }: Pick<Payer, 'owner'>,
  minutes = INCLUDED_MINUTES,
): Promise<void> {
  const occurredAtMs = monthOf(app.clock.now()).from.getTime();
  await recordMinutes(app, owner, `included/${minutes}/${occurredAtMs}`, minutes, { occurredAtMs });
}

/** @param count payers; they subscribe in the month before, because the terms of an hour are those at its start */
export async function createSpendingWorld(count: number): Promise<SpendingWorld> {
  const stripe = await createStripeWorld();
  const { app } = stripe;
  const owners = await subscribePro(stripe, count);
  toMidMonth(app);
  return {
    app,
    stripe,
    async takePayer() {
      const owner = owners.pop();
      if (!owner) throw new Error('all payers are taken');
      const payer = createPayer(app, owner);
      await useIncluded(app, payer);
      return payer;
    },
    close: () => stripe.close(),
  };
}

/** @param owner of an organization on the plan pro */
export function createPayer(app: TestApp, owner: Person, plan: 'pro' | 'free' | 'custom' = 'pro'): Payer {
  const { organizationId, userId, sessionId } = owner;
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
