import { expect } from 'vitest';
import { ownMeterExample } from '../../../src/billing/meters/meters.schemas.ts';
import { storeSamplesExample } from '../../../src/insights/quality/quality.examples.ts';
import type { TestResponse } from '../../support/app.ts';
import { signWebhook } from '../../support/livekit/webhooks.ts';
import { signPaddleEvent } from '../../support/payments/paddle.ts';
import { signStripeEvent, subscribeThroughApi } from '../../support/payments/stripe.ts';
import { ownerSql } from '../sql.ts';
import { aiPreparations } from './ai-preparations.ts';
import { billingPreparations } from './billing-preparations.ts';
import { mediaPreparations } from './media-preparations.ts';
import { roomPreparations } from './room-preparations.ts';
import { workflowPreparations } from './workflow-preparations.ts';
import { createFileId, createFileLink, resourceFactories, insertLobbyEntry } from './resources.ts';
import type { CallOptions, World } from './world.ts';

const PASSWORD = 'correct-tulip-42-window';
const uniqueEmail = () => `${crypto.randomUUID()}@auralink.test`;

interface SignedUpUser {
  email: string;
  token: string;
  refreshToken: string;
  organizationId: string;
}

async function signUpUser({ app }: World): Promise<SignedUpUser> {
  const email = uniqueEmail();
  const answer = await app.send('POST', '/api/v1/auth/signup', {
    body: { email, password: PASSWORD, name: 'Ada' },
  });
  expect(answer).toMatchObject({ status: 201 });
  const { accessToken, refreshToken } = answer.body as { accessToken: string; refreshToken: string };
  const identity: TestResponse = await app.send('GET', '/api/v1/auth/whoami', { token: accessToken });
  return { email, token: accessToken, refreshToken, organizationId: identity.body.organizationId };
}

