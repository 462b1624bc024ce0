import { beforeEach, describe, expect, it } from 'vitest';
import { reconcileCalls } from '../../../src/calls/sync/index.ts';
import { systemScope } from '../../../src/kernel/context/index.ts';
import { sweepPhoneCalls } from '../../../src/media/phone-calls/follow-phone-calls.ts';
import { phoneCalls } from '../../../src/media/phone-calls/phone-calls.tables.ts';
import { createOutgoing } from '../../../src/platform/outgoing/index.ts';
import { toMidMonth } from '../../calls/minutes/support.ts';
import { fetchUsage, periodAround } from '../../billing/usage/support.ts';
import { createTestApp, type Person } from '../../support/app.ts';
import { createCalls } from '../../support/calls.ts';
import { FakePhones } from '../../support/livekit/fake-phones.ts';
import { insertTrunk } from '../../support/phone-calls.ts';
import { reportClusterEvents } from '../../support/report-cluster-events.ts';
import { ownerSql } from '../../contract/sql.ts';
import { withFreshToken } from '../../support/tokens.ts';

const NUMBER = '+493098765432';
const app = createTestApp();
const { ports } = app.services;
let leadsTo = '93.184.216.34';
ports.outgoing = createOutgoing({ resolver: { resolve: async () => [leadsTo] }, fetcher: app.storage.fetch });

let line: FakePhones;
let owner: Person;
let roomId: string;
let callId: string;
let phoneTrunkId: string;

const send = (method: string, path: string, body?: unknown, token = owner.token) =>
  app.send(method, path, { token, ...(body === undefined ? {} : { body }) });
const listPath = () => `/api/v1/rooms/${roomId}/phone-calls`;
const get = async (id: string) => (await send('GET', `${listPath()}/${id}`)).body;
const dial = (body: object = {}) => send('POST', listPath(), { phoneTrunkId, number: NUMBER, ...body });
/** Asks for a telephone call, and has the cluster dial. @returns its id */
async function call(body: object = {}): Promise<string> {
  const answer = await dial(body);
  expect(answer).toMatchObject({ status: 201, body: { state: 'requested', reason: null } });
  await app.drain();
  return answer.body.id as string;
}
/** Time passes, and what is due to be looked at is. */
async function wait(seconds: number): Promise<void> {
  app.clock.advanceSeconds(seconds);
  owner = await withFreshToken(app, owner);
  await app.drain();
}
/** The same by the sweep alone, and the webhooks that came meanwhile. */
async function sweepAfter(seconds: number): Promise<void> {
  await wait(seconds);
  await reportClusterEvents(app);
  await sweepPhoneCalls(app.services);
  await app.drain();
}
/** A telephone call that somebody has answered. */
async function answered(body: object = {}): Promise<string> {
  const id = await call(body);
  await reportClusterEvents(app);
  line.becomes(id, 'active');
  await wait(3);
  expect(await get(id)).toMatchObject({ state: 'active' });
  return id;
}
async function refused(answer: Promise<{ status: number; body: unknown }>, code: string): Promise<void> {
  expect(await answer).toMatchObject({ body: { code } });
}

const limitTo = (limits: Record<string, number>) =>
  ownerSql('update organizations set limits = $1::jsonb where id = $2', [
    JSON.stringify(limits),
    owner.organizationId,
  ]);

beforeEach(async () => {
  leadsTo = '93.184.216.34';
  await app.services.database.commit(systemScope, (q) => [q.delete(phoneCalls)]);
  line = new FakePhones(app.liveKit.cluster);
  ports.clusters = { ...ports.clusters, phones: () => line };
  app.liveKit.cluster.events.length = 0;
  owner = await app.person();
  const { organizationId } = owner;
  await limitTo({ running_phone_calls: 10, hourly_phone_calls: 100 });
  roomId = (await send('POST', '/api/v1/rooms', { name: 'Room' })).body.id;
  const [created] = await createCalls(app, [{ organizationId, roomId }]);
  callId = created!.callId;
  phoneTrunkId = await insertTrunk(app, { organizationId });
});

