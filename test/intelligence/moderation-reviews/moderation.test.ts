import { beforeEach, describe, expect, it } from 'vitest';
import { createRoomServices } from '../../../durable-objects/room-services.ts';
import {
  endOldReviews,
  eraseReviews,
  forgetReviews,
} from '../../../src/intelligence/moderation-reviews/end-reviews.ts';
import { beforeNextCommit } from '../../support/before-commit.ts';
import { insertReview, openSystemCtx } from '../../support/moderation.ts';
import { MemoryRoom } from '../../support/memory-room.ts';
import type { MemorySocket } from '../../support/memory-socket.ts';
import { createFrameId, findAnswer, messageIdIn, sendForAnswer } from '../../support/room-helpers.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { ownerSql } from '../../contract/sql.ts';

let app: TestApp;
let host: Person;
let ben: Person;
/** What runs after the commits of the live room: events are delivered once it has ended. */
let afterwards: Promise<unknown>[];
let roomId: string;
let callId: string;
let benSeat: string;
let room: MemoryRoom;
let benSocket: MemorySocket;
let hostSocket: MemorySocket;
const RULES = [
  { name: 'Insults', words: ['blockhead'], action: 'hide' },
  { name: 'Gossip', words: ['rumour'], action: 'flag' },
];

const call = async (method: string, path: string, body?: unknown, { token } = host) =>
  app.send(method, `/api/v1${path}`, { token, ...(body === undefined ? {} : { body }) });
const benPath = () => `/rooms/${roomId}/participants/${benSeat}`;
const reviewsPath = () => `/rooms/${roomId}/moderation/reviews`;
const setPolicy = (rules: object[], rest: object = {}) =>
  call('PUT', '/moderation/policy', { rules, ...rest });

beforeEach(async () => {
  app = createTestApp();
  host = await app.person();
  const { organizationId } = host;
  ben = await app.person({ role: 'member', organizationId });
  expect(await setPolicy(RULES)).toMatchObject({ status: 200 });
  roomId = (await call('POST', '/rooms', { name: 'Standup' })).body.id;
  for (const person of [host, ben]) {
    const { body } = await call('POST', `/rooms/${roomId}/token`, {}, person);
    callId = body.callId;
    benSeat = body.participantId;
    app.liveKit.cluster.join(callId, person.userId);
  }
  room = new MemoryRoom();
  room.nowMs = app.clock.now();
  afterwards = [];
  room.services = createRoomServices(app.services, room.core, (work) => void afterwards.push(work));
  const claims = { organizationId, roomId, kind: 'user' } as const;
  const join = (person: Person, role: 'host' | 'participant') =>
    room.join(person.userId, { ...claims, userId: person.userId, role, callId });
  hostSocket = join(host, 'host');
  benSocket = join(ben, 'participant');
  await room.waitForPending();
});

/** Sends a message to the live room. @returns its answer */
async function say(text: string, socket = benSocket) {
  const id = createFrameId();
  sendForAnswer(room, socket, { type: 'chat.send', id, text });
  await room.waitForPending();
  return findAnswer(socket, id);
}
/** Stores what was said, runs the subscribers, and gives the live room the commands that came of it. */
async function settle() {
  room.nowMs += 2_000;
  app.clock.advanceSeconds(2);
  await room.passSeconds(0);
  await Promise.all(afterwards.splice(0));
  await app.drain();
  for (const { command } of app.liveRooms.appliedCommands.splice(0)) room.apply(command);
}
const shown = () => hostSocket.framesOf('chat.message').map(({ text, identity }) => `${identity} ${text}`);
const list = async (query = '', person = host) =>
  (await call('GET', `${reviewsPath()}${query}`, undefined, person)).body.data;
const decide = (reviewId: string, body: object, person = host) =>
  call('POST', `${reviewsPath()}/${reviewId}/decide`, body, person);

