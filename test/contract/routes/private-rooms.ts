import { expect } from 'vitest';
import { signGuestTicket } from '../../../src/identity/access/index.ts';
import type { Person, TestApp, TestResponse } from '../../support/app.ts';
import { insertRecording } from '../../support/recordings.ts';
import { insertSendSession } from '../../support/send-sessions.ts';
import { assignAgent } from '../../support/agents.ts';
import { insertCallAgent } from '../../support/call-agents.ts';
import { insertIngress } from '../../support/ingresses.ts';
import { insertReview } from '../../support/moderation.ts';
import { insertPhoneCall } from '../../support/phone-calls.ts';
import { insertStream } from '../../support/streams.ts';
import { ownerSql } from '../sql.ts';
import { insertQuestion, insertRun } from '../../support/workflows.ts';
import { storeTexts } from '../../support/memories.ts';
import { createFileId, insertLobbyEntry } from './resources.ts';
import type { RoomIdKind } from './room-ids.ts';

/** The ids of a room, and of one thing of each kind in it. */
export type RoomIds = Record<RoomIdKind, string>;

type Send = (token: string, method: string, path: string, body?: unknown) => Promise<TestResponse['body']>;

const createSend =
  (app: TestApp): Send =>
  async (token, method, path, body) => {
    const answer = await app.send(method, `/api/v1${path}`, {
      token,
      ...(body === undefined ? {} : { body }),
    });
    expect(answer, `${method} ${path}`).toMatchObject({ status: expect.toSatisfy((code) => code < 300) });
    return answer.body;
  };

/** Fills a room with a call, and with one thing of each kind. */
async function fillRoom(
  app: TestApp,
  host: Person,
  roomId: string,
  breakout: string,
  ring: string,
): Promise<RoomIds> {
  const send = createSend(app);
  const { token, organizationId, userId } = host;
  const joined = await send(token, 'POST', `/rooms/${roomId}/token`, {});
  app.liveKit.cluster.join(joined.callId, userId);
  const poll = await send(token, 'POST', `/rooms/${roomId}/polls`, {
    question: 'Tea?',
    options: ['Yes', 'No'],
  });
  const link = await send(token, 'POST', '/links', { roomId });
  const message = app.services.ids.create('message');
  await ownerSql(
    `insert into chat_messages (id, organization_id, room_id, identity, name, text, sent_at, changed_at)
     values ($1, $2, $3, $4, 'Ann', 'Hello', now(), now())`,
    [message, organizationId, roomId, userId],
  );
  return {
    room: roomId,
    call: joined.callId,
    participant: joined.participantId,
    poll: poll.id,
    breakout,
    link: link.id,
    lobbyEntry: await insertLobbyEntry(app, organizationId, roomId),
    message,
    ring,
    recording: await insertRecording(app, { organizationId, roomId, callId: joined.callId }),
    sendSession: await insertSendSession(app, joined.participantId),
    stream: (await insertStream(app, { organizationId, roomId, callId: joined.callId })).streamId,
    ingress: await insertIngress(app, { organizationId, roomId }),
    phoneCall: await insertPhoneCall(app, {
      organizationId,
      roomId,
      callId: joined.callId,
      participantId: joined.participantId,
    }),
    callAgent: await insertCallAgent(app, host, {
      roomId,
      callId: joined.callId,
      participantId: joined.participantId,
    }),
    agentAssignment: await assignAgent(app, host, roomId),
    callQuestion: await insertQuestion(app, host, { roomId, callId: joined.callId }),
    moderationReview: await insertReview(app, host, { roomId, callId: joined.callId }),
    workflowRun: await insertRun(app, host, { roomId, callId: joined.callId }),
    streamTarget: app.services.ids.create('streamTarget'),
    file: await createFileId(app, host, { roomId, access: 'organization' }),
    memory: (await storeTexts(app, host, ['Tea at five.'], { scope: 'room', roomId }))[0]!.id,
  };
}

/** A direct room of two members, and a breakout room of it: to all other members they do not show. */
export async function createPrivateRooms(app: TestApp, organizationId: string) {
  const send = createSend(app);
  const [ann, ben] = [
    await app.person({ role: 'member', organizationId }),
    await app.person({ role: 'member', organizationId }),
  ];
  const ring = await send(ann.token, 'POST', '/rings', { to: ben.userId });
  const roomId = ring.roomId as string;
  await send(ann.token, 'POST', `/rooms/${roomId}/token`, {});
  const breakouts = await send(ann.token, 'POST', `/rooms/${roomId}/breakouts`, {
    rooms: 1,
    assignment: 'manual',
  });
  const direct = await fillRoom(app, ann, roomId, breakouts.id, ring.id);
  const breakout = await fillRoom(app, ann, breakouts.rooms[0].roomId, breakouts.id, ring.id);
  return { 'a direct room': direct, 'a breakout room of a direct room': breakout };
}

/** A room that its host may do everything in. */
export async function createOwnRoom(app: TestApp, host: Person): Promise<RoomIds> {
  const send = createSend(app);
  const callee = await app.person({ role: 'member', organizationId: host.organizationId });
  const { id: roomId } = await send(host.token, 'POST', '/rooms', { name: 'Room' });
  await send(host.token, 'POST', `/rooms/${roomId}/token`, {});
  const breakouts = await send(host.token, 'POST', `/rooms/${roomId}/breakouts`, {
    rooms: 1,
    assignment: 'manual',
  });
  const ring = await send(host.token, 'POST', '/rings', { to: callee.userId, roomId });
  return fillRoom(app, host, roomId, breakouts.id, ring.id);
}

/** Somebody to whom the private rooms must not show. */
export interface Outsider {
  name: string;
  token: string | undefined;
  /** A room of theirs; for a guest the one of their ticket. */
  own: RoomIds;
  /** Whether lists of the organization are theirs to read. */
  readsLists: boolean;
}

async function createGuestTicket(
  app: TestApp,
  organizationId: string,
  { room, link }: RoomIds,
): Promise<string> {
  const { ids, signer } = app.services;
  const guest = { guestId: ids.create('guest'), organizationId, roomId: room, linkId: link, name: 'Gus' };
  return signGuestTicket(signer, guest, 3600);
}

/** Everybody to whom a private room of the owner's organization does not show. */
export async function createOutsiders(app: TestApp, owner: Person): Promise<Outsider[]> {
  const send = createSend(app);
  const { organizationId } = owner;
  const member = await app.person({ role: 'member', organizationId });
  const guestRole = await app.person({ role: 'guest', organizationId });
  const otherOwner = await app.person();
  const former = await app.person({ role: 'member', organizationId });
  await ownerSql(`delete from members where user_id = $1`, [former.userId]);
  const [own, foreign] = [await createOwnRoom(app, member), await createOwnRoom(app, otherOwner)];
  const key = await send(otherOwner.token, 'POST', '/api-keys', { name: 'Foreign', scopes: ['admin'] });
  return [
    { name: 'an unrelated member', token: member.token, own, readsLists: true },
    { name: 'a member with the role guest', token: guestRole.token, own, readsLists: true },
    { name: 'a member of another organization', token: otherOwner.token, own: foreign, readsLists: true },
    { name: 'an API key of another organization', token: key.secret, own: foreign, readsLists: true },
    { name: 'a former member', token: former.token, own, readsLists: false },
    {
      name: 'a guest of another room',
      token: await createGuestTicket(app, organizationId, own),
      own,
      readsLists: false,
    },
    { name: 'nobody', token: undefined, own, readsLists: false },
  ];
}
