import { beforeEach, describe, expect, it } from 'vitest';
import { ownerSql } from '../../contract/sql.ts';
import type { CaptionPlan } from '../../../src/intelligence/captions/captions.ports.ts';
import { selectCaptions } from '../../../src/intelligence/captions/captions.queries.ts';
import { sweepCaptions } from '../../../src/intelligence/captions/follow-captions.ts';
import { systemScope } from '../../../src/kernel/context/index.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { changeCall } from '../../support/calls.ts';
import { createRecordableRoom } from '../../support/recordings.ts';

let app: TestApp;
let host: Person;
let room: { roomId: string; callId: string };
let plans: CaptionPlan[];
let ended: string[];
let isAway: boolean;
const pair = (from: string, to: string) => ({ from, to });
/** What is translated; null: the engine is away. */
const engine = {
  pairs: [] as ReturnType<typeof pair>[] | null,
  list() {
    if (!this.pairs) throw new Error('away');
    return this.pairs;
  },
};
beforeEach(async () => {
  plans = [];
  ended = [];
  isAway = false;
  engine.pairs = [pair('en', 'es'), pair('en', 'fr'), pair('es', 'en')];
  app = createTestApp({
    speech: () => ({ translation: { listLanguages: async () => engine.list() } }) as never,
    captioner: {
      run: async (plan) => {
        if (isAway) throw new Error('away');
        plans.push(plan);
      },
      end: async (captionId) => {
        if (isAway) throw new Error('away');
        ended.push(captionId);
      },
    },
  });
  host = await app.person();
  room = await createRecordableRoom(app, host);
});

const path = () => `/api/v1/rooms/${room.roomId}/captions`;
const send = (method: string, { token } = host, body?: unknown) =>
  app.send(method, path(), { token, ...(body === undefined ? {} : { body }) });
const start = async (body: object = {}) => {
  const answer = await send('PUT', host, body);
  expect(answer).toMatchObject({ status: 200 });
  await app.drain();
  return answer.body as { id: string; transcriptionId: string | null };
};
const grantCaptions = (value: 0 | 1) =>
  app.send('POST', `/api/v1/operator/organizations/${host.organizationId}/entitlement-grants`, {
    token: app.operator,
    body: { kind: 'feature', name: 'captions', value, reason: 'Test' },
  });
const segment = (position: number, text: string, fields: object = {}) => ({
  position,
  speaker: host.userId,
  language: 'en',
  text,
  startSeconds: position,
  endSeconds: position + 0.9,
  isGap: false,
  words: [],
  ...fields,
});
const report = (body: object, token = plans.at(-1)!.report.token) =>
  app.send('POST', '/api/v1/captions/reports', {
    headers: { authorization: `Bearer ${token}` },
    body: { report: 'a.1', segments: [], sentSeconds: 0, translatedCharacters: 0, ...body },
  });
const transcript = async (id: string, suffix = '') =>
  app.send('GET', `/api/v1/ai/transcriptions/${id}${suffix}`, { token: host.token });

