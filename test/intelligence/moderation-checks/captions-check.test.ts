import { beforeEach, describe, expect, it } from 'vitest';
import type { CaptionPlan } from '../../../src/intelligence/captions/captions.ports.ts';
import { endCaptionsGone } from '../../../src/intelligence/moderation-reviews/end-reviews.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';

let app: TestApp;
let host: Person;
let ben: Person;
let roomId: string;
let plans: CaptionPlan[];
let seats: Record<string, string>;

const call = (method: string, path: string, body?: unknown, { token } = host) =>
  app.send(method, `/api/v1${path}`, { token, ...(body === undefined ? {} : { body }) });

beforeEach(async () => {
  plans = [];
  app = createTestApp({
    captioner: { run: async (plan) => void plans.push(plan), end: async () => undefined },
  });
  host = await app.person();
  ben = await app.person({ role: 'member', organizationId: host.organizationId });
  const rules = [
    { name: 'Insults', words: ['blockhead'], action: 'hide', mute: true },
    { name: 'Chat', words: ['rumour'], action: 'flag', appliesTo: ['chat'] },
  ];
  await call('PUT', '/moderation/policy', { rules });
  roomId = (await call('POST', '/rooms', { name: 'Standup' })).body.id;
  seats = {};
  for (const person of [host, ben]) {
    const { body } = await call('POST', `/rooms/${roomId}/token`, {}, person);
    seats[person.userId] = body.callId;
    app.liveKit.cluster.join(body.callId, person.userId);
  }
  await ownerSql(`update calls set status = 'active' where id = $1`, [seats[host.userId]!]);
  expect(await call('PUT', `/rooms/${roomId}/captions`, {})).toMatchObject({ status: 200 });
  await app.drain();
});

async function says(...texts: [person: Person, text: string][]) {
  const segments = texts.map(([{ userId: speaker }, text], position) => ({
    position,
    speaker,
    language: 'en',
    text,
    isGap: false,
    words: [],
    startSeconds: position,
    endSeconds: position + 0.9,
  }));
  for (let attempt = 0; attempt < 2; attempt++)
    expect(
      await app.send('POST', '/api/v1/captions/reports', {
        headers: { authorization: `Bearer ${plans.at(-1)!.report.token}` },
        body: { report: 'a.1', segments, sentSeconds: 5, translatedCharacters: 0 },
      }),
    ).toMatchObject({ status: 204 });
  await app.drain();
}
const reviews = async () => (await call('GET', `/rooms/${roomId}/moderation/reviews`)).body.data;

it('what somebody says that a rule finds is put up once, and its speaker is muted', async () => {
  const sid = app.liveKit.cluster.publish(seats[ben.userId]!, ben.userId, { source: 'MICROPHONE' });
  await says(
    [ben, 'Good morning.'],
    [ben, 'You blockhead, there is a rumour.'],
    [host, 'Blockhead yourself!'],
  );
  const [review, ...others] = await reviews();
  expect([review, others]).toMatchObject([
    {
      subject: 'caption',
      action: 'flag',
      rule: 'Insults',
      text: 'You blockhead, there is a rumour.',
      author: { identity: ben.userId },
      messageId: null,
      muted: true,
      callId: seats[ben.userId],
    },
    [],
  ]);
  const { tracks } = app.liveKit.cluster.rooms.get(seats[ben.userId]!)!.participants.get(ben.userId)!;
  expect(tracks).toMatchObject([{ sid, muted: true }]);
});

it('a decision about what was said changes nothing in the chat', async () => {
  await says([ben, 'You blockhead.']);
  const [{ id }] = await reviews();
  const decided = await call('POST', `/rooms/${roomId}/moderation/reviews/${id}/decide`, {
    decision: 'confirm',
    measure: 'mute',
  });
  expect(decided).toMatchObject({ status: 200, body: { state: 'confirmed', measure: 'mute' } });
  await app.drain();
  expect(app.liveRooms.commandTypesOf(roomId)).not.toContain('chat.delete');
});

describe('what was said', () => {
  const correct = async (text: string) => {
    const [segment] = await ownerSql<{ id: string }>(
      'select transcription_id as id from transcript_segments where organization_id = $1',
      [host.organizationId],
    );
    return call('POST', `/ai/transcriptions/${segment!.id}/corrections`, { position: 0, text });
  };

  it('and was misheard needs no decision once it is corrected', async () => {
    await says([ben, 'You blockhead.']);
    expect(await correct('You block it.')).toMatchObject({ status: 200 });
    await app.drain();
    expect(await reviews()).toMatchObject([{ state: 'withdrawn', text: '' }]);
  });

  it.each([
    ['the transcript is deleted', 'delete from transcriptions'],
    ['its speaker is erased', 'update transcript_segments set speaker = null'],
  ])('waits for no decision after %s', async (_source, change) => {
    await says([ben, 'You blockhead.']);
    await endCaptionsGone(app.services);
    expect(await reviews()).toMatchObject([{ state: 'open' }]);
    await ownerSql(change);
    await endCaptionsGone(app.services);
    expect(await reviews()).toMatchObject([{ state: 'withdrawn', text: '' }]);
  });
});