describe('a hidden message', () => {
  it('waits for a review that moderators see, and reaches nobody', async () => {
    const ack = await say('You Blockhead!');
    expect(ack).toMatchObject({ type: 'ack', result: { held: true } });
    await settle();
    expect(shown()).toEqual([]);
    const [review] = await list('?state=open');
    expect(review).toMatchObject({
      subject: 'chat',
      action: 'hide',
      rule: 'Insults',
      phrase: 'blockhead',
      text: 'You Blockhead!',
      author: { identity: ben.userId },
      messageId: messageIdIn(ack),
      state: 'open',
    });
    expect(hostSocket.framesOf('moderation.review')).toMatchObject([{ reviewId: review.id, state: 'open' }]);
    expect(benSocket.framesOf('moderation.review')).toEqual([]);
    expect((await call('GET', '/moderation/reviews')).body.data).toEqual([review]);
  });

  it('is posted in the name of its author when it is approved, once, and is not found again', async () => {
    const messageId = messageIdIn(await say('You blockhead!'));
    await settle();
    const [{ id }] = await list();
    expect(await decide(id, { decision: 'approve' })).toMatchObject({
      status: 200,
      body: { state: 'approved', postedMessageId: messageId, decidedBy: host.userId },
    });
    await settle();
    await settle();
    expect(shown()).toEqual([`${ben.userId} You blockhead!`]);
    expect(await list('?state=open')).toEqual([]);
    expect(await decide(id, { decision: 'confirm' })).toMatchObject({
      status: 409,
      body: { code: 'moderation_reviews.decided' },
    });
  });

  it('is not posted when it is confirmed: its author is notified, and can be removed with it', async () => {
    await say('blockhead');
    await settle();
    const [{ id }] = await list();
    expect(
      await decide(id, { decision: 'confirm', measure: 'remove', note: 'The second time.' }),
    ).toMatchObject({
      status: 200,
      body: { state: 'confirmed', measure: 'remove', note: 'The second time.' },
    });
    expect(benSocket.framesOf('notice')).toEqual([]);
    await settle();
    expect(shown()).toEqual([]);
    expect(benSocket.framesOf('notice')).toMatchObject([{ code: 'moderation.confirmed' }]);
    expect(benSocket.closeCode).toBe(4403);
    const actions = await ownerSql(`select action from audit_logs where organization_id = $1`, [
      host.organizationId,
    ]);
    expect(actions.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['moderation.held', 'moderation.decided', 'participant.removed']),
    );
  });

  it('is not posted for an author who was removed meanwhile', async () => {
    await say('blockhead');
    await settle();
    const [{ id }] = await list();
    expect(await call('DELETE', benPath())).toMatchObject({ status: 204 });
    expect(await decide(id, { decision: 'approve' })).toMatchObject({
      status: 409,
      body: { code: 'moderation_reviews.author_gone' },
    });
  });

  it.each([
    [
      'the chat is switched off',
      'chat_off',
      () => ['PATCH', `/rooms/${roomId}`, { features: { chat: false } }] as const,
    ],
    ['its author is removed', 'author_gone', () => ['DELETE', benPath(), undefined] as const],
  ])('is not posted when it is approved in the moment in which %s', async (_change, code, request) => {
    await say('blockhead');
    await settle();
    const [{ id }] = await list();
    let changed;
    beforeNextCommit(app, host, async () => {
      const [method, path, body] = request();
      changed = await call(method, path, body);
    });
    const decided = await decide(id, { decision: 'approve' });
    expect(changed).toMatchObject({ status: expect.toSatisfy((status: number) => status < 300) });
    expect(decided).toMatchObject({ status: 409, body: { code: `moderation_reviews.${code}` } });
    expect(await list('?state=open')).toMatchObject([{ id }]);
  });

  it('of a guest is posted as long as the link by which they came lets them chat', async () => {
    const link = (await call('POST', '/links', { roomId })).body;
    const guest = (await app.send('POST', `/api/v1/links/${link.code}/join`, { body: { name: 'Eve' } })).body;
    const waiting = async () => {
      const id = await insertReview(app, host, { roomId });
      await ownerSql('update moderation_reviews set identity = $2 where id = $1', [id, guest.identity]);
      return id;
    };
    const [first, second] = [await waiting(), await waiting()];
    expect(await decide(first, { decision: 'approve' })).toMatchObject({ status: 200 });
    await ownerSql('update links set enable_chat = false where id = $1', [link.id]);
    expect(await decide(second, { decision: 'approve' })).toMatchObject({
      status: 409,
      body: { code: 'moderation_reviews.author_gone' },
    });
  });

  it('is refused when too many of its author wait, or did within the hour until they were taken back', async () => {
    let last: Awaited<ReturnType<typeof say>>;
    for (let n = 0; n < 20; n++) {
      room.nowMs += 1_000;
      last = await say(`blockhead ${n}`);
      expect(last).toMatchObject({ type: 'ack' });
    }
    const refusal = { type: 'error', code: 'moderation_reviews.too_many_waiting' };
    expect(await say('blockhead 21')).toMatchObject(refusal);
    sendForAnswer(room, benSocket, {
      type: 'chat.delete',
      id: createFrameId(),
      messageId: messageIdIn(last!),
    });
    await room.waitForPending();
    expect(await list('?state=withdrawn')).toHaveLength(1);
    expect(await say('blockhead 22')).toMatchObject(refusal);
    app.clock.advanceSeconds(3_601);
    room.nowMs += 3_601_000;
    expect(await say('blockhead 23')).toMatchObject({ type: 'ack' });
  });
});

