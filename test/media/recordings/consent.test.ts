import { beforeEach, describe, expect, it } from 'vitest';
import { createBucketExample } from '../../../src/media/buckets/buckets.schemas.ts';
import { sweepRecordings } from '../../../src/media/recording-sweeps/sweep-recordings.ts';
import { createTestApp, type TestResponse } from '../../support/app.ts';
import { FakeRecorder } from '../../support/livekit/fake-recorder.ts';
import { type Attendee, createMeeting, type Meeting } from '../../support/meeting.ts';
import { ownerSql } from '../../contract/sql.ts';
import { reportClusterEvents } from '../../support/report-cluster-events.ts';
import { withFreshToken } from '../../support/tokens.ts';

const CONSENT_SECONDS = 120;
const app = createTestApp();
let recorder: FakeRecorder;
let meeting: Meeting;
let ada: Attendee;
let bucketId: string;

const report = async () => {
  await reportClusterEvents(app);
  await app.drain();
};
const start = async (): Promise<string> => {
  const answer = await meeting.send('POST', '/recordings', meeting.host, { bucketId });
  expect(answer).toMatchObject({ status: 201 });
  await app.drain();
  return answer.body.id;
};
const get = async (id: string) => (await meeting.send('GET', `/recordings/${id}`, meeting.host)).body;
const answer = async (by: { token: string }, agreed: boolean): Promise<TestResponse> => {
  app.clock.advanceSeconds(1);
  const answered = await meeting.send('PUT', '/recording-consents', by, { agreed });
  await app.drain();
  return answered;
};
const consents = async () => {
  const { body } = await meeting.send('GET', `/recording-consents?callId=${ada.callId}`, meeting.host);
  return (body.data as { identity: string; consent: string }[]).map(({ identity, consent }) => [
    identity,
    consent,
  ]);
};
const sweepAfter = async (seconds: number) => {
  app.clock.advanceSeconds(seconds);
  meeting.host = await withFreshToken(app, meeting.host);
  await sweepRecordings(app.services);
  await app.drain();
};
const join = (token: string, body: object) => meeting.send('POST', '/token', { token }, body);
/** A recording to which everybody has agreed. */
async function begin(): Promise<string> {
  const id = await start();
  expect((await get(id)).state).toBe('requested');
  expect(await answer(ada, true)).toMatchObject({ status: 200, body: { consent: 'given' } });
  recorder.recordings.at(-1)!.status = 'active';
  await sweepAfter(1);
  expect((await get(id)).state).toBe('active');
  return id;
}

beforeEach(async () => {
  recorder = new FakeRecorder(app.storage, app.clock.now);
  const { ports } = app.services;
  ports.clusters = { ...ports.clusters, recorders: () => recorder };
  const settings = { features: { recording: true }, recordingConsent: 'required' };
  meeting = await createMeeting(settings, app);
  const { token } = meeting.host;
  bucketId = (await app.send('POST', '/api/v1/buckets', { token, body: createBucketExample })).body.id;
  ada = await meeting.join();
  await report();
});

