import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type AiStandIn, STAND_IN_KEY } from '../../support/ai/stand-in.ts';
import { createAppWithStandIn, MODEL, question } from '../../support/ai/stand-in-app.ts';
import type { Person, TestApp } from '../../support/app.ts';

const SECOND = 'claude-sonnet-5';
const OVERLOADED = { fault: { kind: 'status', status: 529, type: 'overloaded_error' } } as const;

let app: TestApp;
let standIn: AiStandIn;
let person: Person;

beforeAll(async () => {
  ({ app, standIn } = await createAppWithStandIn());
});
afterAll(() => standIn.stop());
beforeEach(async () => {
  standIn.next.length = 0;
  person = await app.person({ plan: 'pro' });
});

const send = (path: string, fields: object, { token } = person) =>
  app.send('POST', path, { token, body: question(fields) });
const ask = (fields: object = {}, by = person) => send('/api/v1/ai/generations', fields, by);
const explain = async (by = person) =>
  (await send('/api/v1/ai/route/explain', { fallbackModels: [SECOND] }, by)).body.considered;

/** The model fails until it is not asked any more. */
async function open(by = person) {
  standIn.next.push(...Array.from({ length: 5 }, () => OVERLOADED));
  for (let time = 0; time < 5; time++) expect(await ask({}, by)).toMatchObject({ status: 503 });
  expect(standIn.next).toEqual([]);
  standIn.requests.length = 0;
}
const asked = () => standIn.requests.map(({ body }) => body.model);

it('a model that has failed five times is not asked: the next one is, or the answer says when to come again', async () => {
  await open();
  const { body } = await ask({ fallbackModels: [SECOND] });
  expect(body).toMatchObject({
    model: SECOND,
    route: {
      attempts: [
        { model: MODEL, failure: 'breaker_open' },
        { model: SECOND, failure: null },
      ],
    },
  });
  const refused = await ask();
  expect(refused).toMatchObject({ status: 503, body: { code: 'ai.provider_busy' } });
  expect(refused.headers.get('retry-after')).toBe('15');
  expect(asked()).toEqual([SECOND]);
});

it('an explanation shows it, with the time of the next try', async () => {
  await open();
  const retryAt = new Date(app.clock.now() + 15_000).toISOString();
  expect(await explain()).toMatchObject([
    { model: SECOND, position: 1, breaker: { state: 'closed', retryAt: null } },
    { model: MODEL, position: null, reasons: ['breaker_open'], breaker: { state: 'open', retryAt } },
  ]);
});

it('one request tries it again, and its answer lets all others through', async () => {
  await open();
  app.clock.advanceSeconds(15);
  expect((await explain())[0]).toMatchObject({ model: MODEL, position: 1, breaker: { state: 'half_open' } });
  standIn.next.push(OVERLOADED);
  await ask();
  await ask();
  expect(asked()).toEqual([MODEL]);
  app.clock.advanceSeconds(30);
  expect(await ask()).toMatchObject({ status: 200 });
  expect(await ask()).toMatchObject({ status: 200 });
  expect((await explain())[0]).toMatchObject({ model: MODEL, breaker: { state: 'closed' } });
});

it('no other organization is kept from a model, and a key of its own has a breaker of its own', async () => {
  await open();
  const other = await app.person({ plan: 'pro' });
  expect(await ask({}, other)).toMatchObject({ status: 200 });
  await app.send('PUT', '/api/v1/ai/provider-keys/anthropic', {
    token: person.token,
    body: { secret: STAND_IN_KEY },
  });
  app.clock.advanceSeconds(6);
  expect(await ask()).toMatchObject({ status: 200, body: { ownKey: true } });
  expect((await explain())[0]).toMatchObject({ model: MODEL, breaker: { state: 'closed' } });
});

it('what is wrong with the request or the key opens nothing', async () => {
  standIn.next.push(
    ...Array.from({ length: 6 }, () => ({ fault: { kind: 'status', status: 400 } as const })),
    ...Array.from({ length: 6 }, () => ({ fault: { kind: 'status', status: 401 } as const })),
  );
  for (let time = 0; time < 12; time++) expect((await ask()).status).not.toBe(200);
  expect(await ask()).toMatchObject({ status: 200 });
});
