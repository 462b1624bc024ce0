import { beforeEach, describe, expect, it } from 'vitest';
import { systemScope } from '../../../src/kernel/context/index.ts';
import { reconcileCalls } from '../../../src/calls/sync/index.ts';
import { livekitEvents } from '../../../src/calls/sync/sync.tables.ts';
import { sweepIngresses, sweepStrayIngresses } from '../../../src/media/ingresses/follow-ingresses.ts';
import { ingresses } from '../../../src/media/ingresses/ingresses.tables.ts';
import { createOutgoing } from '../../../src/platform/outgoing/index.ts';
import { createTestApp, type Person } from '../../support/app.ts';
import { createCalls } from '../../support/calls.ts';
import { FakeIngresses } from '../../support/livekit/fake-ingresses.ts';
import { signWebhook } from '../../support/livekit/webhooks.ts';
import { reportClusterEvents } from '../../support/report-cluster-events.ts';
import { withFreshToken } from '../../support/tokens.ts';
import { fetchUsage, grantMinutes, periodAround } from '../../billing/usage/support.ts';
import { toMidMonth } from '../../calls/minutes/support.ts';
import { ownerSql } from '../../contract/sql.ts';
import { insertIngress } from '../../support/ingresses.ts';

const SOURCE = 'https://video.example/films/a.mp4';
const SECRET = 'the-signature-of-the-address';
const URL_INGRESS = { kind: 'url', name: 'Film', sourceUrl: `${SOURCE}?signature=${SECRET}` };

const app = createTestApp();
const { ports } = app.services;
let cluster: FakeIngresses;
let owner: Person;
let roomId: string;
/** What every name leads to. */
let leadsTo = '93.184.216.34';
ports.outgoing = createOutgoing({ resolver: { resolve: async () => [leadsTo] }, fetcher: app.storage.fetch });

const send = (method: string, path: string, body?: unknown, token = owner.token) =>
  app.send(method, path, { token, ...(body === undefined ? {} : { body }) });
const listPath = () => `/api/v1/rooms/${roomId}/ingresses`;
const pathOf = (id: string) => `${listPath()}/${id}`;
const get = async (id: string) => (await send('GET', pathOf(id))).body;
const sweepAfter = async (seconds: number) => {
  app.clock.advanceSeconds(seconds);
  owner = await withFreshToken(app, owner);
  await sweepIngresses(app.services);
  await app.drain();
};
/** Every minute of an hour, without what others do in it. */
async function sweepHour(): Promise<void> {
  for (let minute = 0; minute < 60; minute++) {
    app.clock.advanceSeconds(60);
    await sweepIngresses(app.services);
  }
  owner = await withFreshToken(app, owner);
}
async function create(body: object = { kind: 'rtmp', name: 'Stage camera' }): Promise<string> {
  const answer = await send('POST', listPath(), body);
  expect(answer).toMatchObject({ status: 201, body: { state: 'requested' } });
  await app.drain();
  return answer.body.id as string;
}
async function createRoom(type = 'group'): Promise<string> {
  return (await send('POST', '/api/v1/rooms', { name: 'Room', type })).body.id;
}
/** An active call of the room. */
async function startCall(fields: object = {}): Promise<string> {
  const [call] = await createCalls(app, [{ organizationId: owner.organizationId, roomId, ...fields }]);
  await sweepAfter(1);
  return call!.callId;
}
async function endCall(): Promise<void> {
  expect(await send('POST', `/api/v1/rooms/${roomId}/end`)).toMatchObject({ status: 200 });
  await app.drain();
}
const readRows = () => app.services.database.read(systemScope, (q) => [q.select().from(ingresses)]);
/** The participant of an ingress is in a call. */
async function join(callId: string, id: string, name: string): Promise<string> {
  const sid = app.liveKit.cluster.join(callId, id, { name });
  await reconcileCalls(app.services);
  await app.drain();
  return sid;
}

beforeEach(async () => {
  leadsTo = '93.184.216.34';
  await app.services.database.commit(systemScope, (q) => [q.delete(ingresses)]);
  cluster = new FakeIngresses(app.clock.now);
  ports.clusters = { ...ports.clusters, ingresses: () => cluster };
  owner = await app.person();
  roomId = await createRoom();
});

