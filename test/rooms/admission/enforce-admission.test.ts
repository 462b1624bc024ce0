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

/** Sends the webhooks of everything new at the cluster, then delivers the events. */
async function deliverClusterEvents(): Promise<void> {
  for (const event of app.liveKit.cluster.events.splice(0)) {
    const { headers, body: raw } = await signWebhook(event, app.liveKit);
    expect(await app.send('POST', '/webhooks/livekit', { headers, raw })).toMatchObject({ status: 204 });
  }
  await app.drain();
}

const presentIdentities = (callId: string) =>
  app.liveKit.cluster.participantsAt(callId, app.clock.now()).map(({ identity }) => identity);

describe('a participant who connects', () => {
  it('with a seat in the call stays', async () => {
    const { callId } = (await join(host)).body;
    app.liveKit.cluster.join(callId, host.userId);
    await deliverClusterEvents();
    expect(presentIdentities(callId)).toEqual([host.userId]);
  });

  it('with a token from before their removal is disconnected', async () => {
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

  it('to a call that is over is disconnected', async () => {
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
