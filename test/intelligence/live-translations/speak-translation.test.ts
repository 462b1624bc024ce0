import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CaptionPlan } from '../../../src/intelligence/captions/captions.ports.ts';
import { sweepCaptions } from '../../../src/intelligence/captions/follow-captions.ts';
import { createSpeechService } from '../../../src/intelligence/providers/speech-service/index.ts';
import { ownerSql } from '../../contract/sql.ts';
import { SpeechStandIn } from '../../support/ai/speech-stand-in.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { startCaptions } from '../../support/captions.ts';
import { createRecordableRoom } from '../../support/recordings.ts';

const SPOKEN = { language: 'es', speakIn: [{ language: 'en' }] };
const TEXT = 'Good morning.';

let app: TestApp;
let service: SpeechStandIn;
let host: Person;
let room: { roomId: string; callId: string };
let plan: CaptionPlan;

beforeAll(async () => {
  service = new SpeechStandIn();
  await service.start();
  app = createTestApp({
    speech: createSpeechService({ url: service.url, secret: service.secret }),
    captioner: {
      // A sweep is about the captions of all tests.
      run: async (latest) => void (latest.captionId === plan?.captionId && (plan = latest)),
      end: async () => undefined,
    },
  });
});
afterAll(() => service.stop());
beforeEach(async () => {
  service.requests.length = 0;
  host = await app.person({ plan: 'pro' });
  room = await createRecordableRoom(app, host);
});

const path = () => `/api/v1/rooms/${room.roomId}/captions`;
const set = (body: object, { token } = host) => app.send('PUT', path(), { token, body });
const start = async (body: object = SPOKEN) =>
  void (plan = await startCaptions(app, host, room.roomId, body));
const speak = (fields: object = {}) =>
  app.send('POST', '/api/v1/captions/speech', {
    headers: { authorization: `Bearer ${plan.report.token}` },
    body: { text: TEXT, language: 'en', ...fields },
  });
const commands = (type: string) =>
  app.liveRooms.appliedCommands.flatMap(({ roomId, command }) =>
    roomId === room.roomId && command.type === type ? [command] : [],
  );
const shownSpoken = () => {
  const shown = commands('captions.running').at(-1);
  return shown?.type === 'captions.running' ? shown.captions.spoken : undefined;
};
const spokenEnd = () =>
  commands('notice').find((command) => 'code' in command && command.code === 'captions.spoken_ended');
const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>;

describe('a spoken channel', () => {
  it('is spoken by a participant of its own, which receives nothing; none is there by default', async () => {
    await start({});
    expect([plan.spoken, shownSpoken()]).toEqual([null, undefined]);
    await start();
    expect(claimsOf(plan.spoken!.token)).toMatchObject({
      sub: 'agt_~spoken',
      name: 'Spoken translation',
      video: {
        room: room.callId,
        canPublish: true,
        canPublishSources: ['microphone'],
        canSubscribe: false,
        canPublishData: false,
        hidden: false,
      },
    });
    expect(claimsOf(plan.livekit.token)).toMatchObject({ video: { canPublish: false } });
    expect(plan.spoken).toMatchObject({ languages: ['en'] });
    expect(shownSpoken()).toEqual(['en']);
    expect((await app.send('GET', path(), { token: host.token })).body.speakIn).toEqual([
      { language: 'en', voice: 'joe' },
    ]);
  });

  it('needs a voice: one of the language, or one that was named', async () => {
    expect(await set({ speakIn: [{ language: 'de' }] })).toMatchObject({
      status: 422,
      body: { code: 'voices.none_for_language' },
    });
    expect((await set({ speakIn: [{ language: 'de', voice: 'ann' }] })).body.code).toBe('voices.not_found');
    expect((await set({ speakIn: [{ language: 'de', voice: 'joe' }] })).body.speakIn).toEqual([
      { language: 'de', voice: 'joe' },
    ]);
  });

  it('has its sound from the voice, whose characters are counted to the call and to the one who opened it', async () => {
    await start();
    expect(await speak()).toMatchObject({ status: 200 });
    expect(service.requests).toMatchObject([{ input: TEXT, voice: 'joe', response_format: 'wav' }]);
    await app.drain();
    const [record] = await ownerSql(
      `select quantity::int, user_id, dimensions from usage_events where meter = 'spoken_characters'
        and organization_id = $1`,
      [host.organizationId],
    );
    expect(record).toMatchObject({
      quantity: TEXT.length,
      user_id: host.userId,
      dimensions: { call: room.callId, room: room.roomId, model: 'en_US-joe-medium' },
    });
  });

  it('that was closed, or is in another language, has no sound', async () => {
    await start();
    expect((await speak({ language: 'de' })).body.code).toBe('live_translations.no_channel');
    await set({ language: 'es' });
    await app.drain();
    expect((await speak()).body.code).toBe('live_translations.no_channel');
    expect([plan.spoken, shownSpoken()]).toEqual([null, undefined]);
    expect(service.requests).toEqual([]);
  });

  it('has none where recordings need consent', async () => {
    await start();
    const body = { recordingConsent: 'required' };
    await app.send('PATCH', `/api/v1/rooms/${room.roomId}`, { token: host.token, body });
    expect((await speak()).body.code).toBe('live_translations.no_channel');
    await sweepCaptions(app.services);
    expect([plan.spoken, shownSpoken()]).toEqual([null, undefined]);
  });
});

describe('spoken channels close, and captions continue', () => {
  it('with a notice when the budget for AI does not cover a sentence', async () => {
    await start();
    await app.send('PUT', '/api/v1/ai/budget', {
      token: host.token,
      body: { period: 'day', limitMicros: 100_000 },
    });
    expect(await speak()).toMatchObject({ status: 409, body: { code: 'speech.price_unknown' } });
    await app.drain();
    expect([plan.spoken, shownSpoken()]).toEqual([null, undefined]);
    expect(spokenEnd()).toMatchObject({
      code: 'captions.spoken_ended',
      text: expect.stringContaining('budget'),
      to: null,
    });
    expect(await app.send('GET', path(), { token: host.token })).toMatchObject({
      status: 200,
      body: { speakIn: [] },
    });
  });

  it('with a notice when the one who opened them has left the organization', async () => {
    const ben = await app.person({ role: 'admin', organizationId: host.organizationId, plan: 'pro' });
    plan = await startCaptions(app, ben, room.roomId, SPOKEN);
    await ownerSql(`update members set status = 'suspended' where user_id = $1`, [ben.userId]);
    expect((await speak()).body.code).toBe('live_translations.asker_gone');
    await app.drain();
    expect([plan.spoken, shownSpoken()]).toEqual([null, undefined]);
    expect(spokenEnd()).toMatchObject({ text: expect.stringContaining('no longer') });
    expect(service.requests).toEqual([]);
  });

  it('when their participant is removed from the call, and can be opened again', async () => {
    await start();
    app.clock.advanceSeconds(1);
    await ownerSql(
      `insert into room_people (room_id, organization_id, identity, removed_at, changed_by, updated_at)
        values ($1, $2, 'agt_~spoken', $3, $2, $3)`,
      [room.roomId, host.organizationId, new Date(app.clock.now()).toISOString()],
    );
    await sweepCaptions(app.services);
    await app.drain();
    expect([plan.spoken, shownSpoken()]).toEqual([null, undefined]);
    app.clock.advanceSeconds(1);
    await start();
    expect(plan.spoken).not.toBeNull();
  });
});
