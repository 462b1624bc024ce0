import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { monthOf } from '../../../src/billing/usage/index.ts';
import { sweepPhoneCalls } from '../../../src/media/phone-calls/follow-phone-calls.ts';
import { createOutgoing } from '../../../src/platform/outgoing/index.ts';
import type { OpenCall } from '../../calls/calls/support.ts';
import { ownerSql } from '../../contract/sql.ts';
import type { TestApp } from '../../support/app.ts';
import { FakePhones } from '../../support/livekit/fake-phones.ts';
import { insertPhoneCall, insertTrunk } from '../../support/phone-calls.ts';
import { reportClusterEvents } from '../../support/report-cluster-events.ts';
import { recordUsage } from '../costs/support.ts';
import { grantMinutes } from '../usage/support.ts';
import { createSpendingWorld, type Payer, passMinutes, type SpendingWorld } from './support.ts';

const PAYERS = 4;
const INCLUDED_PHONE_MINUTES = 1_000;

let world: SpendingWorld;
let app: TestApp;
let line: FakePhones;
beforeAll(async () => {
  world = await createSpendingWorld(PAYERS);
  ({ app } = world);
  const { ports } = app.services;
  line = new FakePhones(app.liveKit.cluster);
  ports.clusters = { ...ports.clusters, phones: () => line };
  ports.outgoing = createOutgoing({
    resolver: { resolve: async () => ['93.184.216.34'] },
    fetcher: app.storage.fetch,
  });
});
afterAll(() => world.close());

interface Telephone {
  call: OpenCall;
  path: string;
  identity: string;
}

/** A telephone call at the start of the month that used what the plan includes, and is recorded. */
async function useIncludedMinutes({ owner }: Payer, { roomId, callId }: OpenCall): Promise<void> {
  const { from: answeredAt } = monthOf(app.clock.now());
  const quantity = INCLUDED_PHONE_MINUTES * 60_000;
  const [participant] = await ownerSql('select id from call_participants where call_id = $1', [callId]);
  const key = await insertPhoneCall(app, {
    organizationId: owner.organizationId,
    roomId,
    callId,
    participantId: participant!.id as string,
    state: 'ended',
    reason: 'hung_up',
    answeredAt,
    endedAt: new Date(answeredAt.getTime() + quantity),
  });
  await recordUsage(app, owner, { meter: 'phone_minutes', key, quantity, at: answeredAt.toISOString() });
}

/** The owner is in a call with a telephone that was answered at this moment; the telephone minutes that the plan includes are used. */
async function answerTelephone(payer: Payer): Promise<Telephone> {
  const { owner } = payer;
  const call = await payer.openCall();
  await payer.connect(call);
  await useIncludedMinutes(payer, call);
  const phoneTrunkId = await insertTrunk(app, { organizationId: owner.organizationId });
  const path = `rooms/${call.roomId}/phone-calls`;
  const asked = await payer.send('POST', path, { phoneTrunkId, number: '+493098765432' });
  expect(asked).toMatchObject({ status: 201 });
  const identity = asked.body.id as string;
  await app.drain();
  await reportClusterEvents(app);
  line.becomes(identity, 'active');
  app.clock.advanceSeconds(2);
  await app.drain();
  return { call, path: `${path}/${identity}`, identity };
}
const read = async (payer: Payer, { path }: Telephone) => (await payer.send('GET', path)).body;
async function sweep(): Promise<void> {
  expect(await sweepPhoneCalls(app.services)).toMatchObject({ failed: 0 });
  await app.drain();
  await reportClusterEvents(app);
}
const minutesOf = (phone: { answeredAt: string }) =>
  Math.floor((app.clock.now() - Date.parse(phone.answeredAt)) / 60_000);

describe('a telephone call that runs', () => {
  it('counts in what is spent up to now, and no less once it has ended', async () => {
    const payer = await world.takePayer();
    await payer.setLimit(1_000);
    const telephone = await answerTelephone(payer);
    await passMinutes(app, 20);
    const phone = await read(payer, telephone);
    expect(phone).toMatchObject({ state: 'active' });
    expect(minutesOf(phone)).toBe(20);
    // Two participants and the telephone, at a cent a minute each.
    expect(await payer.spending()).toMatchObject({ spent: 60 });
    const [budget] = await ownerSql(
      'select spent_micros::int as spent from minute_budgets where organization_id = $1',
      [payer.owner.organizationId],
    );
    expect(budget).toEqual({ spent: 600_000 });
    line.leaves(telephone.identity, 'CLIENT_INITIATED');
    await reportClusterEvents(app);
    await sweep();
    expect(await read(payer, telephone)).toMatchObject({ state: 'ended' });
    expect(await payer.spending()).toMatchObject({ spent: 60 });
  });

  it('is hung up by the sweep after the limit is spent, while people in the call whose minutes are included stay', async () => {
    const payer = await world.takePayer();
    await grantMinutes(app, payer.owner, 1_000);
    // The terms of an hour are those at its start.
    app.clock.advanceSeconds(3_600);
    await payer.setLimit(5);
    const telephone = await answerTelephone(payer);
    await passMinutes(app, 4);
    await sweep();
    expect(await read(payer, telephone)).toMatchObject({ state: 'active' });
    await passMinutes(app, 1);
    await sweep();
    await sweep();
    expect(await read(payer, telephone)).toMatchObject({ state: 'ended', reason: 'limit_reached' });
    expect(line.hungUp).toContain(telephone.identity);
    expect(await payer.spending()).toMatchObject({ spent: 5 });
    const [call] = await ownerSql('select status from calls where id = $1', [telephone.call.callId]);
    expect(call).toEqual({ status: 'active' });
  });

  it('has all calls end before its next minute and those of the participants could pass the limit', async () => {
    const payer = await world.takePayer();
    await payer.setLimit(50);
    const telephone = await answerTelephone(payer);
    await passMinutes(app, 14);
    expect(await read(payer, telephone)).toMatchObject({ state: 'active' });
    await passMinutes(app, 2);
    const [call] = await ownerSql('select status, end_reason from calls where id = $1', [
      telephone.call.callId,
    ]);
    expect(call).toEqual({ status: 'ended', end_reason: 'out_of_budget' });
    expect((await payer.spending()).spent).toBeLessThanOrEqual(50);
  });

  it('is hung up over the turn of a month once the limit of the month of its answer is spent, though the new one has enough', async () => {
    const payer = await world.takePayer();
    await grantMinutes(app, payer.owner, 1_000);
    const now = new Date(app.clock.now());
    const turn = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1);
    app.clock.advanceSeconds((turn - now.getTime()) / 1000 - 600);
    await payer.setLimit(20);
    const telephone = await answerTelephone(payer);
    await passMinutes(app, 18);
    await sweep();
    expect(await payer.spending()).toMatchObject({ spent: 0 });
    expect(await read(payer, telephone)).toMatchObject({ state: 'active' });
    await passMinutes(app, 3);
    await sweep();
    await sweep();
    const phone = await read(payer, telephone);
    expect(phone).toMatchObject({ state: 'ended', reason: 'limit_reached' });
    expect(Date.parse(phone.endedAt) - Date.parse(phone.answeredAt)).toBeLessThanOrEqual(22 * 60_000);
    const [call] = await ownerSql('select status from calls where id = $1', [telephone.call.callId]);
    expect(call).toEqual({ status: 'active' });
  });
});
