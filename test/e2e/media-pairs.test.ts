import { afterAll, describe, expect, it } from 'vitest';
import { requireMediaServer } from '../support/livekit/server.ts';
import { createApiClient } from './support/api-client.ts';
import { Host, type JsonBody } from './support/host.ts';
import { endAllParticipants } from './support/participant.ts';
import { api, mails } from './support/product.ts';
import { openRoomSocket } from './support/room-socket.ts';

/** Of `test/pairs`, on the real media server: people in media, or with a token for them, while something happens. */

afterAll(endAllParticipants);

const TIME_LIMIT_MS = 60_000;

/** Somebody who is connected to media, with a second token that they have not used. */
async function connectWithSpare(requestAdmission: () => Promise<JsonBody>) {
  const admission = await requestAdmission();
  const spare = await requestAdmission();
  return { admission, spare, person: await Host.connect(admission) };
}
type Connected = Awaited<ReturnType<typeof connectWithSpare>>;

/** Neither they nor the token that is left have a way into the media. */
async function expectOutside({ spare, person }: Connected, ...reasons: string[]): Promise<void> {
  await person.waitUntil(({ disconnected }) => disconnected !== null && reasons.includes(disconnected));
  const again = await Host.connect(spare);
  // The cluster says that they came, and then they are sent away: each step waits for its turn on a busy machine.
  await again.waitUntil(({ disconnected }) => disconnected !== null, 40_000);
}

/** A room of its own, so that the pairs run side by side. */
async function createStage() {
  const host = await Host.signUp(api);
  const service = await host.createService();
  const room = await host.createRoom();
  const path = `/rooms/${room.id as string}`;
  const connect = (identity: string) => connectWithSpare(() => service.requestAdmission(room.id, identity));
  return { host, service, room, path, connect };
}

/** People who are sent away keep their media until they enter the other room; then an old token is useless. */
async function expectToFollow(
  { admission, spare, person }: Connected,
  send: (admission: JsonBody) => Promise<unknown>,
): Promise<void> {
  const socket = await openRoomSocket(admission.realtime);
  await send(admission);
  const { toRoomId, ticket } = await socket.waitForFrame('participant.moved');
  expect((await person.getReceivedMedia()).disconnected).toBeNull();
  const entered = await createApiClient(api).send('POST', `/api/v1/rooms/${toRoomId}/enter`, {
    body: { ticket },
  });
  expect(entered.status).toBe(200);
  await person.waitUntil(({ disconnected }) => disconnected === 'PARTICIPANT_REMOVED');
  const again = await Host.connect(spare);
  // The cluster says that they came, and then they are sent away: each step waits for its turn on a busy machine.
  await again.waitUntil(({ disconnected }) => disconnected !== null, 40_000);
  socket.close();
}

describe.concurrent('media, and tokens for them that are not used yet, end', () => {
  it('with a removal from the room', { timeout: TIME_LIMIT_MS }, async (context) => {
    requireMediaServer(context);
    const { host, path, connect } = await createStage();
    const ben = await connect('ben');
    await host.callApi(`${path}/participants/${ben.admission.participantId}`, 'DELETE');
    await expectOutside(ben, 'PARTICIPANT_REMOVED');
  });

  it('with the room', { timeout: TIME_LIMIT_MS }, async (context) => {
    requireMediaServer(context);
    const { host, path, connect } = await createStage();
    const ben = await connect('ben');
    await host.callApi(`${path}/end`, 'POST', {});
    // Removed when the cluster's word that they came is read after the end and before the room is deleted there.
    await expectOutside(ben, 'ROOM_DELETED', 'PARTICIPANT_REMOVED');
  });

  it(
    'with a suspension in the organization, and with a sign-out',
    { timeout: TIME_LIMIT_MS },
    async (context) => {
      requireMediaServer(context);
      const { host, room } = await createStage();
      const { member, path } = await host.addMember(mails);
      const ofHost = await connectWithSpare(() => host.requestAdmission(room.id));
      const ofMember = await connectWithSpare(() => member.requestAdmission(room.id));
      await host.callApi(path, 'PATCH', { status: 'suspended' });
      await expectOutside(ofMember, 'PARTICIPANT_REMOVED');
      await host.callApi('/auth/logout', 'POST');
      await expectOutside(ofHost, 'PARTICIPANT_REMOVED');
    },
  );

  it('with a move, once it is followed', { timeout: TIME_LIMIT_MS }, async (context) => {
    requireMediaServer(context);
    const { host, path, connect } = await createStage();
    const there = await host.createRoom({ name: 'There' });
    await expectToFollow(await connect('ben'), ({ participantId }) =>
      host.callApi(`${path}/participants/${participantId}/move`, 'POST', { toRoomId: there.id }),
    );
  });

  it('with a breakout room, once it is entered', { timeout: TIME_LIMIT_MS }, async (context) => {
    requireMediaServer(context);
    const { host, path, connect } = await createStage();
    await expectToFollow(await connect('ben'), ({ identity }) =>
      host.callApi(`${path}/breakouts`, 'POST', {
        assignment: 'manual',
        rooms: [{ identities: [identity] }],
      }),
    );
  });
});

it(
  'media last, and a token works, when the link of a guest is switched off',
  { timeout: TIME_LIMIT_MS },
  async (context) => {
    requireMediaServer(context);
    const { host, room, path } = await createStage();
    const link = await host.callApi('/links', 'POST', { roomId: room.id });
    const client = createApiClient(api);
    const joined = await client.send('POST', `/api/v1/links/${link.code}/join`, { body: { name: 'Gus' } });
    const token = joined.body.guestTicket as string;
    const gus = await connectWithSpare(
      async () => (await client.send('POST', `/api/v1${path}/token`, { token, body: {} })).body,
    );
    await host.callApi(`/links/${link.id}`, 'PATCH', { isActive: false });
    expect((await gus.person.getReceivedMedia()).disconnected).toBeNull();
    const again = await Host.connect(gus.spare);
    // The media server ends the connection before when the same person connects again.
    await gus.person.waitUntil(({ disconnected }) => disconnected === 'DUPLICATE_IDENTITY');
    expect((await again.getReceivedMedia()).disconnected).toBeNull();
  },
);
