import { expect } from 'vitest';
import { signAccessToken } from '../../../src/identity/access/index.ts';
import { type ReconciliationReport, reconcileCalls } from '../../../src/calls/sync/index.ts';
import { deliver, publish } from '../../../src/kernel/delivery/index.ts';
import type { Person, TestApp, TestResponse } from '../../support/app.ts';
import type { ClusterEvent } from '../../support/livekit/shapes.ts';
import { signWebhook } from '../../support/livekit/webhooks.ts';

export interface OpenCall {
  roomId: string;
  callId: string;
  participantId: string;
  identity: string;
}

/** A room of the host with a call in which the host has a seat. */
export async function openCall(app: TestApp, host: Person, settings: object = {}): Promise<OpenCall> {
  const room = await app.send('POST', '/api/v1/rooms', {
    token: host.token,
    body: { name: 'Room', ...settings },
  });
  expect(room).toMatchObject({ status: 201 });
  return { roomId: room.body.id, ...(await joinRoom(app, host, room.body.id)) };
}

/** Gives the person a seat in the room's call. */
export async function joinRoom(
  app: TestApp,
  person: Person,
  roomId: string,
): Promise<Omit<OpenCall, 'roomId'>> {
  const seat = await app.send('POST', `/api/v1/rooms/${roomId}/token`, { token: person.token, body: {} });
  expect(seat).toMatchObject({ status: 200 });
  const { callId, participantId, identity } = seat.body;
  return { callId, participantId, identity };
}

/** Sends one webhook as the cluster does. */
export async function deliverEvent(
  app: TestApp,
  event: ClusterEvent,
  keys = app.liveKit,
): Promise<TestResponse> {
  const { body, headers } = await signWebhook(event, keys);
  return app.send('POST', '/webhooks/livekit', { raw: body, headers });
}

/** Sends all webhooks that the cluster has made since the last time, and handles everything that follows. */
export async function deliverAll(app: TestApp, events = app.liveKit.cluster.events.splice(0)): Promise<void> {
  await sendEvents(app, events);
  await app.drain();
}

/** Sends the webhooks concurrently. */
export async function sendEvents(app: TestApp, events: readonly ClusterEvent[]): Promise<void> {
  const answers = await Promise.all(events.map((event) => deliverEvent(app, event)));
  expect([...new Set(answers.map(({ status }) => status))]).toEqual(events.length > 0 ? [204] : []);
}

/** Reduces the stored events of the calls, and leaves the domain events that follow pending. */
export async function reduceEventsOf(app: TestApp, callIds: readonly string[]): Promise<void> {
  while ((await publish(app.services, callIds)) > 0)
    for (const wakeup of app.queue.wakeups.splice(0)) {
      const { outcome } = await deliver(app.services, wakeup);
      expect(outcome).toBe('done');
    }
}

/** The person with a token that is valid now, after the clock was moved. */
export async function renewToken(app: TestApp, person: Person): Promise<Person> {
  const membership = { organizationId: person.organizationId, role: person.role, plan: 'free' };
  const claims = { userId: person.userId, sessionId: person.sessionId, membership };
  return { ...person, token: await signAccessToken(app.services.signer, claims, 3600) };
}

/** Runs the scheduled reconciliation, and handles everything that follows. */
export async function runReconciliation(app: TestApp): Promise<ReconciliationReport> {
  const report = await reconcileCalls(app.services);
  await app.drain();
  return report;
}

export async function fetchCall(app: TestApp, person: Person, path: string) {
  const answer = await app.send('GET', `/api/v1/calls${path}`, { token: person.token });
  expect(answer).toMatchObject({ status: 200 });
  return answer.body;
}

/** All entries of a list, page by page. */
export async function fetchAllPages(app: TestApp, person: Person, path: string) {
  const all: TestResponse['body'][] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: TestResponse['body'] = await fetchCall(
      app,
      person,
      `${path}?limit=100${cursor && `&cursor=${cursor}`}`,
    );
    all.push(...page.data);
    cursor = page.nextCursor;
  }
  return all;
}
