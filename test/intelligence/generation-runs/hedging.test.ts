import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ownerSql } from '../../contract/sql.ts';
import { parseEvents } from '../../support/ai/parse-events.ts';
import type { AiStandIn } from '../../support/ai/stand-in.ts';
import { createAppWithStandIn, MODEL, question, storePrices } from '../../support/ai/stand-in-app.ts';
import type { Person, TestApp } from '../../support/app.ts';

const PATH = '/api/v1/ai/generations';
const BUDGET = '/api/v1/ai/budget';
const SECOND = 'claude-opus-5';
/** What one model may cost for `question()`, and what it costs when it was cut off: 12 tokens of input, 1 of output. */
const WORST = 2_057 + 500 + 1;
const CUT = 12 + 5;
const ANSWERED = 12 + 9 * 5;

let app: TestApp;
let standIn: AiStandIn;
let person: Person;
/** The tests that hold an answer back open its gate. */
let gates: (() => void)[];

beforeAll(async () => {
  ({ app, standIn } = await createAppWithStandIn());
  for (const model of [MODEL, SECOND])
    await storePrices(app, { ai_input_tokens: '1', ai_output_tokens: '5' }, model);
});
afterAll(() => standIn.stop());
beforeEach(async () => {
  standIn.next.length = 0;
  standIn.requests.length = 0;
  gates = [];
  person = await app.person({ plan: 'pro' });
});

const hedged = { fallbackModels: [SECOND], hedgeAfterSeconds: 2 };
const ask = (fields: object = {}) =>
  app.send('POST', PATH, { token: person.token, body: question({ ...hedged, ...fields }) });
const setBudget = (limitMicros: number) =>
  app.send('PUT', BUDGET, { token: person.token, body: { limitMicros, period: 'month' } });
const budget = async () => {
  const { body } = await app.send('GET', BUDGET, { token: person.token });
  return [body.spent.amountMicros, body.reserved.amountMicros];
};
const list = async () => (await app.send('GET', PATH, { token: person.token })).body.data;
const askedModels = () => standIn.requests.map(({ body }) => body.model);
/** The next answer is silent until its gate opens. */
const holdNext = (fields: object = {}) => {
  const gate = new Promise<void>((resolve) => gates.push(resolve));
  standIn.next.push({ ...fields, gate });
};

/** Waits until the running generation is stored like this. */
const whenStored = (fields: object) =>
  expect
    .poll(async () => {
      const [row] = await list();
      return row && app.generations.run(row.id);
    })
    .toMatchObject(fields);
const counted = { usage: { inputTokens: 12 } };

/** Waits until the first model is being asked, and is silent. */
async function hedge() {
  await whenStored(counted);
  await app.generations.endSleeps(1);
}

/** Input tokens that the platform pays for, by model. */
async function meteredInput(): Promise<unknown[]> {
  await app.drain();
  return ownerSql(
    `select dimensions->>'model' as model, sum(quantity)::int as tokens from usage_events
     where organization_id = $1 and meter = 'ai_input_tokens' group by 1 order by 1`,
    [person.organizationId],
  );
}

describe('a second model', () => {
  it('is asked when the first is silent, answers, and the usage of both is counted once', async () => {
    await setBudget(2 * WORST);
    holdNext();
    const pending = ask();
    await hedge();
    expect(await pending).toMatchObject({
      status: 200,
      body: {
        model: SECOND,
        output: [{ type: 'text', text: 'Hello from the stand-in.' }],
        usage: { state: 'exact', inputTokens: 12, outputTokens: 9 },
        hedge: { model: MODEL, ownKey: false, usage: { state: 'partial', inputTokens: 12, outputTokens: 1 } },
        route: {
          attempts: [
            { model: MODEL, failure: 'slower' },
            { model: SECOND, failure: null },
          ],
        },
      },
    });
    await expect.poll(() => standIn.open).toBe(0);
    expect(await budget()).toEqual([CUT + ANSWERED, 0]);
    expect(await meteredInput()).toEqual([
      { model: MODEL, tokens: 12 },
      { model: SECOND, tokens: 12 },
    ]);
  });

  it('is cut off when the first answers after all', async () => {
    await setBudget(2 * WORST);
    holdNext();
    holdNext();
    const pending = ask();
    await hedge();
    await whenStored({ ...counted, hedge: counted });
    expect(await budget()).toEqual([0, 2 * WORST]);
    gates[0]!();
    expect(await pending).toMatchObject({ status: 200, body: { model: MODEL, hedge: { model: SECOND } } });
    expect(await budget()).toEqual([CUT + ANSWERED, 0]);
  });

  it('that answers in the same moment leaves one answer', async () => {
    holdNext();
    holdNext();
    const pending = ask({ stream: true });
    await hedge();
    await whenStored({ ...counted, hedge: counted });
    for (const open of gates) open();
    const events = parseEvents((await pending).body).map(({ event }) => event);
    expect(events).toEqual(['started', 'text', 'text', 'text', 'text', 'text', 'ended']);
    expect((await meteredInput()).length).toBe(2);
  });

  it('is not asked when the budget covers one alone, and the first still answers', async () => {
    await setBudget(2 * WORST - 1);
    holdNext();
    const pending = ask();
    await hedge();
    gates[0]!();
    expect(await pending).toMatchObject({ status: 200, body: { model: MODEL, hedge: null } });
    expect([askedModels(), await budget()]).toEqual([[MODEL], [ANSWERED, 0]]);
  });

  it('is not asked when the plan includes too little for two', async () => {
    person = await app.person();
    holdNext();
    const pending = ask({ maxOutputTokens: 60_000 });
    await hedge();
    gates[0]!();
    expect(await pending).toMatchObject({ status: 200, body: { model: MODEL, hedge: null } });
    expect(askedModels()).toEqual([MODEL]);
  });

  it('takes nothing over when it is not there to be asked: the first waits alone', async () => {
    holdNext();
    standIn.next.push({ fault: { kind: 'status', status: 529, type: 'overloaded_error' } });
    const pending = ask();
    await hedge();
    await expect.poll(askedModels).toEqual([MODEL, SECOND]);
    gates[0]!();
    expect(await pending).toMatchObject({
      status: 200,
      body: { model: MODEL, hedge: { usage: { state: 'none', inputTokens: 0 } } },
    });
  });
});