describe('a flagged message', () => {
  it('is shown, put up once, and deleted when it is confirmed', async () => {
    await say('the rumour is true');
    await settle();
    await settle();
    expect(shown()).toEqual([`${ben.userId} the rumour is true`]);
    const [review, ...others] = await list();
    expect([review, others]).toMatchObject([{ action: 'flag', rule: 'Gossip', callId }, []]);
    expect(await decide(review.id, { decision: 'confirm' })).toMatchObject({ status: 200 });
    await settle();
    expect(hostSocket.framesOf('chat.deleted')).toMatchObject([
      { messageId: review.messageId, by: host.userId },
    ]);
    expect(await list('?state=confirmed')).toMatchObject([{ id: review.id }]);
  });

  it('is put up again when it is edited after it was approved', async () => {
    const messageId = messageIdIn(await say('the rumour is true'));
    await settle();
    const [{ id }] = await list();
    expect(await decide(id, { decision: 'approve' })).toMatchObject({
      status: 200,
      body: { postedMessageId: null },
    });
    sendForAnswer(room, benSocket, { type: 'chat.edit', messageId, text: 'the rumour is false' });
    await settle();
    expect(await list('?state=open')).toMatchObject([{ text: 'the rumour is false' }]);
  });

  it('that its author deletes needs no decision any more, and its words are gone', async () => {
    const messageId = messageIdIn(await say('the rumour is true'));
    await settle();
    sendForAnswer(room, benSocket, { type: 'chat.delete', messageId });
    await settle();
    expect(await list()).toMatchObject([{ state: 'withdrawn', text: '' }]);
  });

  it('with a rule that mutes asks the cluster to mute its author', async () => {
    await setPolicy([{ ...RULES[1], mute: true }]);
    const sid = app.liveKit.cluster.publish(callId, ben.userId, { source: 'MICROPHONE' });
    await say('the rumour is true');
    await settle();
    expect(await list()).toMatchObject([{ muted: true }]);
    const { tracks } = app.liveKit.cluster.rooms.get(callId)!.participants.get(ben.userId)!;
    expect(tracks).toMatchObject([{ sid, muted: true }]);
  });
});

describe('words whose source is gone', () => {
  const reviewCount = async () =>
    (await ownerSql('select id from moderation_reviews where room_id = $1', [roomId])).length;

  it('are taken back by their author while they wait, and by nobody else', async () => {
    const messageId = messageIdIn(await say('blockhead'));
    await settle();
    for (const socket of [hostSocket, benSocket]) {
      sendForAnswer(room, socket, { type: 'chat.delete', id: createFrameId(), messageId });
      await room.waitForPending();
    }
    expect(hostSocket.framesOf('error')).toMatchObject([{ code: 'realtime.message_not_found' }]);
    await settle();
    const [review] = await list();
    expect(review).toMatchObject({ state: 'withdrawn', text: '' });
    expect(await decide(review.id, { decision: 'approve' })).toMatchObject({ status: 409 });
  });

  it('are emptied in a review that approved them, when the message is deleted', async () => {
    const messageId = messageIdIn(await say('the rumour is true'));
    await say('blockhead');
    await settle();
    for (const { id } of await list())
      expect(await decide(id, { decision: 'approve' })).toMatchObject({ status: 200 });
    await settle();
    const posted = hostSocket.framesOf('chat.message').at(-1)!.messageId;
    for (const deleted of [messageId, posted])
      sendForAnswer(room, benSocket, { type: 'chat.delete', messageId: deleted });
    await settle();
    const approved = { state: 'approved', text: '' };
    expect(await list()).toMatchObject([approved, approved]);
  });

  it('are kept where they are the reason of a decision', async () => {
    await say('the rumour is true');
    await settle();
    const [{ id }] = await list();
    await decide(id, { decision: 'confirm' });
    await settle();
    await settle();
    expect(await list()).toMatchObject([{ state: 'confirmed', text: 'the rumour is true' }]);
  });

  it('wait for a decision for 30 days at most', async () => {
    await say('blockhead');
    await settle();
    await endOldReviews(app.services);
    expect(await list()).toMatchObject([{ state: 'open' }]);
    app.clock.advanceSeconds(30 * 86_400);
    await endOldReviews(app.services);
    const rows = await ownerSql('select state, text from moderation_reviews where room_id = $1', [roomId]);
    expect(rows).toEqual([{ state: 'withdrawn', text: '' }]);
    await forgetReviews(app.services);
    expect(await reviewCount()).toBe(1);
    app.clock.advanceSeconds(90 * 86_400 + 1);
    await forgetReviews(app.services);
    expect(await reviewCount()).toBe(0);
  });

  it('go when their author is erased', async () => {
    await say('blockhead');
    await settle();
    await eraseReviews(openSystemCtx(app, host, []), { userId: ben.userId });
    expect(await list()).toEqual([]);
  });
});

