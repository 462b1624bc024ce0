import { expect } from 'vitest';
import { signGuestTicket } from '../../../src/identity/access/index.ts';
import type { Person, TestApp } from '../../support/app.ts';

export interface TestParticipant {
  token: string;
  identity: string;
  participantId: string;
}

/** A call with the host and this many colleagues. */
export async function createCall(app: TestApp, host: Person, colleagues = 0) {
  const answer = await app.send('POST', '/api/v1/rooms', { token: host.token, body: { name: 'Room' } });
  expect(answer).toMatchObject({ status: 201 });
  const roomId = answer.body.id as string;
  let callId = '';
  const join = async (token: string, body: unknown = {}): Promise<TestParticipant> => {
    const joined = await app.send('POST', `/api/v1/rooms/${roomId}/token`, { token, body });
    expect(joined).toMatchObject({ status: 200 });
    callId = joined.body.callId;
    const { identity, participantId } = joined.body as TestParticipant;
    return { token, identity, participantId };
  };
  const people = [await join(host.token)];
  for (let index = 0; index < colleagues; index++) {
    const { token } = await app.person({ role: 'member', organizationId: host.organizationId });
    people.push(await join(token));
  }
  return { roomId, callId, people, host: people[0]!, others: people.slice(1), join };
}

/** A guest who joins the room's call through a link of the host. */
export async function joinAsGuest(app: TestApp, host: Person, roomId: string): Promise<TestParticipant> {
  const link = await app.send('POST', '/api/v1/links', { token: host.token, body: { roomId } });
  expect(link).toMatchObject({ status: 201 });
  const joined = await app.send('POST', `/api/v1/links/${link.body.code}/join`, { body: { name: 'Guest' } });
  expect(joined.status).toBeLessThan(300);
  const guestId = joined.body.identity as string;
  const ticket = {
    guestId,
    organizationId: host.organizationId,
    roomId,
    linkId: link.body.id,
    name: 'Guest',
  };
  const token = await signGuestTicket(app.services.signer, ticket, 300);
  return { token, identity: guestId, participantId: joined.body.participantId };
}

export const createApiKey = async (app: TestApp, { token }: Person, scopes: string[]): Promise<string> => {
  const answer = await app.send('POST', '/api/v1/api-keys', { token, body: { name: 'Key', scopes } });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body.secret as string;
};

type Track = Record<string, unknown>;

/** A sample whose window ended this many seconds ago by the app's clock. */
export const sampleAt = (
  app: TestApp,
  secondsAgo: number,
  more: Record<string, unknown> = {},
  tracks: Track[] = [],
) => ({
  measuredAt: new Date(app.clock.now() - secondsAgo * 1000).toISOString(),
  windowSeconds: 5,
  roundTripSeconds: 0.05,
  ...more,
  tracks,
});

/** A sent audio track that loses this many of a hundred packets. */
export const sentTrack = (packetsLost = 0): Track => ({
  direction: 'send',
  kind: 'audio',
  source: 'microphone',
  packets: 100,
  packetsLost,
});

/** A received audio track of the publisher. */
export const receivedTrack = (publisherIdentity: string, packetsLost = 0): Track => ({
  direction: 'receive',
  kind: 'audio',
  source: 'microphone',
  publisherIdentity,
  packets: 100,
  packetsLost,
});

export interface BatchOptions {
  callId: string;
  participantId?: string;
  connection?: string;
  sequence?: number;
  samples: unknown[];
  /** Seconds that the client's clock is ahead. */
  aheadSeconds?: number;
}

/** A batch as a client sends it. */
export function createBatch(app: TestApp, options: BatchOptions) {
  const { aheadSeconds = 0, samples, ...rest } = options;
  const shifted = (iso: string) => new Date(Date.parse(iso) + aheadSeconds * 1000).toISOString();
  return {
    connection: 'PA_1',
    sequence: 0,
    ...rest,
    sentAt: shifted(new Date(app.clock.now()).toISOString()),
    samples: (samples as { measuredAt: string }[]).map((sample) => ({
      ...sample,
      measuredAt: shifted(sample.measuredAt),
    })),
  };
}

export const postSamples = (app: TestApp, token: string, batch: unknown) =>
  app.send('POST', '/api/v1/quality/samples', { token, body: batch });