describe('an ingress that media are sent to', () => {
  it('is created at the cluster without letting anybody in, lets its sender into each active call, and out with its end', async () => {
    const id = await create();
    expect(await get(id)).toMatchObject({ state: 'idle', reason: 'no_call', callId: null });
    expect(cluster.created).toMatchObject([{ kind: 'rtmp', identity: id, name: 'Stage camera', room: null }]);
    const callId = await startCall();
    expect(cluster.all).toMatchObject([{ ingressId: 'IN_1', enabled: true, room: callId }]);
    expect(await get(id)).toMatchObject({ state: 'idle', reason: null, callId });
    cluster.session('IN_1', 'publishing');
    await sweepAfter(1);
    expect(await get(id)).toMatchObject({ state: 'active', reason: null, endedAt: null });
    await endCall();
    expect(cluster.all).toMatchObject([{ enabled: false, status: 'inactive' }]);
    expect(await get(id)).toMatchObject({
      state: 'idle',
      reason: 'no_call',
      callId: null,
      startedAt: expect.any(String),
    });
    const path = `/api/v1/rooms/${roomId}`;
    await send('POST', `${path}/reopen`);
    const next = await startCall();
    expect(cluster.all).toMatchObject([{ ingressId: 'IN_1', enabled: true, room: next }]);
  });

  it('shows its key to hosts alone, and nothing stores, logs or answers it otherwise', async () => {
    const id = await create();
    const key = 'key-of-IN_1';
    expect(await send('GET', `${pathOf(id)}/address`)).toMatchObject({
      status: 200,
      body: { url: 'rtmp://ingress.example/live', streamKey: key },
    });
    const moderator = await app.person({ role: 'member', organizationId: owner.organizationId });
    expect(await send('GET', `${pathOf(id)}/address`, undefined, moderator.token)).toMatchObject({
      status: 403,
      body: { code: 'moderation.not_moderator' },
    });
    const defaultRoles = { member: 'moderator', guest: 'participant' };
    roomId = (await send('POST', '/api/v1/rooms', { name: 'Room', defaultRoles })).body.id;
    const other = await create();
    expect(await send('GET', pathOf(other), undefined, moderator.token)).toMatchObject({ status: 200 });
    expect(await send('GET', `${pathOf(other)}/address`, undefined, moderator.token)).toMatchObject({
      status: 403,
      body: { code: 'ingresses.not_host' },
    });
    const logs = (await send('GET', '/api/v1/audit/logs?limit=100')).body;
    expect(
      logs.data.filter(({ action }: { action: string }) => action === 'ingress.address_read'),
    ).toMatchObject([{ actorId: owner.userId, after: { ingressId: id } }]);
    for (const shown of [await get(id), logs, await readRows()])
      expect(JSON.stringify(shown)).not.toContain(key);
  });

  it('gets another key when a host asks for one: the former ends at once, and is not ready while its cluster is not configured', async () => {
    const callId = await startCall();
    const id = await create();
    cluster.session('IN_1', 'publishing');
    await sweepAfter(1);
    expect(await send('POST', `${pathOf(id)}/rotate-key`)).toMatchObject({
      status: 200,
      body: { state: 'requested', callId: null },
    });
    expect(cluster.all).toEqual([]);
    await app.drain();
    expect(cluster.all).toMatchObject([{ ingressId: 'IN_2', identity: id, enabled: true, room: callId }]);
    expect((await send('GET', `${pathOf(id)}/address`)).body).toMatchObject({ streamKey: 'key-of-IN_2' });
    const { names } = ports.clusters;
    ports.clusters = { ...ports.clusters, names: ['another'] };
    const answer = await send('GET', `${pathOf(id)}/address`);
    ports.clusters = { ...ports.clusters, names };
    expect(answer).toMatchObject({ status: 409, body: { code: 'ingresses.not_ready' } });
  });

  it('is switched off and on, renamed while nothing comes in, and deleted with its key', async () => {
    const callId = await startCall();
    const id = await create();
    cluster.session('IN_1', 'publishing');
    await sweepAfter(1);
    await send('PATCH', pathOf(id), { name: 'Balcony' });
    await app.drain();
    expect(cluster.all).toMatchObject([{ name: 'Stage camera', status: 'publishing' }]);
    expect(await send('PATCH', pathOf(id), { enabled: false })).toMatchObject({
      status: 200,
      body: { state: 'idle', reason: 'disabled', callId },
    });
    await app.drain();
    expect((await get(id)).callId).toBeNull();
    expect(cluster.all).toMatchObject([{ enabled: false, name: 'Balcony', status: 'inactive' }]);
    await send('PATCH', pathOf(id), { enabled: true });
    await app.drain();
    expect(cluster.all).toMatchObject([{ ingressId: 'IN_1', enabled: true, room: callId }]);
    expect(await send('DELETE', pathOf(id))).toMatchObject({ status: 204 });
    await app.drain();
    expect(cluster.all).toEqual([]);
    expect(await send('GET', pathOf(id))).toMatchObject({ status: 404 });
  });

  it('that is switched off while its cluster is away lets its sender in no more as soon as that is back', async () => {
    await startCall();
    const id = await create();
    cluster.session('IN_1', 'publishing');
    cluster.fault = 'unreachable';
    await send('PATCH', pathOf(id), { enabled: false });
    cluster.fault = null;
    app.clock.advanceSeconds(60);
    await sweepIngresses(app.services);
    expect(cluster.all).toMatchObject([{ enabled: false, status: 'inactive' }]);
  });

  it('gets another key also when it changes at the same moment, and the audit log has that', async () => {
    await startCall();
    const id = await create();
    const { remove } = cluster;
    Object.assign(cluster, {
      remove: async (ingressId: string) => {
        Object.assign(cluster, { remove });
        cluster.session('IN_1', 'publishing');
        await sweepIngresses(app.services);
        return remove(ingressId);
      },
    });
    expect(await send('POST', `${pathOf(id)}/rotate-key`)).toMatchObject({ status: 200 });
    await app.drain();
    expect(cluster.all).toMatchObject([{ ingressId: 'IN_2', identity: id, enabled: true }]);
    const logs = (await send('GET', '/api/v1/audit/logs?limit=100')).body;
    expect(JSON.stringify(logs)).toContain('ingress.key_rotated');
  });

  it('that is deleted before its creation was answered leaves nothing at the cluster', async () => {
    cluster.fault = 'loses_answer';
    const id = await create();
    cluster.fault = null;
    expect(await send('DELETE', pathOf(id))).toMatchObject({ status: 204 });
    await app.drain();
    await sweepStrayIngresses(app.services);
    expect(cluster.all).toEqual([]);
  });

  it('has the calls of its room take place at its cluster as long as there is one, and so do further ones', async () => {
    const { chooseCluster } = ports.clusters;
    const clusterOfRoom = async () =>
      (await ownerSql<{ cluster: string | null }>('select cluster from rooms where id = $1', [roomId]))[0]!
        .cluster;
    await create(URL_INGRESS);
    expect(await clusterOfRoom()).toBeNull();
    const first = await create();
    const [near] = ports.clusters.names;
    ports.clusters = { ...ports.clusters, chooseCluster: () => 'far' };
    const second = await create();
    ports.clusters = { ...ports.clusters, chooseCluster };
    const clusterOf = async (id: string) => (await readRows())[0].find((row) => row.id === id)!.cluster;
    expect([await clusterOfRoom(), await clusterOf(second)]).toEqual([near, near]);
    await send('DELETE', pathOf(first));
    expect(await clusterOfRoom()).toBe(near);
    await send('DELETE', pathOf(second));
    expect(await clusterOfRoom()).toBeNull();
  });

  it('does not reach a call on another cluster', async () => {
    const id = await create();
    await startCall({ cluster: 'another' });
    expect(await get(id)).toMatchObject({ state: 'idle', reason: 'other_cluster', callId: null });
    expect(cluster.all).toMatchObject([{ enabled: false }]);
  });

  it('whose sender fails has failed until it tries again', async () => {
    await startCall();
    const id = await create();
    cluster.session('IN_1', 'error');
    await sweepAfter(1);
    expect(await get(id)).toMatchObject({ state: 'failed', reason: 'source_failed' });
    cluster.session('IN_1', 'publishing');
    await sweepAfter(1);
    expect(await get(id)).toMatchObject({ state: 'active', reason: null });
  });

  it('whose worker died without a report is lost 15 s after its participant left, until a sender connects again', async () => {
    const id = await create();
    const callId = await startCall();
    cluster.session('IN_1', 'publishing');
    await join(callId, id, 'Stage camera');
    await sweepAfter(1);
    app.liveKit.cluster.leave(callId, id, 'CONNECTION_TIMEOUT');
    await reportClusterEvents(app);
    await sweepAfter(10);
    expect(await get(id)).toMatchObject({ state: 'active' });
    await sweepAfter(6);
    expect(await get(id)).toMatchObject({ state: 'failed', reason: 'lost', callId });
    cluster.session('IN_1', 'publishing');
    await sweepAfter(60);
    expect(await get(id)).toMatchObject({ state: 'active', reason: null });
  });

  it('is found again when the answer to its creation was lost, and is created again when the cluster lost it', async () => {
    cluster.fault = 'loses_answer';
    const id = await create();
    cluster.fault = null;
    await sweepAfter(30);
    expect(cluster.all).toMatchObject([{ ingressId: 'IN_1' }]);
    expect(await get(id)).toMatchObject({ state: 'idle', reason: 'no_call' });
    cluster.all.length = 0;
    await sweepHour();
    expect(cluster.all).toMatchObject([{ ingressId: 'IN_2', identity: id, enabled: false }]);
  });

  it('is looked at once an hour while nobody uses it, and each minute while it takes a sender', async () => {
    await create();
    const film = await create(URL_INGRESS);
    await startCall();
    cluster.session('IN_2', 'complete');
    await sweepAfter(1);
    await sweepAfter(1);
    expect((await get(film)).state).toBe('ended');
    await endCall();
    cluster.calls.length = 0;
    await sweepHour();
    expect(cluster.calls).toEqual(['get']);
    await send('POST', `/api/v1/rooms/${roomId}/reopen`);
    await startCall();
    cluster.calls.length = 0;
    await sweepAfter(60);
    expect(cluster.calls).toContain('get');
  });

  it('that the cluster refuses has failed, and one that does not answer concludes nothing', async () => {
    cluster.fault = 'refuses';
    const id = await create();
    expect(await get(id)).toMatchObject({ state: 'failed', reason: 'refused' });
    for (let minute = 0; minute < 12; minute++) await sweepAfter(60);
    // When it was made, and ten minutes later.
    expect(cluster.calls.filter((method) => method === 'create')).toHaveLength(2);
    cluster.fault = null;
    await sweepAfter(600);
    cluster.fault = 'unreachable';
    await sweepAfter(600);
    expect(await get(id)).toMatchObject({ state: 'idle', reason: 'no_call' });
  });

  it('is created once by two runs, at the same moment or while the cluster has not answered', async () => {
    cluster.whileCreating = async () => {
      cluster.whileCreating = async () => undefined;
      await sweepIngresses(app.services);
    };
    await create();
    expect(cluster.created).toHaveLength(1);
    const { id } = (await send('POST', listPath(), { kind: 'whip', name: 'Browser' })).body;
    await Promise.all([sweepIngresses(app.services), sweepIngresses(app.services)]);
    await app.drain();
    expect(cluster.created).toHaveLength(2);
    expect(await get(id)).toMatchObject({ state: 'idle' });
  });
});

