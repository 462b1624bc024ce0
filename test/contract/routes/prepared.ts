import { expect } from 'vitest';
import { keepSamplesExample } from '../../../src/meetings/quality/quality.examples.ts';
import type { TestResponse } from '../../support/app.ts';
import { signWebhook } from '../../support/livekit/webhooks.ts';
import { ownerSql } from '../sql.ts';
import { preparedRooms } from './prepared-rooms.ts';
import { resourceFactories, waitingIn } from './resources.ts';
import type { Call, World } from './world.ts';

const PASSWORD = 'correct-tulip-42-window';
const unique = () => `${crypto.randomUUID()}@auralink.test`;

interface SignedUp {
  email: string;
  token: string;
  refreshToken: string;
  organizationId: string;
}

async function signedUp({ app }: World): Promise<SignedUp> {
  const email = unique();
  const answer = await app.send('POST', '/api/v1/auth/signup', {
    body: { email, password: PASSWORD, name: 'Ada' },
  });
  expect(answer).toMatchObject({ status: 201 });
  const { accessToken, refreshToken } = answer.body as { accessToken: string; refreshToken: string };
  const who: TestResponse = await app.send('GET', '/api/v1/auth/whoami', { token: accessToken });
  return { email, token: accessToken, refreshToken, organizationId: who.body.organizationId };
}