describe('a telephone call', () => {
  it('is dialed with what the trunk has, rings, is answered and ends when somebody hangs up, as a person on the telephone', async () => {
    const id = await call({ digits: '12w34#', callerNumber: '+493012345679' });
    expect(line.dialed).toMatchObject([
      {
        trunk: { address: 'sip.provider.example', transport: 'tls', credentials: null },
        number: NUMBER,
        callerNumber: '+493012345679',
        room: callId,
        identity: id,
        name: 'Phone …5432',
        digits: '12w34#',
        ringSeconds: 45,
      },
    ]);
    expect(await get(id)).toMatchObject({ state: 'dialing', answeredAt: null });
    line.becomes(id, 'ringing');
    await wait(3);
    expect(await get(id)).toMatchObject({ state: 'ringing' });
    line.becomes(id, 'active');
    await reportClusterEvents(app);
    await wait(3);
    expect(await get(id)).toMatchObject({ state: 'active', answeredAt: expect.any(String) });
    expect((await send('GET', `/api/v1/rooms/${roomId}/participants`)).body.data).toMatchObject([
      { identity: id, name: 'Phone …5432', role: 'participant', kind: 'phone' },
    ]);
    await wait(90);
    line.leaves(id, 'CLIENT_INITIATED');
    await reportClusterEvents(app);
    const ended = await get(id);
    expect(ended).toMatchObject({ state: 'ended', reason: 'hung_up', endedAt: expect.any(String) });
    const { data } = await fetchUsage(app, owner, `records?meter=phone_minutes&limit=9&${periodAround(app)}`);
    const dimensions = {
      room: roomId,
      call: callId,
      phone_call: id,
      direction: 'out',
      prefix: '+493',
      user: owner.userId,
    };
    const quantity = Date.parse(ended.endedAt) - Date.parse(ended.answeredAt);
    expect(quantity).toBeGreaterThan(80_000);
    expect(data).toMatchObject([{ quantity, dimensions }]);
    const logs = (await send('GET', '/api/v1/audit/logs?limit=100')).body.data;
    const actions = new Set(logs.map(({ action }: { action: string }) => action));
    for (const state of ['requested', 'dialing', 'ringing', 'active', 'ended'])
      expect(actions).toContain(`phone_call.${state}`);
    expect(JSON.stringify(logs)).not.toContain(NUMBER);
  });

  it.each([
    ['USER_UNAVAILABLE', 'no_answer'],
    ['USER_REJECTED', 'declined'],
    ['SIP_TRUNK_FAILURE', 'line_failed'],
    ['CLIENT_INITIATED', 'line_failed'],
    ['UNKNOWN_REASON', 'line_failed'],
  ] as const)('that ends by %s before an answer has failed: %s', async (leaveReason, reason) => {
    const id = await call();
    line.becomes(id, 'ringing');
    await wait(3);
    line.leaves(id, leaveReason);
    await reportClusterEvents(app);
    expect(await get(id)).toMatchObject({ state: 'failed', reason, answeredAt: null });
  });

  it('is hung up by a host, before an answer and after', async () => {
    const early = await call();
    expect(await send('POST', `${listPath()}/${early}/hang-up`)).toMatchObject({
      status: 200,
      body: { state: 'ending', reason: 'cancelled' },
    });
    await app.drain();
    await wait(3);
    expect(await get(early)).toMatchObject({ state: 'ended', reason: 'cancelled' });
    const late = await answered();
    await send('POST', `${listPath()}/${late}/hang-up`);
    await app.drain();
    await wait(3);
    expect(await get(late)).toMatchObject({ state: 'ended', reason: 'ended_by_host' });
    expect(line.hungUp).toEqual([early, late]);
    expect(await send('POST', `${listPath()}/${late}/hang-up`)).toMatchObject({ body: { state: 'ended' } });
  });

  it('is dialed once when the answer of the cluster is lost, and found by its participant', async () => {
    line.fault = 'loses_answer';
    const id = await call();
    line.fault = null;
    await wait(3);
    await sweepAfter(60);
    expect(line.dialed).toHaveLength(1);
    expect(await get(id)).toMatchObject({ state: 'dialing' });
  });

  it('of which nothing comes is lost after forty seconds, is hung up when it comes after all, and gives its seat back', async () => {
    line.fault = 'hangs';
    const id = await call();
    line.fault = null;
    await wait(3);
    expect(await get(id)).toMatchObject({ state: 'dialing' });
    await sweepAfter(40);
    expect(await get(id)).toMatchObject({ state: 'failed', reason: 'lost' });
    line.appear(line.dialed[0]!);
    await reportClusterEvents(app);
    expect(line.hungUp).toEqual([id]);
  });

  it('that a sweep missed before the cluster reported why it left ends for that reason; without a report it is lost', async () => {
    const miss = async (id: string) => {
      line.leaves(id, 'CLIENT_INITIATED');
      await wait(20);
      await reconcileCalls(app.services);
      await app.drain();
      expect(await get(id)).toMatchObject({ state: 'active' });
    };
    const reported = await answered();
    await miss(reported);
    await reportClusterEvents(app);
    await wait(3);
    expect(await get(reported)).toMatchObject({ state: 'ended', reason: 'hung_up' });

    const unreported = await answered();
    await miss(unreported);
    app.liveKit.cluster.events.splice(0);
    await wait(91);
    await sweepPhoneCalls(app.services);
    await app.drain();
    expect(await get(unreported)).toMatchObject({ state: 'ended', reason: 'lost' });
  });

  it('that was cancelled before its participant came is hung up once it does', async () => {
    line.fault = 'hangs';
    const id = await call();
    line.fault = null;
    await send('POST', `${listPath()}/${id}/hang-up`);
    await app.drain();
    expect(await get(id)).toMatchObject({ state: 'ending', reason: 'cancelled' });
    line.appear(line.dialed[0]!);
    await wait(3);
    await wait(3);
    expect(await get(id)).toMatchObject({ state: 'ended', reason: 'cancelled' });
    expect(line.hungUp).toEqual([id]);
  });

  it.each([
    ['busy', 'no_worker'],
    ['refuses', 'refused'],
  ] as const)('has failed when the cluster is %s: %s', async (fault, reason) => {
    line.fault = fault;
    expect(await get(await call())).toMatchObject({ state: 'failed', reason });
  });

  it('is not dialed two minutes after it was asked for, when that was not possible before', async () => {
    const { body } = await dial();
    await sweepAfter(121);
    expect(await get(body.id)).toMatchObject({ state: 'failed', reason: 'too_late' });
    expect(line.dialed).toEqual([]);
  });

  it('is not dialed when the trunk changed, or leads elsewhere, since it was asked for', async () => {
    await dial();
    leadsTo = '10.0.0.7';
    await app.drain();
    leadsTo = '93.184.216.34';
    app.clock.advanceSeconds(1);
    await dial({ number: '+493011112222' });
    expect(
      await send('PATCH', `/api/v1/phone-trunks/${phoneTrunkId}`, { allowedPrefixes: [] }),
    ).toMatchObject({ status: 200 });
    await app.drain();
    const { data } = (await send('GET', listPath())).body;
    expect(data.map(({ reason }: { reason: string }) => reason)).toEqual([
      'number_not_allowed',
      'address_refused',
    ]);
    expect(line.dialed).toEqual([]);
  });
});