describe('an ingress that reads a URL', () => {
  it('is read once in each call and again when it was switched off and on, and its query is shown nowhere', async () => {
    const id = await create(URL_INGRESS);
    expect(await get(id)).toMatchObject({ state: 'idle', reason: 'no_call', sourceUrl: SOURCE });
    expect(cluster.created).toEqual([]);
    const first = await startCall();
    expect(cluster.created).toMatchObject([
      { kind: 'url', identity: id, name: 'Film', room: first, url: URL_INGRESS.sourceUrl },
    ]);
    expect(await get(id)).toMatchObject({ state: 'connecting', callId: first });
    cluster.session('IN_1', 'complete');
    await sweepAfter(1);
    await sweepAfter(60);
    expect(await get(id)).toMatchObject({ state: 'ended', reason: null, endedAt: expect.any(String) });
    expect([cluster.created.length, cluster.all]).toEqual([1, []]);
    for (const enabled of [false, true]) await send('PATCH', pathOf(id), { enabled });
    await app.drain();
    expect(cluster.created).toHaveLength(2);
    await endCall();
    expect(await get(id)).toMatchObject({ state: 'idle', reason: 'no_call' });
    expect(cluster.all).toEqual([]);
    await startCall();
    expect(cluster.created).toHaveLength(3);
    const logs = (await send('GET', '/api/v1/audit/logs?limit=100')).body;
    for (const shown of [await get(id), logs, await readRows()])
      expect(JSON.stringify(shown)).not.toContain(SECRET);
  });

  it('is refused at an address inside of a network, also when its name leads there only later', async () => {
    for (const sourceUrl of [
      'https://127.0.0.1/a.mp4',
      'https://db.internal/a',
      'http://video.example/a',
      'srt://video.example:9000',
    ])
      expect(await send('POST', listPath(), { ...URL_INGRESS, sourceUrl })).toMatchObject({
        status: 422,
        body: { code: 'outgoing.address_refused' },
      });
    const id = await create(URL_INGRESS);
    leadsTo = '10.0.0.1';
    await startCall();
    expect(await get(id)).toMatchObject({ state: 'failed', reason: 'address_refused' });
    expect(cluster.created).toEqual([]);
  });

  it.each([
    ['busy', 'no_worker', 60],
    ['refuses', 'refused', 1],
  ] as const)('that the cluster answers with %s has failed: %s', async (fault, reason, seconds) => {
    await startCall();
    cluster.fault = fault;
    const id = await create(URL_INGRESS);
    await sweepAfter(seconds);
    expect(await get(id)).toMatchObject({ state: 'failed', reason });
  });

  it('is read once although the answer was lost, and is lost when the cluster does not have it any more', async () => {
    await startCall();
    cluster.fault = 'loses_answer';
    const id = await create(URL_INGRESS);
    cluster.fault = null;
    await sweepAfter(30);
    expect(cluster.all).toHaveLength(1);
    expect((await get(id)).state).toBe('connecting');
    cluster.all.length = 0;
    await sweepAfter(1);
    expect(await get(id)).toMatchObject({ state: 'failed', reason: 'lost' });
    expect(cluster.created).toHaveLength(1);
  });

  it.each([
    { kind: 'url', name: 'Film' },
    { kind: 'rtmp', name: 'Film', sourceUrl: SOURCE },
  ])('needs its address, and nothing else has one: %j', async (body) => {
    expect(await send('POST', listPath(), body)).toMatchObject({ status: 400 });
  });
  it('is lost, and forgotten by its cluster, when its worker died without a report', async () => {
    const callId = await startCall();
    const id = await create(URL_INGRESS);
    cluster.session('IN_1', 'publishing');
    await join(callId, id, 'Film');
    await sweepAfter(1);
    expect(await get(id)).toMatchObject({ state: 'active' });
    app.liveKit.cluster.leave(callId, id, 'CONNECTION_TIMEOUT');
    await reportClusterEvents(app);
    await sweepAfter(60);
    expect(await get(id)).toMatchObject({ state: 'failed', reason: 'lost' });
    await sweepAfter(60);
    expect(cluster.all).toEqual([]);
  });
});