/** The token in the link of the newest mail to the address. */
async function mailedToken({ app }: World, email: string): Promise<string> {
  await app.drain();
  const { text } = app.mailbox.latestTo(email);
  return decodeURIComponent(/token=([^\s&#"]+)/.exec(text)![1]!);
}

/** The token in the mail of an invitation that the address has got. */
async function invited(world: World, email: string): Promise<string> {
  const { app } = world;
  const { organizationId, token } = await app.person();
  const path = `/api/v1/organizations/${organizationId}/invitations`;
  expect(await app.send('POST', path, { token, body: { email } })).toMatchObject({ status: 201 });
  return mailedToken(world, email);
}

/** An operation that has succeeded, with its result. */
async function finishedOperation(world: World): Promise<Call> {
  const { app } = world;
  const person = await app.person();
  const operationId = await resourceFactories.operationId!(app, person);
  const key = `operations/${person.organizationId}/${operationId}`;
  await app.objects.put(key, 'a,b\n', { contentType: 'text/csv' });
  await ownerSql(
    `update operations set status = 'succeeded', progress = 100, result_key = $2, result_type = 'text/csv',
       result_name = 'result.csv', finished_at = created_at, expires_at = created_at + interval '1 day' where id = $1`,
    [operationId, key],
  );
  return { token: person.token, params: { operationId } };
}

/** A room in whose lobby somebody waits: the caller of the route, if the route is for who waits. */
async function lobbyOf({ app }: World, waits: 'caller' | 'other' = 'other'): Promise<Call> {
  const person = await app.person();
  const roomId = await resourceFactories.roomId!(app, person);
  const lobbyEntryId = await waitingIn(app, person.organizationId, roomId);
  if (waits === 'caller')
    await ownerSql('update lobby_entries set identity = $1 where id = $2', [person.userId, lobbyEntryId]);
  return { token: person.token, params: { roomId, lobbyEntryId } };
}

/** Somebody with a place in a call. */
async function inCall({ app }: World): Promise<{ token: string; callId: string; participantId: string }> {
  const { token, ...person } = await app.person();
  const roomId = await resourceFactories.roomId!(app, { token, ...person });
  const { body } = await app.send('POST', `/api/v1/rooms/${roomId}/token`, { token, body: {} });
  return { token, callId: body.callId, participantId: body.participantId };
}

/** The handshake of a room's socket, with the ticket that joining gave. */
async function handshake({ app }: World): Promise<Call> {
  const person = await app.person();
  const roomId = await resourceFactories.roomId!(app, person);
  const { body } = await app.send('POST', `/api/v1/rooms/${roomId}/token`, { token: person.token, body: {} });
  const protocols = `auralink.v1, ticket.${body.realtime.ticket}`;
  return { params: { roomId }, headers: { upgrade: 'websocket', 'sec-websocket-protocol': protocols } };
}

/** Somebody who is being rung. */
async function rungPerson({ app }: World): Promise<Call> {
  const caller = await app.person();
  const { token, userId } = await app.person({ role: 'member', organizationId: caller.organizationId });
  const { body } = await app.send('POST', '/api/v1/rings', { token: caller.token, body: { to: userId } });
  return { token, params: { ringId: body.id } };
}

/**
 * What a route needs to be called with success where the contract's example, the own organization's ids and the
 * owner's token do not do, by its operationId.
 */
export const prepared: Record<string, (world: World) => Promise<Call>> = {
  signUp: async () => ({ body: { email: unique(), password: PASSWORD, name: 'Ada' } }),
  logIn: async (world) => ({ body: { email: (await signedUp(world)).email, password: PASSWORD } }),
  refreshSession: async (world) => ({ body: { refreshToken: (await signedUp(world)).refreshToken } }),
  switchOrganization: async (world) => {
    const { token, organizationId } = await signedUp(world);
    return { token, body: { organizationId } };
  },
  logOut: async (world) => ({ token: (await signedUp(world)).token }),
  changePassword: async (world) => ({ token: (await signedUp(world)).token }),
  forgotPassword: async (world) => ({ body: { email: (await signedUp(world)).email } }),
  resetPassword: async (world) => {
    const { email } = await signedUp(world);
    await world.app.send('POST', '/api/v1/auth/password/forgot', { body: { email } });
    return { body: { token: await mailedToken(world, email), newPassword: 'another-tulip-43-door' } };
  },
  createOrganization: async () => ({ body: { name: 'Northwind', slug: `northwind-${crypto.randomUUID()}` } }),
  previewInvitation: async (world) => ({ body: { token: await invited(world, unique()) } }),
  resendInvitation: async ({ app }) => {
    const person = await app.person();
    const id = await resourceFactories['invitations/id']!(app, person);
    app.clock.advanceSeconds(61); // it is sent at most once a minute
    return { token: person.token, params: { organizationId: person.organizationId, id } };
  },
  acceptInvitationAsNewPerson: async (world) => ({
    body: { token: await invited(world, unique()), name: 'Ada', password: PASSWORD },
  }),
  acceptInvitation: async (world) => {
    const { email, token } = await signedUp(world);
    return { token, body: { token: await invited(world, email) } };
  },
  ...preparedRooms,
  openRoomSocket: handshake,
  createLink: async ({ app }) => {
    const person = await app.person();
    const roomId = await resourceFactories.roomId!(app, person);
    return { token: person.token, body: { roomId, title: 'Support', password: 'tulip window' } };
  },
  keepQualitySamples: async (world) => {
    const { token, callId, participantId } = await inCall(world);
    return { token, body: { ...keepSamplesExample, callId, participantId } };
  },
  giveCallFeedback: async (world) => {
    const { token, callId } = await inCall(world);
    return { token, params: { callId } };
  },
  listPresence: async ({ app }) => {
    const { token, userId } = await app.person();
    return { token, query: `?userIds=${userId}` };
  },
  startRing: async ({ app }) => {
    const { token, organizationId } = await app.person();
    const { userId } = await app.person({ role: 'member', organizationId });
    return { token, body: { to: userId } };
  },
  acceptRing: rungPerson,
  declineRing: rungPerson,
  openInboxSocket: async ({ app }) => {
    const { token } = await app.person();
    const { body } = await app.send('POST', '/api/v1/me/socket-tickets', { token });
    const headers = { upgrade: 'websocket', 'sec-websocket-protocol': body.protocols.join(', ') };
    return { headers };
  },
  getOperationResult: finishedOperation,
  getLobbyEntry: lobbyOf,
  lobbyAdmit: lobbyOf,
  lobbyDeny: lobbyOf,
  receiveLivekitEvent: async ({ app }) => {
    const person = await app.person();
    const { liveKit } = app;
    const room = await resourceFactories.callId!(app, person);
    liveKit.cluster.join(room, person.userId);
    const { body, headers } = await signWebhook(liveKit.cluster.events.at(-1)!, liveKit);
    return { raw: body, headers };
  },
  leaveLobby: (world) => lobbyOf(world, 'caller'),
  verifyEmail: async (world) => ({
    body: { token: await mailedToken(world, (await signedUp(world)).email) },
  }),
};