describe('a transfer', () => {
  const OTHER = '+493077778888';
  const transfer = async (id: string, number = OTHER) => {
    const answer = await send('POST', `${listPath()}/${id}/transfer`, { number });
    await app.drain();
    return answer;
  };

  it('connects a telephone that has answered to a number that the trunk allows, and out of the room', async () => {
    const early = await call({ number: '+493011112222' });
    await refused(transfer(early), 'phone_calls.not_transferable');
    const id = await answered();
    await refused(transfer(id, '+447700900123'), 'phone_calls.number_not_allowed');
    expect(await transfer(id)).toMatchObject({
      status: 200,
      body: { transfer: { number: OTHER, state: 'requested' } },
    });
    await wait(3);
    expect(await get(id)).toMatchObject({
      state: 'ended',
      reason: 'transferred',
      transfer: { state: 'done' },
    });
    expect(line.transferred).toEqual([OTHER]);
    expect(JSON.stringify((await send('GET', '/api/v1/audit/logs?limit=100')).body)).not.toContain(OTHER);
  });

  it.each([
    ['refuses', 'failed'],
    ['unreachable', 'unknown'],
  ] as const)(
    'that the cluster %s leaves the telephone in the room, and is not made again by itself: %s',
    async (fault, state) => {
      const id = await answered();
      line.fault = fault;
      await transfer(id);
      line.fault = null;
      await sweepAfter(60);
      expect(await get(id)).toMatchObject({ state: 'active', transfer: { state } });
      expect(line.transferred).toEqual([OTHER]);
    },
  );

  it('that fails can be tried again, three times in all, and each counts as a telephone that was called', async () => {
    const id = await answered();
    line.fault = 'refuses';
    for (let attempt = 0; attempt < 3; attempt++)
      expect(await transfer(id)).toMatchObject({ status: 200, body: { transfer: { state: 'requested' } } });
    line.fault = null;
    await refused(transfer(id), 'phone_calls.too_many_transfers');
    expect(line.transferred).toHaveLength(3);
    const { limits } = (await send('GET', '/api/v1/billing/entitlements')).body;
    expect(limits).toContainEqual(expect.objectContaining({ name: 'running_phone_calls', used: 1 }));
    expect(limits).toContainEqual(expect.objectContaining({ name: 'hourly_phone_calls', used: 4 }));
  });

  it('is refused when the plan allows no other telephone in the hour', async () => {
    const id = await answered();
    await limitTo({ hourly_phone_calls: 1 });
    await refused(transfer(id), 'billing.limit_reached');
    expect(line.transferred).toEqual([]);
  });

  it('that was made is known also when the telephone call changed at the same moment', async () => {
    const id = await answered();
    line.whileTransferring = () =>
      ownerSql('update phone_calls set version = version + 1 where id = $1', [id]).then(() => undefined);
    await transfer(id);
    expect(await get(id)).toMatchObject({ transfer: { state: 'done' } });
    await wait(3);
    expect(await get(id)).toMatchObject({ state: 'ended', reason: 'transferred' });
  });
});