describe('a recording that needs consent', () => {
  it('waits until everybody in the call has agreed, each of which is stored and shown live', async () => {
    const guest = await meeting.guest();
    await report();
    const id = await start();
    await answer(ada, true);
    expect(await get(id)).toMatchObject({ state: 'requested', agreedAt: null });
    expect(recorder.calls).not.toContain('start');
    await answer(guest, true);
    expect(await get(id)).toMatchObject({ state: 'starting' });
    expect(await consents()).toEqual([
      [guest.identity, 'given'],
      [ada.identity, 'given'],
    ]);
    expect(meeting.commandsOf('recording.consent')).toMatchObject([
      { identity: ada.identity, consent: 'given' },
      { identity: guest.identity, consent: 'given' },
    ]);
    expect(meeting.commandsOf('recording.running')[0]).toMatchObject({ recording: { consent: 'required' } });
    expect(await meeting.send('GET', '/recording-consents', ada)).toMatchObject({ status: 403 });
  });

  it('fails when somebody refuses', async () => {
    const id = await start();
    expect(await answer(ada, false)).toMatchObject({ body: { consent: 'refused' } });
    expect(await get(id)).toMatchObject({ state: 'failed', reason: 'consent_missing' });
    expect(recorder.calls).not.toContain('start');
    const again = await start();
    expect((await get(again)).state).toBe('requested');
  });

  it('fails when somebody has not answered within two minutes', async () => {
    const id = await start();
    await sweepAfter(CONSENT_SECONDS - 1);
    expect((await get(id)).state).toBe('requested');
    await sweepAfter(1);
    expect(await get(id)).toMatchObject({ state: 'failed', reason: 'consent_missing' });
  });

  it('begins when the last person who has not answered leaves', async () => {
    const guest = await meeting.guest();
    await report();
    const id = await start();
    await answer(ada, true);
    app.liveKit.cluster.leave(ada.callId, guest.identity);
    await report();
    expect((await get(id)).state).toBe('starting');
  });

  it('waits for a recorder from the moment on when everybody had agreed', async () => {
    recorder.fault = 'busy';
    const id = await start();
    await sweepAfter(90);
    await answer(ada, true);
    expect((await get(id)).state).toBe('requested');
    await sweepAfter(60);
    expect(await get(id)).toMatchObject({ state: 'failed', reason: 'no_recorder' });
  });

  it('is stopped when somebody withdraws their consent, and the next one asks them again', async () => {
    const id = await begin();
    expect(await answer(ada, false)).toMatchObject({ body: { consent: 'withdrawn' } });
    expect(await get(id)).toMatchObject({ state: 'finalizing', stopReason: 'consent_missing' });
    const next = await start();
    expect((await get(next)).state).toBe('requested');
    await answer(ada, true);
    expect((await get(next)).state).toBe('starting');
    expect(await consents()).toEqual([
      [ada.identity, 'given'],
      [ada.identity, 'withdrawn'],
    ]);
  });

  it('keeps to the setting with which it was asked for', async () => {
    const id = await start();
    const { headers } = await meeting.send('GET', '', meeting.host);
    await app.send('PATCH', `/api/v1/rooms/${meeting.roomId}`, {
      token: meeting.host.token,
      headers: { 'if-match': headers.get('etag')! },
      body: { recordingConsent: 'notice' },
    });
    await sweepAfter(1);
    expect((await get(id)).state).toBe('requested');
    await answer(ada, false);
    const next = await start();
    expect((await get(next)).state).toBe('starting');
  });
});

describe('somebody who comes back without consent at the moment at which a recording begins', () => {
  /** A guest whose connection broke, and whose answer is therefore not waited for, comes back when the recorder is called next. */
  const returnAt = async (method: 'list' | 'start') => {
    const { identity, token } = await meeting.guest();
    await report();
    app.clock.advanceSeconds(1);
    app.liveKit.cluster.leave(ada.callId, identity);
    await report();
    const call: (...args: never[]) => Promise<unknown> = recorder[method];
    const once = async (...args: never[]) => {
      Object.assign(recorder, { [method]: call });
      app.liveKit.cluster.join(ada.callId, identity, { name: 'Guest', attributes: {} });
      await ownerSql(
        `update call_participants set status = 'connected', left_at = null where call_id = $1 and identity = $2`,
        [ada.callId, identity],
      );
      return call(...args);
    };
    Object.assign(recorder, { [method]: once });
    return { identity, token };
  };

  it('before it was asked for at the cluster keeps it waiting for their answer', async () => {
    const guest = await returnAt('list');
    const id = await start();
    await answer(ada, true);
    expect(await get(id)).toMatchObject({ state: 'requested', agreedAt: null });
    expect(recorder.calls).not.toContain('start');
    expect(meeting.mediaParticipants(ada.callId).has(guest.identity)).toBe(true);
    await answer(guest, true);
    await sweepAfter(1);
    expect((await get(id)).state).toBe('starting');
  });

  it('after that is disconnected, although their connection was accepted', async () => {
    const { identity } = await returnAt('start');
    const id = await start();
    await answer(ada, true);
    expect((await get(id)).state).toBe('starting');
    expect(meeting.mediaParticipants(ada.callId).has(identity)).toBe(false);
    expect(meeting.mediaParticipants(ada.callId).has(ada.identity)).toBe(true);
  });
});

