import { beforeEach, describe, expect, it } from 'vitest';
import { createBucketExample } from '../../../src/media/buckets/buckets.schemas.ts';
import { sweepObjects, sweepRecordings } from '../../../src/media/recording-sweeps/sweep-recordings.ts';
import { createTestApp, type Person } from '../../support/app.ts';
import { createCalls } from '../../support/calls.ts';
import { FakeRecorder } from '../../support/livekit/fake-recorder.ts';
import { createRecordableRoom, forgetRecordings, insertRecording } from '../../support/recordings.ts';
import { withFreshToken } from '../../support/tokens.ts';
import { signWebhook } from '../../support/livekit/webhooks.ts';

const ROOM = { name: 'Room', features: { recording: true } };
const app = createTestApp();
const { storage } = app;
const { ports } = app.services;
let recorder: FakeRecorder;
let owner: Person;
let roomId: string;
let callId: string;
let bucketId: string;

const send = (method: string, path: string, body?: unknown, token = owner.token) =>
  app.send(method, path, { token, ...(body === undefined ? {} : { body }) });
const listPath = () => `/api/v1/rooms/${roomId}/recordings`;
const start = (token = owner.token) => send('POST', listPath(), { bucketId }, token);
const get = async (id: string) => (await send('GET', `${listPath()}/${id}`)).body;
/** A recording that has begun. */
async function begin(): Promise<string> {
  const answer = await start();
  expect(answer).toMatchObject({ status: 201, body: { state: 'requested' } });
  await app.drain();
  return answer.body.id as string;
}
const sweepAfter = async (seconds: number) => {
  app.clock.advanceSeconds(seconds);
  owner = await withFreshToken(app, owner);
  await sweepRecordings(app.services);
  await sweepObjects(app.services);
  await app.drain();
};

beforeEach(async () => {
  await forgetRecordings(app);
  storage.fault = null;
  storage.objects.clear();
  recorder = new FakeRecorder(storage, app.clock.now);
  ports.clusters = { ...ports.clusters, recorders: () => recorder };
  owner = await app.person();
  const { organizationId } = owner;
  const participants = [{ identity: 'gst_ada' }];
  roomId = (await send('POST', '/api/v1/rooms', ROOM)).body.id as string;
  callId = (await createCalls(app, [{ organizationId, roomId, participants }]))[0]!.callId;
  bucketId = (await send('POST', '/api/v1/buckets', createBucketExample)).body.id as string;
});