describe('an ingress ends by itself', () => {
  const grant = (value: number) =>
    app.send('POST', `/api/v1/operator/organizations/${owner.organizationId}/entitlement-grants`, {
      token: app.operator,
      body: { kind: 'feature', name: 'ingresses', value, reason: 'Test' },
    });

  it('when the plan loses it: the cluster forgets it with its key, no other is created, and it gets another one later', async () => {
    await startCall();
    const [pushed, read] = [await create(), await create(URL_INGRESS)];
    await grant(0);
    await sweepAfter(1);
    expect(cluster.all).toEqual([]);
    for (const id of [pushed, read])
      expect(await get(id)).toMatchObject({ state: 'idle', reason: 'not_included' });
    expect(await send('POST', listPath(), { kind: 'rtmp', name: 'Another' })).toMatchObject({
      status: 402,
      body: { code: 'billing.feature_not_included' },
    });
    await grant(1);
    await sweepAfter(1);
    expect(cluster.all.map(({ identity }) => identity).toSorted()).toEqual([pushed, read].toSorted());
  });

  it('with its room', async () => {
    await create();
    expect(await send('DELETE', `/api/v1/rooms/${roomId}`)).toMatchObject({ status: 204 });
    await app.drain();
    expect(cluster.all).toEqual([]);
  });

  it('when a moderator removes its participant, until it is readmitted', async () => {
    const callId = await startCall();
    const id = await create();
    cluster.session('IN_1', 'publishing');
    await join(callId, id, 'Stage camera');
    const { data } = (await send('GET', `/api/v1/rooms/${roomId}/participants`)).body;
    expect(data).toMatchObject([{ identity: id, name: 'Stage camera', role: 'agent', kind: 'service' }]);
    const path = `/api/v1/rooms/${roomId}/participants/${data[0].participantId}`;
    expect(await send('DELETE', path)).toMatchObject({ status: 204 });
    await app.drain();
    expect(cluster.all).toMatchObject([{ enabled: false, status: 'inactive' }]);
    expect(await get(id)).toMatchObject({ state: 'idle', reason: 'removed' });
    for (const enabled of [false, true]) await send('PATCH', pathOf(id), { enabled });
    await app.drain();
    expect(await get(id)).toMatchObject({ state: 'idle', reason: 'removed' });
    expect(await send('POST', `${path}/readmit`)).toMatchObject({ status: 204 });
    await app.drain();
    expect(cluster.all).toMatchObject([{ enabled: true, room: callId }]);
  });

  it('alone in a call it keeps it open for five minutes, as agents do', async () => {
    const callId = await startCall({ startedAt: new Date(app.clock.now()) });
    const id = await create();
    await join(callId, id, 'Stage camera');
    app.clock.advanceSeconds(301);
    await reconcileCalls(app.services);
    await sweepAfter(1);
    expect((await send('GET', `/api/v1/calls/${callId}`)).body).toMatchObject({ endReason: 'empty' });
    expect(await get(id)).toMatchObject({ state: 'idle', reason: 'no_call' });
  });
});

