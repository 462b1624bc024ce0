import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CaptionPlan } from '../../../src/intelligence/captions/captions.ports.ts';
import { sweepCaptions } from '../../../src/intelligence/captions/follow-captions.ts';
import { ownerSql } from '../../contract/sql.ts';
import { includePlatformModels } from '../../support/ai/silent-models.ts';
import type { AiStandIn } from '../../support/ai/stand-in.ts';
import { createAppWithStandIn, MODEL, storePrices } from '../../support/ai/stand-in-app.ts';
import type { Person, TestApp } from '../../support/app.ts';
import { startCaptions } from '../../support/captions.ts';
import { createRecordableRoom } from '../../support/recordings.ts';

let app: TestApp;
let standIn: AiStandIn;
let ann: Person;
let host: Person;
let room: { roomId: string; callId: string };
let plan: CaptionPlan;

const BY_MODEL = { language: 'en', translateBy: 'model', translationModel: MODEL };

beforeAll(async () => {
  ({ app, standIn } = await createAppWithStandIn(
    {},
    {
      captioner: {
        // A sweep is about the captions of all tests.
        run: async (latest) => void (latest.captionId === plan?.captionId && (plan = latest)),
        end: async () => undefined,
      },
    },
  ));
  await storePrices(app, { ai_input_tokens: '1', ai_output_tokens: '5' });
});
afterAll(() => standIn.stop());
beforeEach(async () => {
  standIn.next.length = 0;
  standIn.requests.length = 0;
  ann = await app.person({ plan: 'pro' });
  host = await app.person({ role: 'admin', organizationId: ann.organizationId, plan: 'pro' });
  room = await createRecordableRoom(app, ann);
});

const path = () => `/api/v1/rooms/${room.roomId}/captions`;
const start = async (body: object = BY_MODEL, by = host) =>
  void (plan = await startCaptions(app, by, room.roomId, body));
const translate = (fields: object = {}) =>
  app.send('POST', '/api/v1/captions/translations', {
    headers: { authorization: `Bearer ${plan.report.token}` },
    body: { text: 'The review is at ten.', from: 'en', to: 'ja', ...fields },
  });
const answer = (text: string, from = 'en') =>
  standIn.next.push({
    answer: {
      pieces: [JSON.stringify({ from, texts: [text] })],
      stopReason: 'end_turn',
      usage: { input_tokens: 300, output_tokens: 40 },
    },
  });
const shownLanguages = () => {
  const shown = app.liveRooms.appliedCommands.findLast(
    ({ roomId, command }) => roomId === room.roomId && command.type === 'captions.running',
  )?.command;
  return shown?.type === 'captions.running' ? shown.captions.languages : undefined;
};

describe('a caption', () => {
  it('is translated by the model that was chosen, in the name of the one who chose it, for the call', async () => {
    await app.send('PUT', '/api/v1/ai/glossaries/en/ja', {
      token: ann.token,
      body: { terms: [{ term: 'review', translation: 'レビュー' }] },
    });
    await start();
    expect(plan.translator).toMatchObject({
      by: 'model',
      url: expect.stringContaining('/captions/translations'),
    });
    answer('レビューは十時です。');
    const { status, body } = await translate({ context: 'Good morning.' });
    expect([status, body]).toEqual([
      200,
      { text: 'レビューは十時です。', provider: 'anthropic', model: MODEL },
    ]);
    const text: string = standIn.requests.at(-1)!.body.messages[0].content[0].text;
    expect(JSON.parse(text.slice(text.indexOf('{')))).toEqual({
      texts: ['The review is at ten.'],
      terms: [{ term: 'review', translation: 'レビュー' }],
      context: 'Good morning.',
    });
    const [row] = await ownerSql(
      'select origin, user_id, output_tokens from ai_generations where organization_id = $1',
      [ann.organizationId],
    );
    expect(row).toEqual({
      origin: { feature: 'translations', room: room.roomId, call: room.callId },
      user_id: host.userId,
      output_tokens: 40,
    });
    await app.drain();
    const cost = await app.send('GET', `/api/v1/calls/${room.callId}/cost`, { token: ann.token });
    expect(JSON.stringify(cost.body)).toContain('ai_output_tokens');
  });

  it('of another language than the twelve is translated from the one that the model finds', async () => {
    await start({ ...BY_MODEL, language: null });
    answer('はい。', 'de');
    expect((await translate({ text: 'Ja.', from: 'nl' })).body).toMatchObject({ text: 'はい。' });
  });

  it('whose translation does not come within five seconds gets none, and the model is stopped', async () => {
    await start();
    standIn.next.push({ fault: { kind: 'stall', after: 0 } });
    expect(await translate()).toMatchObject({ status: 504, body: { code: 'ai.out_of_time' } });
    const statusOf = async () => {
      const [row] = await ownerSql<{ status: string }>(
        'select status from ai_generations where organization_id = $1',
        [ann.organizationId],
      );
      return row?.status;
    };
    await expect.poll(statusOf, { timeout: 20_000 }).toBe('cancelled');
  });
});

describe('no model translates a caption', () => {
  it('where none was chosen, or the one who chose it may not ask any more', async () => {
    await start({ language: 'en' });
    expect(plan.translator).toBeNull();
    expect((await translate()).body.code).toBe('live_translations.no_model');
    await start();
    await ownerSql(`update members set status = 'suspended' where user_id = $1`, [host.userId]);
    expect((await translate()).body.code).toBe('live_translations.no_model');
    expect(standIn.requests).toEqual([]);
  });

  it('without a token of captions that run', async () => {
    await start();
    const { token } = plan.report;
    await app.send('DELETE', path(), { token: host.token });
    expect((await translate()).body.code).toBe('captions.over');
    plan.report.token = `${token}x`;
    expect((await translate()).status).toBe(401);
  });

  it('where recordings need consent, because words would leave the product', async () => {
    await start();
    const body = { recordingConsent: 'required' };
    await app.send('PATCH', `/api/v1/rooms/${room.roomId}`, { token: ann.token, body });
    expect((await translate()).body.code).toBe('live_translations.no_model');
    await sweepCaptions(app.services);
    expect(plan.translator).toBeNull();
    expect(await app.send('PUT', path(), { token: host.token, body: BY_MODEL })).toMatchObject({
      status: 409,
      body: { code: 'captions.no_model' },
    });
  });

  it('for somebody who could not ask one, and more than 120 times in a minute', async () => {
    const { body: key } = await app.send('POST', '/api/v1/api-keys', {
      token: ann.token,
      body: { name: 'Service', scopes: ['admin', 'ai:write'] },
    });
    const refused = await app.send('PUT', path(), { token: key.secret ?? key.key, body: BY_MODEL });
    expect([403, 'captions.member_needed']).toEqual([refused.status, refused.body.code]);
    await start();
    const turns = { name: `translations-${plan.captionId}`, limit: 120, periodSeconds: 60 };
    await app.services.ports.budgets.reserve(ann.organizationId, turns, {
      id: 'all',
      amount: 120,
      ttlMs: 60_000,
    });
    expect(await translate()).toMatchObject({
      status: 503,
      body: { code: 'live_translations.too_many' },
    });
  });
});

it('people can ask for every language while a model can be asked, and for those of rules otherwise', async () => {
  await start();
  expect(shownLanguages()).toEqual(expect.arrayContaining(['de', 'ja', 'hi']));
  await includePlatformModels(app, ann, 0);
  await sweepCaptions(app.services);
  expect(shownLanguages()).toEqual([]);
});