describe('captions', () => {
  it('are written by a visible participant that publishes nothing, for the call as it is', async () => {
    const { id } = await start({ language: 'en', translateTo: ['es'] });
    expect(plans).toMatchObject([{ captionId: id, language: 'en', translateTo: ['es'], nextPosition: 0 }]);
    const [, payload] = plans[0]!.livekit.token.split('.');
    expect(JSON.parse(Buffer.from(payload!, 'base64url').toString())).toMatchObject({
      sub: 'agt_~captions',
      name: 'Live captions',
      video: {
        room: room.callId,
        canSubscribe: true,
        canPublish: false,
        canPublishData: false,
        hidden: false,
      },
    });
    const notices = app.liveRooms.appliedCommands.filter(({ command }) => command.type === 'notice');
    expect(notices).toMatchObject([{ command: { code: 'captions.started', to: null } }]);
  });

  it('are translated with the glossary of the organization from the language that is spoken, up to 1,000 terms', async () => {
    const terms = Array.from({ length: 400 }, (_none, at) => ({ term: `term ${at}`, translation: `${at}` }));
    for (const pairOf of ['en/es', 'en/fr', 'en/it', 'de/es'])
      await app.send('PUT', `/api/v1/ai/glossaries/${pairOf}`, { token: host.token, body: { terms } });
    await start({ language: 'en' });
    const { glossaries } = plans[0]!;
    expect(glossaries.map(({ from, to, terms: { length } }) => [from, to, length])).toEqual([
      ['en', 'es', 400],
      ['en', 'fr', 400],
      ['en', 'it', 200],
    ]);
    expect(glossaries[0]!.terms[7]).toEqual({ term: 'term 7', translation: '7' });
  });

  it('are switched by moderators alone, where room and plan have them, and once for a call', async () => {
    const member = await app.person({ role: 'member', organizationId: host.organizationId });
    expect(await send('PUT', member, {})).toMatchObject({
      status: 403,
      body: { code: 'moderation.not_moderator' },
    });
    await grantCaptions(0);
    expect(await send('PUT', host, {})).toMatchObject({ status: 402 });
    app.clock.advanceSeconds(1);
    await grantCaptions(1);
    const { id } = await start();
    expect((await start({ translateTo: ['fr'] })).id).toBe(id);
    expect(plans.at(-1)).toMatchObject({ captionId: id, translateTo: ['fr'] });
    expect(await send('GET', member)).toMatchObject({ status: 200, body: { id } });
    expect(await send('DELETE', member)).toMatchObject({ status: 403 });
    expect(await send('DELETE')).toMatchObject({ status: 204 });
    await app.drain();
    expect([ended, (await send('GET')).status]).toEqual([[id], 404]);
  });

  it('are kept as the transcript of the call, with speakers and gaps, each report once', async () => {
    const { transcriptionId } = await start();
    const segments = [segment(0, 'Good morning.'), segment(1, '[…]', { isGap: true, language: 'und' })];
    for (let attempt = 0; attempt < 2; attempt++)
      expect(await report({ report: 'a.1', segments, sentSeconds: 60 })).toMatchObject({ status: 204 });
    expect(
      await report({ report: 'a.2', segments: [segment(2, 'Thank you.')], sentSeconds: 30 }),
    ).toMatchObject({
      status: 204,
    });
    await sweepCaptions(app.services);
    expect(plans.at(-1)!.nextPosition).toBe(3);
    await send('DELETE');
    await app.drain();
    const found = await transcript(transcriptionId!);
    expect(found.body).toMatchObject({
      state: 'ready',
      callId: room.callId,
      roomId: room.roomId,
      fileId: null,
    });
    expect((await transcript(transcriptionId!, '/segments')).body.data).toMatchObject([
      { text: 'Good morning.', speaker: host.userId, isGap: false },
      { text: '[…]', isGap: true },
      { text: 'Thank you.' },
    ]);
    expect((await transcript(transcriptionId!, '/segments?q=thank')).body.data).toHaveLength(1);
    expect((await transcript(transcriptionId!, '/export?format=vtt')).body).toContain('Good morning.');
    const list = await app.send('GET', `/api/v1/ai/transcriptions?roomId=${room.roomId}`, {
      token: host.token,
    });
    expect(list.body.data).toMatchObject([{ id: transcriptionId }]);
    const month = new Date(app.clock.now()).toISOString().slice(0, 7);
    const usage = await app.send(
      'GET',
      `/api/v1/usage/summary?from=${month}-01T00:00:00Z&to=${new Date(app.clock.now() + 86_400_000).toISOString().slice(0, 10)}T00:00:00Z`,
      { token: host.token },
    );
    expect(
      usage.body.meters.find(({ meter }: { meter: string }) => meter === 'caption_minutes'),
    ).toMatchObject({
      quantity: 90_000,
    });
  });

  it('take reports only with their own token, and none once they are over', async () => {
    await start();
    expect(await report({}, 'nonsense')).toMatchObject({ status: 401 });
    expect(await report({}, plans[0]!.room.ticket)).toMatchObject({ status: 401 });
    await send('DELETE');
    expect(await report({ report: 'a.9' })).toMatchObject({ status: 410, body: { code: 'captions.over' } });
    app.clock.advanceSeconds(601);
    expect(await report({})).toMatchObject({ status: 401, body: { code: 'auth.expired_token' } });
  });

  it('show their transcript to moderators of the room alone', async () => {
    const { transcriptionId } = await start();
    const member = await app.person({ role: 'member', organizationId: host.organizationId });
    const other = await app.person();
    for (const { token } of [member, other])
      expect(await app.send('GET', `/api/v1/ai/transcriptions/${transcriptionId}`, { token })).toMatchObject({
        status: 404,
      });
  });

  it('are not kept where recordings need consent', async () => {
    await app.send('PATCH', `/api/v1/rooms/${room.roomId}`, {
      token: host.token,
      body: { recordingConsent: 'required' },
    });
    expect(await send('PUT', host, { transcript: true })).toMatchObject({
      status: 409,
      body: { code: 'captions.no_transcript' },
    });
    expect((await start()).transcriptionId).toBeNull();
    expect(await report({ segments: [segment(0, 'Secret.')] })).toMatchObject({ status: 204 });
  });

  it('are no longer kept from the moment when the room comes to need consent', async () => {
    const { transcriptionId } = await start();
    expect(await report({ report: 'a.1', segments: [segment(0, 'Before.')] })).toMatchObject({ status: 204 });
    await app.send('PATCH', `/api/v1/rooms/${room.roomId}`, {
      token: host.token,
      body: { recordingConsent: 'required' },
    });
    expect(await report({ report: 'a.2', segments: [segment(1, 'After.')] })).toMatchObject({ status: 204 });
    const { body } = await transcript(transcriptionId!, '/segments');
    expect(body.data).toMatchObject([{ text: 'Before.' }]);
  });

  it('are shown in the room with what the engines can translate them to now, until they end', async () => {
    const { id } = await start({ language: 'en' });
    const shown = () =>
      app.liveRooms.appliedCommands.flatMap(({ command }) =>
        (command.type === 'captions.running' || command.type === 'captions.over') &&
        command.captions.captionId === id
          ? [command]
          : [],
      );
    expect(shown()).toMatchObject([{ captions: { captionId: id, language: 'en', languages: ['es', 'fr'] } }]);
    engine.pairs = [];
    await sweepCaptions(app.services);
    engine.pairs = null;
    await sweepCaptions(app.services);
    expect(shown().slice(1)).toMatchObject([
      { captions: { languages: [] } },
      { captions: { languages: [] } },
    ]);
    await send('DELETE');
    await app.drain();
    expect(shown().at(-1)).toMatchObject({ type: 'captions.over', captions: { captionId: id } });
    expect(plans[0]).toMatchObject({ mayTranslate: true });
  });
});