describe('two models at once', () => {
  it('that both fail give one failure, and both are counted', async () => {
    await setBudget(2 * WORST);
    holdNext({ fault: { kind: 'cut', after: 0 } });
    standIn.next.push({ fault: { kind: 'cut', after: 0 } });
    const pending = ask();
    await hedge();
    await whenStored({ hedge: { ...counted, state: 'failed' } });
    gates[0]!();
    expect(await pending).toMatchObject({ status: 502, body: { code: 'ai.provider_failed' } });
    expect(await list()).toMatchObject([
      { failure: 'cut', model: MODEL, hedge: { model: SECOND, usage: { state: 'partial' } } },
    ]);
    expect(await budget()).toEqual([2 * CUT, 0]);
  });

  it('end together when the caller cancels', async () => {
    await setBudget(2 * WORST);
    holdNext();
    holdNext();
    const pending = ask();
    await hedge();
    await whenStored({ ...counted, hedge: counted });
    const [{ id }] = await list();
    expect((await app.send('POST', `${PATH}/${id}/cancel`, { token: person.token })).status).toBe(204);
    expect(await pending).toMatchObject({ status: 409, body: { code: 'ai.cancelled' } });
    await expect.poll(() => standIn.open).toBe(0);
    expect(await list()).toMatchObject([{ status: 'cancelled', model: MODEL, hedge: { model: SECOND } }]);
    expect(await budget()).toEqual([2 * CUT, 0]);
  });

  it('are both settled when their object has died', async () => {
    await setBudget(2 * WORST);
    holdNext();
    holdNext();
    const pending = ask();
    await hedge();
    await whenStored({ ...counted, hedge: counted });
    app.generations.evict();
    app.clock.advanceSeconds(11);
    await app.generations.ring();
    expect(await list()).toMatchObject([
      { failure: 'interrupted', hedge: { model: SECOND, usage: { state: 'partial', inputTokens: 12 } } },
    ]);
    expect(await budget()).toEqual([2 * CUT, 0]);
    for (const open of gates) open();
    await pending;
  });
});

describe('hedging', () => {
  const explain = async (fields: object = {}) => {
    const body = question({ fallbackModels: [SECOND], ...fields });
    return (await app.send('POST', '/api/v1/ai/route/explain', { token: person.token, body })).body
      .hedgeAfterSeconds;
  };

  it('is off, until the organization prefers it or a request asks for it', async () => {
    expect([await explain(), await explain(hedged)]).toEqual([null, 2]);
    const preferences = { defaultModel: null, policy: null, allowedModels: null, blockedModels: [] };
    const prefer = (maxPriceMicros: number | null) =>
      app.send('PUT', '/api/v1/ai/preferences', {
        token: person.token,
        body: { ...preferences, maxPriceMicros, hedgeAfterSeconds: 3 },
      });
    expect((await prefer(null)).body).toMatchObject({ hedgeAfterSeconds: 3 });
    expect([await explain(), await explain({ hedgeAfterSeconds: null })]).toEqual([3, null]);
    expect(await explain({ fallbackModels: [] })).toBe(null);
    await prefer(2 * WORST);
    expect(await explain()).toBe(3);
    await prefer(2 * WORST - 1);
    expect(await explain()).toBe(null);
  });
});