/** The token in the link of the newest mail to the address. */
async function readMailedToken({ app }: World, email: string): Promise<string> {
  await app.drain();
  const { text } = app.mailbox.latestTo(email);
  return decodeURIComponent(/token=([^\s&#"]+)/.exec(text)![1]!);
}

/** The token in the mail of an invitation that the address has got. */
async function createInvitationToken(world: World, email: string): Promise<string> {
  const { app } = world;
  const { organizationId, token } = await app.person();
  const path = `/api/v1/organizations/${organizationId}/invitations`;
  expect(await app.send('POST', path, { token, body: { email } })).toMatchObject({ status: 201 });
  return readMailedToken(world, email);
}

/** Requests a change of address of a user with a verified one. @returns the tokens of both mails */
async function requestEmailChange(world: World): Promise<{ confirming: string; stopping: string }> {
  const { app } = world;
  const { email, token } = await signUpUser(world);
  const proof = await readMailedToken(world, email);
  expect(await app.send('POST', '/api/v1/auth/email/verify', { body: { token: proof } })).toMatchObject({
    status: 204,
  });
  const newEmail = uniqueEmail();
  const body = { newEmail, currentPassword: PASSWORD };
  expect(await app.send('POST', '/api/v1/users/me/email', { token, body })).toMatchObject({ status: 204 });
  return {
    confirming: await readMailedToken(world, newEmail),
    stopping: await readMailedToken(world, email),
  };
}

/** An operation that has succeeded, with its result. */
async function createFinishedOperation(world: World): Promise<CallOptions> {
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

/** A room in whose lobby somebody waits: the caller of the route, if the route is for people who wait. */
async function createLobbyEntry(
  { app }: World,
  waitingPerson: 'caller' | 'other' = 'other',
): Promise<CallOptions> {
  const person = await app.person();
  const roomId = await resourceFactories.roomId!(app, person);
  const lobbyEntryId = await insertLobbyEntry(app, person.organizationId, roomId);
  if (waitingPerson === 'caller')
    await ownerSql('update lobby_entries set identity = $1 where id = $2', [person.userId, lobbyEntryId]);
  return { token: person.token, params: { roomId, lobbyEntryId } };
}

/** A person with a seat in a call. */
async function joinCall({ app }: World): Promise<{ token: string; callId: string; participantId: string }> {
  const { token, ...person } = await app.person();
  const roomId = await resourceFactories.roomId!(app, { token, ...person });
  const { body } = await app.send('POST', `/api/v1/rooms/${roomId}/token`, { token, body: {} });
  return { token, callId: body.callId, participantId: body.participantId };
}

/** The handshake of a room's socket, with the ticket that joining gave. */
async function prepareHandshake({ app }: World): Promise<CallOptions> {
  const person = await app.person();
  const roomId = await resourceFactories.roomId!(app, person);
  const { body } = await app.send('POST', `/api/v1/rooms/${roomId}/token`, { token: person.token, body: {} });
  const protocols = `auralink.v1, ticket.${body.realtime.ticket}`;
  return { params: { roomId }, headers: { upgrade: 'websocket', 'sec-websocket-protocol': protocols } };
}

/** An organization with the meter of the contract's example. */
async function createUsageMeter({ app }: World): Promise<CallOptions> {
  const { token } = await app.person();
  const body = { ...ownMeterExample, kind: undefined, feature: undefined };
  expect(await app.send('POST', '/api/v1/usage/meters', { token, body })).toMatchObject({ status: 201 });
  return { token };
}

/** A report, and a recipient who may see it. */
async function prepareReport({ app }: World): Promise<CallOptions> {
  const person = await app.person();
  const reportId = await resourceFactories.reportId!(app, person);
  const body = { cron: '0 8 * * MON', recipients: [person.userId] };
  return { token: person.token, params: { reportId }, body };
}

/** A report with a schedule. */
async function scheduleReport(world: World): Promise<CallOptions> {
  const { body, ...options } = await prepareReport(world);
  const path = `/api/v1/analytics/reports/${options.params!.reportId}/schedule`;
  expect(await world.app.send('PUT', path, { token: options.token!, body })).toMatchObject({ status: 200 });
  return options;
}

/** An owner of an organization that pays for the plan enterprise, with its subscription cancelled or paused first. */
async function prepareSubscription({ app }: World, first?: 'cancel' | 'pause'): Promise<CallOptions> {
  const { organizationId } = await app.person();
  const token = await subscribeThroughApi(app, organizationId);
  if (first === undefined) return { token };
  const path = `/api/v1/billing/subscription/${first}`;
  expect(await app.send('POST', path, { token, body: {} })).toMatchObject({ status: 200 });
  const plan = first === 'pause' ? 'free' : 'enterprise';
  return { token: (await app.person({ organizationId, plan })).token };
}

/** A file of somebody. */
async function createFile(
  { app }: World,
  query?: Record<string, string>,
): Promise<{ token: string; params: { fileId: string } }> {
  const person = await app.person();
  return { token: person.token, params: { fileId: await createFileId(app, person, query) } };
}

/** The token of a link to a file of somebody. */
const prepareSharedFile = async ({ app }: World): Promise<CallOptions> => ({
  body: { token: (await createFileLink(app, await app.person())).token },
});

/** Somebody who is being rung. */
async function prepareRing({ app }: World): Promise<CallOptions> {
  const caller = await app.person();
  const { token, userId } = await app.person({ role: 'member', organizationId: caller.organizationId });
  const { body } = await app.send('POST', '/api/v1/rings', { token: caller.token, body: { to: userId } });
  return { token, params: { ringId: body.id } };
}

/**
 * What a route needs to be called with success where the contract's example, the own organization's ids and the
 * owner's token do not do, by its operationId.
 */
export const preparations: Record<string, (world: World) => Promise<CallOptions>> = {
  ...aiPreparations,
  ...workflowPreparations,
  createFile: async () => ({ query: '?name=notes.txt' }),
  restoreFile: async (world) => {
    const { token, params } = await createFile(world);
    await world.app.send('DELETE', `/api/v1/files/${params.fileId}`, { token });
    return { token, params };
  },
  downloadPreview: async (world) => {
    const { app } = world;
    const person = await app.person();
    const fileId = await createFileId(app, person);
    const image = { name: 'large.webp', contentType: 'image/webp', width: 4, height: 3, sizeBytes: 5 };
    const preview = { width: 4, height: 3, durationSeconds: null, blurhash: 'L00000', images: [image] };
    await ownerSql(`update files set preview_status = 'ready', preview = $2 where id = $1`, [
      fileId,
      JSON.stringify(preview),
    ]);
    const key = `files/${person.organizationId}/${fileId}.${image.name}`;
    await app.objects.put(key, 'image', { contentType: image.contentType });
    return { token: person.token, params: { fileId, name: image.name } };
  },
  downloadPublicFile: async (world) => {
    const { params } = await createFile(world, { access: 'public' });
    await ownerSql(`update files set scan_status = 'clean' where id = $1`, [params.fileId]);
    return { params };
  },
  createFileLink: async (world) => {
    const { token, params } = await createFile(world);
    await ownerSql(`update files set scan_status = 'clean' where id = $1`, [params.fileId]);
    return { token, params };
  },
  revokeFileLink: async ({ app }) => {
    const { token } = await app.person();
    const { fileId, fileLinkId } = await createFileLink(app, { token });
    return { token, params: { fileId, fileLinkId } };
  },
  previewSharedFile: prepareSharedFile,
  openSharedFile: prepareSharedFile,
  signUp: async () => ({ body: { email: uniqueEmail(), password: PASSWORD, name: 'Ada' } }),
  logIn: async (world) => ({ body: { email: (await signUpUser(world)).email, password: PASSWORD } }),
  refreshSession: async (world) => ({ body: { refreshToken: (await signUpUser(world)).refreshToken } }),
  switchOrganization: async (world) => {
    const { token, organizationId } = await signUpUser(world);
    return { token, body: { organizationId } };
  },
  logOut: async (world) => ({ token: (await signUpUser(world)).token }),
  changePassword: async (world) => ({ token: (await signUpUser(world)).token }),
  forgotPassword: async (world) => ({ body: { email: (await signUpUser(world)).email } }),
  resetPassword: async (world) => {
    const { email } = await signUpUser(world);
    await world.app.send('POST', '/api/v1/auth/password/forgot', { body: { email } });
    return { body: { token: await readMailedToken(world, email), newPassword: 'another-tulip-43-lamp' } };
  },
  createOrganization: async () => ({ body: { name: 'Northwind', slug: `northwind-${crypto.randomUUID()}` } }),
  previewInvitation: async (world) => ({
    body: { token: await createInvitationToken(world, uniqueEmail()) },
  }),
  resendInvitation: async ({ app }) => {
    const person = await app.person();
    const id = await resourceFactories['invitations/id']!(app, person);
    app.clock.advanceSeconds(61); // it is sent at most once a minute
    return { token: person.token, params: { organizationId: person.organizationId, id } };
  },
  acceptInvitationAsNewPerson: async (world) => ({
    body: { token: await createInvitationToken(world, uniqueEmail()), name: 'Ada', password: PASSWORD },
  }),
  acceptInvitation: async (world) => {
    const { email, token } = await signUpUser(world);
    return { token, body: { token: await createInvitationToken(world, email) } };
  },
  ...roomPreparations,
  ...billingPreparations,
  ...mediaPreparations,
  openRoomSocket: prepareHandshake,
  createLink: async ({ app }) => {
    const person = await app.person();
    const roomId = await resourceFactories.roomId!(app, person);
    return { token: person.token, body: { roomId, title: 'Support', password: 'tulip window' } };
  },
  keepQualitySamples: async (world) => {
    const { token, callId, participantId } = await joinCall(world);
    return { token, body: { ...storeSamplesExample, callId, participantId } };
  },
  giveCallFeedback: async (world) => {
    const { token, callId } = await joinCall(world);
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
  setReportSchedule: prepareReport,
  getReportSchedule: scheduleReport,
  deleteReportSchedule: scheduleReport,
  sendUsageEvents: createUsageMeter,
  setUsageAlerts: createUsageMeter,
  getUsageBreakdown: async () => ({ query: '?meter=participant_minutes&by=region' }),
  getUsageTimeline: async () => ({ query: '?meter=participant_minutes' }),
  acceptRing: prepareRing,
  declineRing: prepareRing,
  openInboxSocket: async ({ app }) => {
    const { token } = await app.person();
    const { body } = await app.send('POST', '/api/v1/me/socket-tickets', { token });
    const headers = { upgrade: 'websocket', 'sec-websocket-protocol': body.protocols.join(', ') };
    return { headers };
  },
  getOperationResult: createFinishedOperation,
  getLobbyEntry: createLobbyEntry,
  lobbyAdmit: createLobbyEntry,
  lobbyDeny: createLobbyEntry,
  receiveLivekitEvent: async ({ app }) => {
    const person = await app.person();
    const { liveKit } = app;
    const room = await resourceFactories.callId!(app, person);
    liveKit.cluster.join(room, person.userId);
    // Only events of connecting begin a check beside the answer.
    const started = liveKit.cluster.events.find(({ event }) => event === 'room_started')!;
    const { body, headers } = await signWebhook(started, liveKit);
    return { raw: body, headers };
  },
  previewSubscriptionChange: async (world) => ({
    ...(await prepareSubscription(world)),
    body: { plan: 'pro' },
  }),
  changeSubscription: async (world) => ({ ...(await prepareSubscription(world)), body: { plan: 'pro' } }),
  endTrial: async ({ app }) => {
    const { organizationId } = await app.person();
    return { token: await subscribeThroughApi(app, organizationId, 'pro') };
  },
  cancelSubscription: (world) => prepareSubscription(world),
  resumeSubscription: (world) => prepareSubscription(world, 'cancel'),
  pauseSubscription: (world) => prepareSubscription(world),
  unpauseSubscription: (world) => prepareSubscription(world, 'pause'),
  openBillingPortal: (world) => prepareSubscription(world),
  receiveStripeEvent: async () => {
    const object = { id: 'sub_1', object: 'subscription', customer: 'cus_1' };
    const raw = JSON.stringify({
      id: crypto.randomUUID(),
      object: 'event',
      type: 'x',
      created: 1,
      data: { object },
    });
    return { raw, headers: signStripeEvent(raw) };
  },
  receivePaddleEvent: async () => {
    const raw = JSON.stringify({
      event_id: crypto.randomUUID(),
      event_type: 'subscription.updated',
      occurred_at: '2026-01-05T09:30:00.000Z',
      data: { id: 'sub_1', customer_id: 'ctm_1' },
    });
    return { raw, headers: signPaddleEvent(raw) };
  },
  leaveLobby: (world) => createLobbyEntry(world, 'caller'),
  requestAccountDeletion: async (world) => {
    const { token, organizationId } = await signUpUser(world);
    const deletion = await world.app.send('DELETE', `/api/v1/organizations/${organizationId}`, { token });
    expect(deletion).toMatchObject({ status: 204 });
    return { token, body: { currentPassword: PASSWORD } };
  },
  reopenOrganization: async ({ app }) => {
    const { token, organizationId } = await app.person();
    const deletion = await app.send('DELETE', `/api/v1/organizations/${organizationId}`, { token });
    expect(deletion).toMatchObject({ status: 204 });
    return { token, params: { organizationId } };
  },
  restoreAccount: async (world) => ({
    body: { email: (await signUpUser(world)).email, password: PASSWORD },
  }),
  requestEmailChange: async (world) => ({
    token: (await signUpUser(world)).token,
    body: { newEmail: uniqueEmail(), currentPassword: PASSWORD },
  }),
  confirmEmailChange: async (world) => ({ body: { token: (await requestEmailChange(world)).confirming } }),
  stopEmailChange: async (world) => ({ body: { token: (await requestEmailChange(world)).stopping } }),
  verifyEmail: async (world) => ({
    body: { token: await readMailedToken(world, (await signUpUser(world)).email) },
  }),
};