describe('somebody who joins while a recording needs consent', () => {
  const REFUSED = { status: 409, body: { code: 'rooms.recording_consent_required' } };

  it('gets a media token once they agree, also as a guest, and is asked once in a call', async () => {
    const { organizationId } = meeting.host;
    const ben = await app.person({ role: 'member', organizationId });
    const id = await begin();
    expect(await join(ben.token, {})).toMatchObject(REFUSED);
    const made = await app.send('POST', '/api/v1/links', {
      token: meeting.host.token,
      body: { roomId: meeting.roomId, defaultRole: 'participant' },
    });
    const path = `/api/v1/links/${made.body.code}`;
    const visitorKey = 'v'.repeat(30);
    const joinByLink = (body: object) =>
      app.send('POST', `${path}/join`, { body: { name: 'Guest', visitorKey, ...body } });
    expect(await joinByLink({})).toMatchObject(REFUSED);
    const visit = await app.send('POST', `/api/v1/links/validate/${made.body.code}`, { body: {} });
    expect(visit.body.room).toMatchObject({
      recordingConsent: 'required',
      recordingRequestedAt: expect.any(String),
    });
    const agreed = { recordingConsent: true };
    for (const joined of [await join(ben.token, agreed), await joinByLink(agreed)])
      expect(joined).toMatchObject({ status: 200, body: { status: 'admitted' } });
    expect(await join(ben.token, {})).toMatchObject({ status: 200 });
    expect(await joinByLink({})).toMatchObject({ status: 200 });
    await sweepAfter(1);
    expect((await get(id)).state).toBe('active');
    expect((await consents()).map(([, consent]) => consent)).toEqual(['given', 'given', 'given']);
  });

  it('is not asked for agents, nor once the recording is over', async () => {
    const key = await app.send('POST', '/api/v1/api-keys', {
      token: meeting.host.token,
      body: { name: 'Agents', scopes: ['rooms:write'] },
    });
    const { secret } = key.body as { secret: string };
    const id = await begin();
    expect(await join(secret, { identity: 'scribe', role: 'agent' })).toMatchObject({ status: 200 });
    expect(await join(secret, { identity: 'phone' })).toMatchObject(REFUSED);
    await meeting.send('POST', `/recordings/${id}/stop`, meeting.host);
    await app.drain();
    expect(await join(secret, { identity: 'phone' })).toMatchObject({ status: 200 });
  });

  it('is disconnected when they come with a token from before it began', async () => {
    const guest = await meeting.guest({ connect: false });
    app.clock.advanceSeconds(131);
    meeting.host = await withFreshToken(app, meeting.host);
    await begin();
    app.liveKit.cluster.join(ada.callId, guest.identity, { name: 'Guest', attributes: {} });
    await report();
    expect(meeting.mediaParticipants(ada.callId).has(guest.identity)).toBe(false);
    expect(meeting.mediaParticipants(ada.callId).has(ada.identity)).toBe(true);
  });
});

it('an answer is for those who are in the call and are asked', async () => {
  expect(await answer(ada, true)).toMatchObject({
    status: 409,
    body: { code: 'recording_consents.not_asked' },
  });
  await start();
  expect(await answer(meeting.host, true)).toMatchObject({
    status: 409,
    body: { code: 'recording_consents.not_in_call' },
  });
  await answer(ada, true);
  expect(await answer(ada, true)).toMatchObject({ status: 200, body: { consent: 'given' } });
  expect(await consents()).toHaveLength(1);
});

