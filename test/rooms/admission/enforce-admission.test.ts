import { beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { signWebhook } from '../../support/livekit/webhooks.ts';

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

/** Tells what the cluster has seen since it was last told, and lets follow what follows. */
async function deliverClusterEvents(): Promise<void> {
  for (const event of app.liveKit.cluster.events.splice(0)) {
    const { headers, body: raw } = await signWebhook(event, app.liveKit);
    expect(await app.send('POST', '/webhooks/livekit', { headers, raw })).toMatchObject({ status: 204 });
  }
  await app.drain();
}

const presentIdentities = (callId: string) =>
  app.liveKit.cluster.participantsAt(callId, app.clock.now()).map(({ identity }) => identity);

describe('who connects', () => {
  it('with a place in the call stays', async () => {
    const { callId } = (await join(host)).body;
    app.liveKit.cluster.join(callId, host.userId);
    await deliverClusterEvents();
    expect(presentIdentities(callId)).toEqual([host.userId]);
  });

  it('by a token from before they were removed is sent away again', async () => {
    const colleague = await app.person({ role: 'member', organizationId: host.organizationId });
    const { callId, participantId } = (await join(colleague)).body;
    app.liveKit.cluster.join(callId, colleague.userId);
    await deliverClusterEvents();
    const path = `/api/v1/rooms/${roomId}/participants/${participantId}`;
    expect(await app.send('DELETE', path, { token: host.token })).toMatchObject({ status: 204 });
    await deliverClusterEvents();
    expect(presentIdentities(callId)).toEqual([]);
    app.liveKit.cluster.join(callId, colleague.userId);
    await deliverClusterEvents();
    expect(presentIdentities(callId)).toEqual([]);
  });

  it('to a call that is over is sent away', async () => {
    const { callId } = (await join(host)).body;
    app.liveKit.cluster.join(callId, host.userId);
    await deliverClusterEvents();
    const ended = await app.send('POST', `/api/v1/rooms/${roomId}/end`, { token: host.token, body: {} });
    expect(ended.status).toBeLessThan(300);
    await deliverClusterEvents();
    app.liveKit.cluster.join(callId, host.userId);
    await deliverClusterEvents();
    expect(presentIdentities(callId)).toEqual([]);
  });
});