describe('it ends', () => {
  it.each([
    ['its trunk is deleted', 'trunk_closed', () => send('DELETE', `/api/v1/phone-trunks/${phoneTrunkId}`)],
    [
      'its trunk is switched off',
      'trunk_closed',
      () => send('PATCH', `/api/v1/phone-trunks/${phoneTrunkId}`, { enabled: false }),
    ],
    [
      'its participant is removed',
      'removed',
      async () => {
        const { participantId } = (await send('GET', listPath())).body.data[0];
        return send('DELETE', `/api/v1/rooms/${roomId}/participants/${participantId}`);
      },
    ],
    [
      'the plan loses telephony',
      'not_included',
      () =>
        app.send('POST', `/api/v1/operator/organizations/${owner.organizationId}/entitlement-grants`, {
          token: app.operator,
          body: { kind: 'feature', name: 'telephony', value: 0, reason: 'Abuse' },
        }),
    ],
    ['the call ends', 'call_ended', () => send('POST', `/api/v1/rooms/${roomId}/end`)],
  ] as const)('when %s: %s', async (_title, reason, act) => {
    const id = await answered();
    expect((await act()).status).toBeLessThan(300);
    await app.drain();
    await sweepAfter(3);
    await sweepAfter(3);
    expect(await get(id)).toMatchObject({ state: 'ended', reason });
    expect(app.liveKit.cluster.rooms.get(callId)?.participants.has(id) ?? false).toBe(false);
  });

  it('when its room is deleted', async () => {
    const id = await answered();
    await send('DELETE', `/api/v1/rooms/${roomId}`);
    await app.drain();
    await sweepAfter(3);
    await sweepAfter(3);
    const [rows] = await app.services.database.read(systemScope, (q) => [q.select().from(phoneCalls)]);
    expect(rows).toMatchObject([{ id, state: 'ended', reason: 'room_deleted' }]);
  });
});

describe('a number', () => {
  it('is called only as the trunk allows, with a number of the trunk, from an active call', async () => {
    await refused(dial({ number: '+447700900123' }), 'phone_calls.number_not_allowed');
    await refused(dial({ callerNumber: '+447700900123' }), 'phone_calls.unknown_caller_number');
    expect(await dial({ number: '110' })).toMatchObject({ status: 400 });
    const foreign = await insertTrunk(app, { organizationId: (await app.person()).organizationId });
    await refused(dial({ phoneTrunkId: foreign }), 'phone_trunks.not_found');
    const { organizationId } = owner;
    const open = await insertTrunk(app, { organizationId, allowedPrefixes: [] });
    await refused(dial({ phoneTrunkId: open }), 'phone_calls.number_not_allowed');
    const disabled = await insertTrunk(app, { organizationId, enabled: false });
    await refused(dial({ phoneTrunkId: disabled }), 'phone_calls.trunk_disabled');
    roomId = (await send('POST', '/api/v1/rooms', { name: 'Quiet' })).body.id;
    await refused(dial(), 'phone_calls.no_call');
  });

  it('is not called again while it is called, nor after a moderator removed it, until it is readmitted', async () => {
    const id = await answered();
    await refused(dial(), 'phone_calls.already_called');
    const { participantId } = await get(id);
    const participant = `/api/v1/rooms/${roomId}/participants/${participantId}`;
    await send('DELETE', participant);
    await app.drain();
    await sweepAfter(3);
    await refused(dial(), 'phone_calls.kept_out');
    expect(await send('POST', `${participant}/readmit`)).toMatchObject({ status: 204 });
    await app.drain();
    expect(await dial()).toMatchObject({ status: 201 });
  });

  it('shows to hosts and moderators alone', async () => {
    await call();
    const member = await app.person({ role: 'member', organizationId: owner.organizationId });
    for (const answer of [
      await send('GET', listPath(), undefined, member.token),
      await send('POST', listPath(), { phoneTrunkId, number: NUMBER }, member.token),
    ])
      expect(answer).toMatchObject({ status: 403, body: { code: 'moderation.not_moderator' } });
  });
});