describe('a recording', () => {
  it('begins, is stopped, verified and downloaded with a signed address, and deleted with its object', async () => {
    const id = await begin();
    expect(await get(id)).toMatchObject({ state: 'starting', callId, kind: 'composite' });
    recorder.recordings[0]!.status = 'active';
    await sweepAfter(1);
    expect((await get(id)).state).toBe('active');
    expect(await send('GET', `${listPath()}/${id}/download`)).toMatchObject({ status: 409 });
    expect(await send('DELETE', `${listPath()}/${id}`)).toMatchObject({ status: 409 });
    expect(await send('POST', `${listPath()}/${id}/stop`)).toMatchObject({ status: 200 });
    await app.drain();
    expect((await get(id)).state).toBe('finalizing');
    recorder.complete();
    await sweepAfter(1);
    expect(await get(id)).toMatchObject({
      state: 'ready',
      reason: null,
      sizeBytes: 1_000,
      durationSeconds: 60,
    });
    const { body } = await send('GET', `${listPath()}/${id}/download`);
    expect(body.url).toMatch(
      /^https:\/\/s3\.storage\.example\/northwind-calls\/auralink\/.*X-Amz-Expires=3600/,
    );
    expect(await send('DELETE', `${listPath()}/${id}`)).toMatchObject({ status: 204 });
    await app.drain();
    expect(storage.objects.size).toBe(0);
    expect(await send('GET', `${listPath()}/${id}`)).toMatchObject({ status: 404 });
  });

  it('follows the webhooks of the cluster', async () => {
    const id = await begin();
    recorder.recordings[0]!.status = 'active';
    const event = {
      event: 'egress_updated',
      id: 'EV_1',
      createdAt: '1',
      egressInfo: { egressId: 'EG', roomName: callId },
    };
    const { headers, body: raw } = await signWebhook(event as never, app.liveKit);
    expect(await app.send('POST', '/webhooks/livekit', { headers, raw })).toMatchObject({ status: 204 });
    await app.drain();
    expect((await get(id)).state).toBe('active');
  });

  it('is one at a time in a call, however many are asked for at once', async () => {
    const statuses = (await Promise.all([start(), start(), start()])).map(({ status }) => status);
    expect(statuses.toSorted((a, b) => a - b)).toEqual([201, 409, 409]);
  });

  it('of a participant or a track is of one that is in the call', async () => {
    const record = (body: object) => send('POST', listPath(), { bucketId, ...body });
    expect(await record({ kind: 'participant', identity: 'gst_ben' })).toMatchObject({
      status: 409,
      body: { code: 'recordings.not_connected' },
    });
    expect(await record({ kind: 'track', trackSid: 'TR_none' })).toMatchObject({
      status: 409,
      body: { code: 'recordings.not_published' },
    });
    expect(await record({ kind: 'participant', identity: 'gst_ada' })).toMatchObject({ status: 201 });
  });

  it('is refused when as many of the organization run as its plan allows', async () => {
    const { organizationId } = owner;
    for (let number = 1; number < 5; number++)
      await insertRecording(app, {
        organizationId,
        roomId,
        callId,
        state: 'active',
        subject: `gst_${number}`,
      });
    expect(await start()).toMatchObject({ status: 201 });
    await insertRecording(app, { organizationId, roomId, callId, state: 'ready' });
    const other = await createRecordableRoom(app, owner);
    const path = `/api/v1/rooms/${other.roomId}/recordings`;
    expect(await send('POST', path, { bucketId })).toMatchObject({
      status: 402,
      body: {
        code: 'billing.limit_reached',
        limit: { name: 'running_recordings', value: 5, used: 5, remedy: 'larger_plan' },
      },
    });
  });

  it('is found again when the answer to its start was lost, and not begun twice', async () => {
    recorder.fault = 'loses_answer';
    const id = await begin();
    expect((await get(id)).state).toBe('requested');
    recorder.fault = null;
    await sweepAfter(30);
    expect((await get(id)).state).toBe('starting');
    expect(recorder.recordings.filter(({ room }) => room === callId)).toHaveLength(1);
  });

  it.each([
    ['busy', 'no_recorder', 60],
    ['refuses', 'refused', 1],
  ] as const)('that the cluster answers with %s has failed: %s', async (fault, reason, seconds) => {
    recorder.fault = fault;
    const id = await begin();
    await sweepAfter(seconds);
    expect(await get(id)).toMatchObject({ state: 'failed', reason });
  });

  it('stays as it is while the cluster is unreachable, and is lost when the cluster does not list it for two minutes', async () => {
    const id = await begin();
    recorder.recordings[0]!.status = 'active';
    await sweepAfter(1);
    recorder.fault = 'unreachable';
    await sweepAfter(600);
    expect((await get(id)).state).toBe('active');
    recorder.fault = null;
    await sweepAfter(1);
    recorder.recordings.length = 0;
    await sweepAfter(60);
    expect((await get(id)).state).toBe('active');
    await sweepAfter(61);
    expect(await get(id)).toMatchObject({ state: 'lost', reason: 'not_listed' });
  });

  it.each([
    [{ written: null }, 'object_missing'],
    [{ written: 999 }, 'size_differs'],
    [{ seconds: 0 }, 'duration_differs'],
  ])('whose object is %j has failed: %s', async (outcome, reason) => {
    const id = await begin();
    recorder.complete(outcome);
    await sweepAfter(1);
    expect(await get(id)).toMatchObject({ state: 'failed', reason });
  });

  it('is verified again while its bucket does not answer, for a day', async () => {
    const id = await begin();
    recorder.complete();
    storage.fault = 'overloaded';
    await sweepAfter(1);
    expect((await get(id)).state).toBe('verifying');
    await sweepAfter(23 * 3_600);
    expect((await get(id)).state).toBe('verifying');
    await sweepAfter(3_601);
    expect(await get(id)).toMatchObject({ state: 'failed', reason: 'not_verified' });
  });

  it('that was stopped before it began has failed, and nothing is begun', async () => {
    const { body } = await start();
    await send('POST', `${listPath()}/${body.id}/stop`);
    await app.drain();
    expect(await get(body.id as string)).toMatchObject({ state: 'failed', reason: 'stopped_before_start' });
    expect(recorder.calls).not.toContain('start');
  });

  it('is for moderators, of a call that is open, in a bucket that works', async () => {
    const { organizationId } = owner;
    const member = await app.person({ role: 'member', organizationId });
    expect(await start(member.token)).toMatchObject({ status: 403 });
    storage.fault = 'denies_PUT';
    await send('POST', `/api/v1/buckets/${bucketId}/test`);
    expect(await start()).toMatchObject({ status: 409, body: { code: 'recordings.bucket_failing' } });
    const other = (await send('POST', '/api/v1/rooms', ROOM)).body.id as string;
    expect(await send('POST', `/api/v1/rooms/${other}/recordings`, { bucketId })).toMatchObject({
      status: 409,
      body: { code: 'recordings.no_call' },
    });
  });
});