describe('a room that records its calls by itself', () => {
  const listed = async () =>
    (await meeting.send('GET', '/recordings', meeting.host)).body.data as { id: string }[];
  /** A call in a room with the setting, whose first participant has connected. */
  const startMeeting = async (settings: object) => {
    const person = meeting.host;
    const body = { name: 'Room', features: { recording: true }, automaticRecording: 'audio', ...settings };
    const { id } = (await app.send('POST', '/api/v1/rooms', { token: person.token, body })).body;
    const send: Meeting['send'] = (method, path, { token }, content) =>
      app.send(method, `/api/v1/rooms/${id}${path}`, {
        token,
        ...(content === undefined ? {} : { body: content }),
      });
    meeting = { ...meeting, roomId: id, send };
    const { callId } = (await join(person.token, {})).body;
    app.liveKit.cluster.join(callId, person.userId, { name: 'Host', attributes: {} });
    await report();
  };

  it('records from the first participant on, asked for by the room and no person, and not again once it was stopped', async () => {
    await startMeeting({});
    const [recording, ...none] = await listed();
    expect(recording).toMatchObject({ kind: 'audio', state: 'starting', requestedBy: meeting.roomId });
    expect(none).toEqual([]);
    expect(meeting.commandsOf('recording.running', meeting.roomId)[0]).toMatchObject({
      recording: { by: null },
    });
    await meeting.send('POST', `/recordings/${recording!.id}/stop`, meeting.host);
    await meeting.guest();
    await report();
    expect(await listed()).toHaveLength(1);
  });

  it('waits for consent, and calls continue without where recordings are switched off, or there is no bucket', async () => {
    await startMeeting({ recordingConsent: 'required' });
    expect(await listed()).toMatchObject([{ state: 'requested' }]);
    await answer(meeting.host, true);
    expect(await listed()).toMatchObject([{ state: 'starting' }]);
    await startMeeting({ features: { recording: false } });
    expect(await listed()).toEqual([]);
    await app.send('DELETE', `/api/v1/buckets/${bucketId}`, { token: meeting.host.token });
    await startMeeting({});
    expect(await listed()).toEqual([]);
  });

  it.each([
    ['audio', {}, 'audio'],
    ['composite', {}, 'composite'],
    ['composite', { automaticRecording: 'audio' }, 'audio'],
    ['audio', { automaticRecording: 'off' }, null],
    ['audio', { features: { recording: false } }, null],
    [undefined, {}, null],
  ])(
    'follows the organization, which says %s, unless its own settings %j say otherwise: %s',
    async (policy, own, kind) => {
      const path = `/api/v1/organizations/${meeting.host.organizationId}`;
      const { token } = meeting.host;
      if (policy) {
        const body = { settings: { automaticRecording: policy } };
        expect(await app.send('PATCH', path, { token, body })).toMatchObject({ status: 200, body });
      }
      await startMeeting({ automaticRecording: undefined, ...own });
      expect(await listed()).toMatchObject(kind === null ? [] : [{ kind, requestedBy: meeting.roomId }]);
    },
  );

  it('by the setting of the organization waits for the consent that the room needs', async () => {
    const path = `/api/v1/organizations/${meeting.host.organizationId}`;
    const body = { settings: { automaticRecording: 'composite' } };
    await app.send('PATCH', path, { token: meeting.host.token, body });
    await startMeeting({ automaticRecording: undefined, recordingConsent: 'required' });
    expect(await listed()).toMatchObject([{ state: 'requested' }]);
    await answer(meeting.host, true);
    expect(await listed()).toMatchObject([{ state: 'starting' }]);
  });
});

it('a refusal of somebody who has left fails no recording, and withdrawing what they agreed to still stops one', async () => {
  const guest = await meeting.guest();
  await report();
  const id = await start();
  app.liveKit.cluster.leave(ada.callId, guest.identity);
  await report();
  expect(await answer(guest, false)).toMatchObject({
    status: 409,
    body: { code: 'recording_consents.not_in_call' },
  });
  await answer(ada, true);
  expect((await get(id)).state).toBe('starting');
  app.liveKit.cluster.leave(ada.callId, ada.identity);
  await report();
  expect(await answer(ada, false)).toMatchObject({ body: { consent: 'withdrawn' } });
  expect((await get(id)).stopReason).toBe('consent_missing');
});

it('a guest who moderates lists the consents of the calls in which they have a seat', async () => {
  await start();
  await answer(ada, true);
  const earlier = ada.callId;
  expect(await meeting.send('POST', '/end', meeting.host)).toMatchObject({ status: 200 });
  const { headers } = await meeting.send('GET', '', meeting.host);
  await app.send('PATCH', `/api/v1/rooms/${meeting.roomId}`, {
    token: meeting.host.token,
    headers: { 'if-match': headers.get('etag')! },
    body: { status: 'open' },
  });
  const guest = await meeting.guest({ role: 'moderator' });
  const list = (query = '') => meeting.send('GET', `/recording-consents${query}`, guest);
  expect(await list()).toMatchObject({ status: 200, body: { data: [] } });
  expect(await list(`?callId=${earlier}`)).toMatchObject({ status: 200, body: { data: [] } });
  expect(await consents()).toHaveLength(1);
});