describe('the organization', () => {
  it('has as many telephone calls at once as its plan allows, also when they are asked for at the same time', async () => {
    const numbers = Array.from({ length: 12 }, (_, index) => `+4930555000${10 + index}`);
    const answers = await Promise.all(numbers.map((number) => dial({ number })));
    expect(answers.map(({ status }) => status).filter((status) => status === 201)).toHaveLength(10);
    expect(answers.find(({ status }) => status !== 201)!.body).toMatchObject({
      code: 'billing.limit_reached',
      limit: { name: 'running_phone_calls', value: 10 },
    });
  });

  it('has as many in an hour as its plan allows', async () => {
    line.fault = 'busy';
    const id = await call();
    const [[row]] = await app.services.database.read(systemScope, (q) => [q.select().from(phoneCalls)]);
    const others = Array.from({ length: 99 }, () => ({ ...row!, id: app.services.ids.create('phoneCall') }));
    await app.services.database.commit(systemScope, (q) => [q.insert(phoneCalls).values(others)]);
    expect((await dial()).body).toMatchObject({
      code: 'billing.limit_reached',
      limit: { name: 'hourly_phone_calls', value: 100 },
    });
    await wait(3_600);
    expect((await dial()).status).toBe(201);
    expect(id).toBe(row!.id);
  });

  it('calls nobody once the participant minutes of its plan are used up', async () => {
    toMidMonth(app);
    owner = await withFreshToken(app, owner);
    app.liveKit.cluster.join(callId, owner.userId, { name: 'Ann' });
    await reportClusterEvents(app);
    app.clock.advanceSeconds(1_001 * 60);
    owner = await withFreshToken(app, owner);
    await refused(dial(), 'billing.limit_reached');
    expect(line.dialed).toEqual([]);
  });

  it('calls nobody once the telephone minutes of its plan are used up, those of running calls included', async () => {
    toMidMonth(app);
    owner = await withFreshToken(app, owner);
    await answered();
    await wait(59 * 60);
    await call({ number: '+493011112222' });
    await wait(60);
    expect(await dial({ number: '+493011113333' })).toMatchObject({
      status: 402,
      body: { code: 'billing.limit_reached', limit: { name: 'phone_minutes', value: 60, used: 60, left: 0 } },
    });
  });

  it('has its running telephone calls hung up once the telephone minutes of its plan are used up', async () => {
    toMidMonth(app);
    owner = await withFreshToken(app, owner);
    const id = await answered();
    await sweepAfter(59 * 60);
    expect(await get(id)).toMatchObject({ state: 'active' });
    await sweepAfter(60);
    await sweepAfter(3);
    expect(await get(id)).toMatchObject({ state: 'ended', reason: 'limit_reached' });
    expect(app.liveKit.cluster.rooms.get(callId)?.participants.has(id) ?? false).toBe(false);
  });

  it('has them hung up on a plan that charges for more only once its spending limit is spent', async () => {
    toMidMonth(app);
    owner = await withFreshToken(app, owner);
    const { organizationId } = owner;
    const id = await answered();
    await ownerSql("update organizations set plan = 'pro' where id = $1", [organizationId]);
    await ownerSql(
      "update phone_calls set answered_at = answered_at - interval '1000 minutes' where id = $1",
      [id],
    );
    owner = { ...owner, plan: 'pro' };
    await sweepAfter(60);
    expect(await get(id)).toMatchObject({ state: 'active' });
    const now = new Date(app.clock.now());
    await ownerSql(
      `insert into minute_budgets (organization_id, month_starts_at, left_ms, counted_at, limit_micros, spent_micros)
       values ($1, date_trunc('month', $2::timestamptz, 'UTC'), 0, $2::timestamptz, 1000000, 1000000)`,
      [organizationId, now],
    );
    await sweepAfter(60);
    await sweepAfter(3);
    expect(await get(id)).toMatchObject({ state: 'ended', reason: 'limit_reached' });
  });

  it('calls nobody into a full room, nor into one whose recordings need consent', async () => {
    await send('PATCH', `/api/v1/rooms/${roomId}`, { capacity: 2, recordingConsent: 'required' });
    await refused(dial(), 'phone_calls.needs_consent');
    await send('PATCH', `/api/v1/rooms/${roomId}`, { recordingConsent: 'notice' });
    await call();
    await call({ number: '+493011112222' });
    await refused(dial({ number: '+493011113333' }), 'rooms.full');
  });
});