describe('an ingress comes into a call as far as the organization may have somebody else in it', () => {
  const enabledAt = () =>
    cluster.all
      .filter(({ enabled }) => enabled)
      .map(({ identity }) => identity)
      .toSorted();

  it('not once the minutes of the plan are used up, until there are more; one that was in the call stays as people do', async () => {
    toMidMonth(app);
    owner = await withFreshToken(app, owner);
    const callId = await startCall({ startedAt: new Date(app.clock.now()) });
    await join(callId, owner.userId, 'Ann');
    const [running, waiting, film] = [await create(), await create(), await create(URL_INGRESS)];
    cluster.session('IN_1', 'publishing');
    await join(callId, running, 'Stage camera');
    await sweepAfter(1);
    expect(enabledAt()).toEqual([running, waiting, film].toSorted());
    app.clock.advanceSeconds(500 * 60);
    await sweepAfter(1);
    for (const id of [waiting, film, await create()])
      expect(await get(id)).toMatchObject({ state: 'idle', reason: 'minutes_used_up' });
    expect((await get(running)).state).toBe('active');
    expect(enabledAt()).toEqual([running]);
    await grantMinutes(app, owner, 100);
    await sweepAfter(60);
    expect(await get(waiting)).toMatchObject({ state: 'idle', reason: null, callId });
    expect(await get(film)).toMatchObject({ state: 'connecting' });
  });

  it('as a spending limit covers ten minutes of everybody: also one whose sender is yet to come reserves them', async () => {
    const callId = await startCall();
    await join(callId, owner.userId, 'Ann');
    const now = new Date(app.clock.now());
    const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth()));
    await ownerSql(
      `insert into minute_budgets (organization_id, month_starts_at, left_ms, counted_at, limit_micros)
       values ($1, $2, 25 * 60000, $3, 1)`,
      [owner.organizationId, month, now],
    );
    const [first, second] = [await create(), await create()];
    expect(await get(first)).toMatchObject({ state: 'idle', reason: null, callId });
    expect(await get(second)).toMatchObject({ state: 'idle', reason: 'over_budget', callId: null });
    const colleague = await app.person({ role: 'member', organizationId: owner.organizationId });
    const path = `/api/v1/rooms/${roomId}/token`;
    expect(await send('POST', path, {}, colleague.token)).toMatchObject({
      status: 402,
      body: { code: 'billing.limit_reached' },
    });
    await send('DELETE', pathOf(first));
    await app.drain();
    await sweepAfter(1);
    expect(enabledAt()).toEqual([second]);
    // Ann uses it up: what does not send gives its reserve back.
    await sweepAfter(6 * 60);
    expect(await get(second)).toMatchObject({ state: 'idle', reason: 'over_budget', callId: null });
    expect([enabledAt(), await ownerSql('select from minute_reserves where call_id = $1', [callId])]).toEqual(
      [[], []],
    );
  });

  it('ten of an organization at once, and the next one when one of them has gone', async () => {
    const { organizationId } = owner;
    for (let number = 0; number < 11; number++) await insertIngress(app, { organizationId, roomId });
    await startCall();
    await sweepAfter(30);
    expect(enabledAt()).toHaveLength(10);
    const rows = (await readRows())[0];
    expect(rows.flatMap(({ reason }) => reason ?? [])).toEqual(['too_many']);
    cluster.calls.length = 0;
    await sweepAfter(60);
    // The one that waits asks nothing of the cluster.
    expect(cluster.calls).toHaveLength(10);
    await send('DELETE', pathOf(rows.find(({ reason }) => reason === null)!.id));
    await app.drain();
    await sweepAfter(60);
    expect(enabledAt()).toHaveLength(10);
  });
});

