import { beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { reportClusterEvents } from '../../support/report-cluster-events.ts';

let app: TestApp;
let host: Person;
let roomId: string;

beforeEach(async () => {
  app = createTestApp();
  host = await app.person();
  const body = { name: 'Room' };
  roomId = (await app.send('POST', '/api/v1/rooms', { token: host.token, body })).body.id as string;
});

const join = (person: Person) =>
  app.send('POST', `/api/v1/rooms/${roomId}/token`, { token: person.token, body: {} });

const presentIdentities = (callId: string) =>
  app.liveKit.cluster.participantsAt(callId, app.clock.now()).map(({ identity }) => identity);

describe('a participant who connects', () => {
  it('with a seat in the call stays', async () => {
    const { callId } = (await join(host)).body;
    app.liveKit.cluster.join(callId, host.userId);
    await reportClusterEvents(app);
    expect(presentIdentities(callId)).toEqual([host.userId]);
  });

  it('with a token from before their removal is disconnected', async () => {
    const colleague = await app.person({ role: 'member', organizationId: host.organizationId });
    const { callId, participantId } = (await join(colleague)).body;
    app.liveKit.cluster.join(callId, colleague.userId);
    await reportClusterEvents(app);
    const path = `/api/v1/rooms/${roomId}/participants/${participantId}`;
    expect(await app.send('DELETE', path, { token: host.token })).toMatchObject({ status: 204 });
    await reportClusterEvents(app);
    expect(presentIdentities(callId)).toEqual([]);
    app.liveKit.cluster.join(callId, colleague.userId);
    await reportClusterEvents(app);
    expect(presentIdentities(callId)).toEqual([]);
  });

  it('with a token from before their session ended is disconnected, each time they come back', async () => {
    const colleague = await app.person({ role: 'member', organizationId: host.organizationId });
    const { callId } = (await join(colleague)).body;
    expect((await app.send('POST', '/api/v1/auth/logout', { token: colleague.token })).status).toBe(204);
    for (let attempt = 0; attempt < 2; attempt++) {
      app.liveKit.cluster.join(callId, colleague.userId);
      await reportClusterEvents(app);
      expect(presentIdentities(callId)).toEqual([]);
    }
  });

  it('with a token from before their API key was revoked is disconnected', async () => {
    const body = { name: 'Key', scopes: ['rooms:join'] };
    const key = (await app.send('POST', '/api/v1/api-keys', { token: host.token, body })).body;
    const path = `/api/v1/rooms/${roomId}/token`;
    const { callId } = (await app.send('POST', path, { token: key.secret, body: { identity: 'bob' } })).body;
    app.liveKit.cluster.join(callId, 'ext_bob');
    await reportClusterEvents(app);
    expect(presentIdentities(callId)).toEqual(['ext_bob']);
    await app.send('DELETE', `/api/v1/api-keys/${key.id}`, { token: host.token });
    app.liveKit.cluster.join(callId, 'ext_bob');
    await reportClusterEvents(app);
    expect(presentIdentities(callId)).toEqual([]);
  });

  it('to a call that is over is disconnected', async () => {
    const { callId } = (await join(host)).body;
    app.liveKit.cluster.join(callId, host.userId);
    await reportClusterEvents(app);
    const ended = await app.send('POST', `/api/v1/rooms/${roomId}/end`, { token: host.token, body: {} });
    expect(ended.status).toBeLessThan(300);
    await reportClusterEvents(app);
    app.liveKit.cluster.join(callId, host.userId);
    await reportClusterEvents(app);
    expect(presentIdentities(callId)).toEqual([]);
  });
});