describe('the people who review', () => {
  let reviewId: string;
  beforeEach(async () => {
    await say('blockhead');
    await settle();
    [{ id: reviewId }] = await list();
  });

  it('are hosts and moderators of the room alone', async () => {
    for (const path of [reviewsPath(), `${reviewsPath()}/${reviewId}`])
      expect(await call('GET', path, undefined, ben)).toMatchObject({
        status: 403,
        body: { code: 'moderation.not_moderator' },
      });
    expect(await decide(reviewId, { decision: 'approve' }, ben)).toMatchObject({ status: 403 });
    expect(await call('GET', '/moderation/reviews', undefined, ben)).toMatchObject({
      status: 403,
      body: { code: 'auth.forbidden' },
    });
    const other = await app.person();
    expect(await decide(reviewId, { decision: 'approve' }, other)).toMatchObject({
      status: 404,
      body: { code: 'rooms.not_found' },
    });
  });

  it('are never the authors themselves', async () => {
    expect((await call('PATCH', benPath(), { role: 'moderator' })).status).toBeLessThan(300);
    expect(await decide(reviewId, { decision: 'approve' }, ben)).toMatchObject({
      status: 403,
      body: { code: 'moderation_reviews.own_message' },
    });
  });

  it('see what was written around it', async () => {
    await say('good morning', hostSocket);
    await settle();
    const { body } = await call('GET', `${reviewsPath()}/${reviewId}`);
    expect(body).toMatchObject({ id: reviewId, context: [{ text: 'good morning' }] });
  });

  it('see nothing else of a chat that they may not read', async () => {
    await say('good morning', hostSocket);
    await settle();
    await ownerSql('update rooms set locked = true where id = $1', [roomId]);
    const admin = await app.person({ role: 'admin', organizationId: host.organizationId });
    await ownerSql(
      `insert into room_people (organization_id, room_id, identity, user_id, role, changed_by, updated_at)
       values ($1, $2, $3, $3, 'participant', $3, now())`,
      [host.organizationId, roomId, admin.userId],
    );
    expect(await call('GET', `${reviewsPath()}/${reviewId}`, undefined, admin)).toMatchObject({
      status: 200,
      body: { id: reviewId, context: [] },
    });
  });
});

it('a rule that is younger than the message takes it back, and the review can post it again', async () => {
  await setPolicy([]);
  app.clock.advanceSeconds(11);
  room.nowMs += 11_000;
  const messageId = messageIdIn(await say('You blockhead!'));
  await setPolicy(RULES);
  await settle();
  expect(hostSocket.framesOf('chat.deleted')).toMatchObject([{ messageId, by: 'agt_~moderation' }]);
  await settle();
  // Everybody has seen it: its author cannot keep others from deciding.
  sendForAnswer(room, benSocket, { type: 'chat.delete', id: createFrameId(), messageId });
  await room.waitForPending();
  await settle();
  const [review] = await list('?state=open');
  expect(review).toMatchObject({ action: 'hide', messageId, text: 'You blockhead!' });
  const { body } = await decide(review.id, { decision: 'approve' });
  await settle();
  await settle();
  expect(body.postedMessageId).not.toBe(messageId);
  expect(hostSocket.framesOf('chat.message').at(-1)).toMatchObject({
    messageId: body.postedMessageId,
    text: 'You blockhead!',
  });
  expect(await list('?state=open')).toEqual([]);
});