it('its minutes are metered by the ledger, and what a cluster has without a row is removed', async () => {
  const callId = await startCall();
  const id = await create();
  await join(callId, id, 'Stage camera');
  app.clock.advanceSeconds(90);
  app.liveKit.cluster.leave(callId, id);
  await reconcileCalls(app.services);
  await app.drain();
  owner = await withFreshToken(app, owner);
  const { data } = await fetchUsage(
    app,
    owner,
    `records?meter=ingress_minutes&limit=100&${periodAround(app)}`,
  );
  expect(data).toMatchObject([{ quantity: 90_000, dimensions: { room: roomId, call: callId, ingress: id } }]);
  cluster.all.push({ ...cluster.all[0]!, ingressId: 'IN_stray' });
  cluster.all.push({ ...cluster.all[0]!, ingressId: 'IN_others', identity: 'somebody' });
  const deleted = {
    ...cluster.all[0]!,
    ingressId: 'IN_deleted',
    identity: app.services.ids.create('ingress'),
  };
  // Another installation at the same cluster has other organizations.
  const organizationId = app.services.ids.create('organization');
  cluster.all.push(deleted, { ...deleted, ingressId: 'IN_elsewhere', organizationId });
  await sweepStrayIngresses(app.services);
  expect(cluster.all.map(({ ingressId }) => ingressId)).toEqual(['IN_1', 'IN_others', 'IN_elsewhere']);
});