it('everybody in the room is shown a recording before it begins, with the person who asked, and when it is over', async () => {
  const id = await begin();
  recorder.recordings[0]!.status = 'active';
  await sweepAfter(1);
  await send('POST', `${listPath()}/${id}/stop`);
  await app.drain();
  const shown = app.liveRooms.appliedCommands
    .map(({ command }) => command)
    .filter((command) => 'recording' in command && command.recording.recordingId === id);
  expect([
    ...new Map(shown.map((command) => [command.type + ('failed' in command), command])).values(),
  ]).toMatchObject([
    { type: 'recording.running', recording: { by: owner.userId, kind: 'composite', active: true } },
    { type: 'recording.over', failed: false },
  ]);
  expect(shown[0]).toMatchObject({ type: 'recording.running', recording: { active: false } });
});

describe('a recording stops by itself', () => {
  /** A recording that runs when something changes. */
  const stopAfter = async (change: () => Promise<unknown>) => {
    const id = await begin();
    recorder.recordings[0]!.status = 'active';
    await sweepAfter(1);
    await change();
    await sweepAfter(1);
    expect(recorder.calls).toContain('stop');
    return id;
  };
  const patchRoom = async (body: unknown) => {
    const { headers } = await send('GET', `/api/v1/rooms/${roomId}`);
    const ifMatch = { 'if-match': headers.get('etag')! };
    await app.send('PATCH', `/api/v1/rooms/${roomId}`, { token: owner.token, body, headers: ifMatch });
  };

  it('when recordings are switched off in the room', async () => {
    const id = await stopAfter(() => patchRoom({ features: { recording: false } }));
    expect(await get(id)).toMatchObject({ state: 'finalizing', stopReason: 'switched_off' });
  });

  it('when the call is ended', async () => {
    const id = await stopAfter(() => send('POST', `/api/v1/rooms/${roomId}/end`));
    expect(await get(id)).toMatchObject({ state: 'finalizing', stopReason: 'call_ended' });
  });

  it('when the plan does not have them any more', async () => {
    const path = `/api/v1/operator/organizations/${owner.organizationId}/entitlement-grants`;
    const body = { kind: 'feature', name: 'recordings', value: 0, reason: 'Test' };
    const id = await stopAfter(() => app.send('POST', path, { token: app.operator, body }));
    expect(await get(id)).toMatchObject({ state: 'finalizing', stopReason: 'not_included' });
    expect(await start()).toMatchObject({ status: 402, body: { code: 'billing.feature_not_included' } });
  });
});