describe('translations of captions', () => {
  it('are made only as long as the plan includes them, or the spending limit covers them', async () => {
    const { organizationId } = host;
    await start({ language: 'en' });
    expect(plans.at(-1)).toMatchObject({ mayTranslate: true });
    const now = new Date(app.clock.now()).toISOString();
    await ownerSql(
      `insert into included_uses values ($1, 'translated_characters', date_trunc('month', $2::timestamptz, 'UTC'), 100000000)`,
      [organizationId, now],
    );
    const isTranslatedOn = async (plan: string) => {
      await ownerSql('update organizations set plan = $2 where id = $1', [organizationId, plan]);
      await sweepCaptions(app.services);
      return plans.at(-1)!.mayTranslate;
    };
    expect(await isTranslatedOn('free')).toBe(false);
    expect(await isTranslatedOn('pro')).toBe(true);
    await ownerSql(
      `insert into minute_budgets (organization_id, limit_micros, spent_micros, month_starts_at, left_ms, counted_at)
       values ($1, 5, 5, date_trunc('month', $2::timestamptz, 'UTC'), 0, $2::timestamptz)`,
      [organizationId, now],
    );
    expect(await isTranslatedOn('pro')).toBe(false);
  });
});

describe('captions end by themselves', () => {
  const endsAs = async (reason: string) => {
    await sweepCaptions(app.services);
    await app.drain();
    expect(ended).toHaveLength(1);
    const [[row]] = await app.services.database.read(systemScope, (q) => [
      selectCaptions(q, host.organizationId, ended[0]!),
    ]);
    expect(row!.endReason).toBe(reason);
  };

  it('with the call', async () => {
    await start();
    await changeCall(app, room.callId, {
      status: 'ended',
      endedAt: new Date(app.clock.now()),
      endReason: 'empty',
    });
    await endsAs('call_ended');
  });

  it('when the room switches them off', async () => {
    await start();
    await app.send('PATCH', `/api/v1/rooms/${room.roomId}`, {
      token: host.token,
      body: { features: { captions: false } },
    });
    await endsAs('switched_off');
    expect(await send('PUT', host, {})).toMatchObject({
      status: 409,
      body: { code: 'captions.switched_off' },
    });
  });

  it('when the plan does not include them any more', async () => {
    await start();
    app.clock.advanceSeconds(1);
    await grantCaptions(0);
    await endsAs('not_included');
  });

  it('also for a captioner that was away: it is asked again', async () => {
    const { id } = await start();
    isAway = true;
    expect(await send('DELETE')).toMatchObject({ status: 204 });
    await app.drain();
    expect(ended).toEqual([]);
    isAway = false;
    app.clock.advanceSeconds(60);
    await app.drain();
    expect(ended).toEqual([id]);
  });

  it('when the budget for AI does not cover what they used', async () => {
    await app.send('PUT', '/api/v1/ai/budget', {
      token: host.token,
      body: { period: 'day', limitMicros: 100_000 },
    });
    expect(await send('PUT', host, {})).toMatchObject({
      status: 409,
      body: { code: 'speech.price_unknown' },
    });
    app.clock.advanceSeconds(61);
    const price = {
      meter: 'caption_minutes',
      unitPrice: '0.06',
      unitQuantity: 60_000,
      startsAt: '2020-01-01T00:00:00Z',
      source: 'Test',
    };
    await app.send('POST', '/api/v1/operator/prices', { token: app.operator, body: { prices: [price] } });
    await start();
    expect(await report({ report: 'a.1', sentSeconds: 60 })).toMatchObject({ status: 204 });
    expect(await report({ report: 'a.2', sentSeconds: 60 })).toMatchObject({ status: 204 });
    expect(await report({ report: 'a.3', sentSeconds: 1 })).toMatchObject({ status: 410 });
    expect((await app.send('GET', '/api/v1/ai/budget', { token: host.token })).body).toMatchObject({
      spent: { amountMicros: 60_000 },
    });
    await endsAs('out_of_budget');
  });
});

it('a captioner that was away is asked again within a minute', async () => {
  isAway = true;
  const { id } = await start();
  expect(plans).toEqual([]);
  isAway = false;
  await sweepCaptions(app.services);
  expect(plans).toMatchObject([{ captionId: id }]);
});