it('an event of the cluster makes the product check it, and no part of the event with a key is stored', async () => {
  const callId = await startCall();
  await join(callId, owner.userId, 'Ann');
  const id = await create();
  cluster.session('IN_1', 'publishing');
  const ingressInfo = {
    ingressId: 'IN_1',
    roomName: callId,
    streamKey: 'the-key',
    state: { status: 'ENDPOINT_ERROR' },
  };
  const event = { event: 'ingress_started', id: 'EV_ingress', createdAt: '1', ingressInfo };
  const { headers, body: raw } = await signWebhook(event as never, app.liveKit);
  expect(await app.send('POST', '/webhooks/livekit', { headers, raw })).toMatchObject({ status: 204 });
  await app.drain();
  // What the cluster lists counts, not what the event says.
  expect(await get(id)).toMatchObject({ state: 'active', reason: null });
  const [rows] = await app.services.database.read(systemScope, (q) => [q.select().from(livekitEvents)]);
  expect(rows.map(({ type }) => type)).toContain('ingress_started');
  expect(JSON.stringify(rows)).not.toContain('the-key');
});

it('a room for sound alone has none, and guests manage none', async () => {
  roomId = await createRoom('audio_room');
  expect(await send('POST', listPath(), { kind: 'rtmp', name: 'Camera' })).toMatchObject({
    status: 409,
    body: { code: 'ingresses.audio_only' },
  });
});
