import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Person, TestApp } from '../../support/app.ts';
import type { AiStandIn } from '../../support/ai/stand-in.ts';
import { parseEvents } from '../../support/ai/parse-events.ts';
import { createAppWithStandIn, question, storePrices } from '../../support/ai/stand-in-app.ts';
import { withFreshToken } from '../../support/tokens.ts';

const PATH = '/api/v1/ai/generations';
const BUDGET = '/api/v1/ai/budget';
/** What a request of `question()` reserves: 2,057 tokens of input at most, 100 of output, 1 micro-unit for rounding. */
const WORST = 2_057 + 500 + 1;

let app: TestApp;
let standIn: AiStandIn;
let person: Person;

beforeAll(async () => {
  ({ app, standIn } = await createAppWithStandIn());
  await storePrices(app, { ai_input_tokens: '1', ai_output_tokens: '5' });
});
afterAll(() => standIn.stop());
beforeEach(async () => {
  standIn.next.length = 0;
  standIn.requests.length = 0;
  standIn.gate = undefined;
  person = await app.person({ plan: 'pro' });
});

const ask = (fields: object = {}) => app.send('POST', PATH, { token: person.token, body: question(fields) });
const setBudget = (limitMicros: number, period = 'month') =>
  app.send('PUT', BUDGET, { token: person.token, body: { limitMicros, period } });
const readBudget = async () => (await app.send('GET', BUDGET, { token: person.token })).body;

describe('a budget for AI', () => {
  it('is reserved at the worst and settled at what the provider counted', async () => {
    await setBudget(10 * WORST);
    let open!: () => void;
    standIn.gate = new Promise((resolve) => (open = resolve));
    const pending = ask();
    await expect.poll(() => standIn.open).toBe(1);
    const reserved = (await readBudget()).reserved.amountMicros;
    expect(reserved).toBe(WORST);
    standIn.gate = undefined;
    open();
    expect(await pending).toMatchObject({ status: 200 });
    // 12 tokens of input at 1 micro-unit, 9 of output at 5.
    expect(await readBudget()).toMatchObject({
      spent: { amountMicros: 57 },
      reserved: { amountMicros: 0 },
      left: { amountMicros: 10 * WORST - 57 },
    });
  });

  it('for 50 lets 50 of 200 streams at once ask a model, and is never passed', async () => {
    await setBudget(50 * WORST);
    let open!: () => void;
    standIn.gate = new Promise((resolve) => (open = resolve));
    const pending = Array.from({ length: 200 }, () => ask({ stream: true }));
    const refused: number[] = [];
    for (const each of pending)
      each.then(
        ({ status }) => status === 402 && refused.push(status),
        () => undefined,
      );
    await expect.poll(() => refused.length, { timeout: 80_000 }).toBe(150);
    const { reserved, left } = await readBudget();
    expect([reserved.amountMicros, left.amountMicros]).toEqual([50 * WORST, 0]);
    await expect.poll(() => standIn.requests.length, { timeout: 60_000 }).toBe(50);
    standIn.gate = undefined;
    open();
    const answers = await Promise.all(pending);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(50);
    await expect.poll(async () => (await readBudget()).spent.amountMicros).toBe(50 * 57);
  });

  it('is refused with what the request may cost and what is left, before a model is asked', async () => {
    await setBudget(WORST - 1);
    expect(await ask()).toMatchObject({
      status: 402,
      body: { code: 'ai.out_of_budget', detail: 'it may cost 0.002558 USD, and only 0.002557 USD is left' },
    });
    expect(standIn.requests).toEqual([]);
  });

  it('refuses a model whose price is not known', async () => {
    await setBudget(10 * WORST);
    expect(await ask({ model: 'claude-opus-4-6' })).toMatchObject({
      status: 409,
      body: { code: 'ai.price_unknown' },
    });
    expect(await ask({ systemCache: '1h', system: 'Be brief.' })).toMatchObject({ status: 409 });
  });

  it('reserves what the dearest of the models can cost, and settles what the one that answered costs', async () => {
    await storePrices(app, { ai_input_tokens: '2', ai_output_tokens: '10' }, 'claude-opus-5');
    await setBudget(2 * WORST - 2);
    expect(await ask({ fallbackModels: ['claude-opus-5'] })).toMatchObject({ status: 402 });
    await setBudget(2 * WORST - 1);
    standIn.next.push({ fault: { kind: 'status', status: 529, type: 'overloaded_error' } });
    expect(await ask({ fallbackModels: ['claude-opus-5'] })).toMatchObject({
      status: 200,
      body: { model: 'claude-opus-5' },
    });
    expect((await readBudget()).spent.amountMicros).toBe(2 * 57);
  });

  it('settles an answer that was cut at the bytes that came, and one that never began at nothing', async () => {
    await setBudget(10 * WORST);
    standIn.next.push({ fault: { kind: 'cut', after: 2 } }, { fault: { kind: 'status', status: 500 } });
    await ask();
    // 12 tokens of input, and at most the 10 bytes of "Hello from" as output.
    expect((await readBudget()).spent.amountMicros).toBe(12 + 10 * 5);
    await ask();
    expect((await readBudget()).spent.amountMicros).toBe(12 + 10 * 5);
  });

  it('is free again when the object that held it has died', async () => {
    await setBudget(WORST);
    let open!: () => void;
    standIn.gate = new Promise((resolve) => (open = resolve));
    const pending = ask({ stream: true });
    await expect.poll(() => standIn.open).toBe(1);
    expect((await readBudget()).left.amountMicros).toBe(0);
    app.generations.evict();
    app.clock.advanceSeconds(11);
    await app.generations.ring();
    const { reserved, spent } = await readBudget();
    expect(reserved.amountMicros).toBe(0);
    expect(spent.amountMicros).toBeLessThanOrEqual(12 + 5 * 5);
    standIn.gate = undefined;
    open();
    await pending;
  });

  it('that is lowered ends what it does not cover any more', async () => {
    // What the tests before have left takes longer than a model may be silent.
    await app.drain();
    await setBudget(10 * WORST);
    let open!: () => void;
    standIn.gate = new Promise((resolve) => (open = resolve));
    const pending = ask({ stream: true });
    await expect.poll(() => standIn.open).toBe(1);
    await setBudget(WORST);
    await app.drain();
    expect(standIn.open).toBe(1);
    await setBudget(WORST - 1);
    await app.drain();
    expect(parseEvents((await pending).body).at(-1)).toMatchObject({
      event: 'failed',
      data: { failure: 'out_of_budget' },
    });
    standIn.gate = undefined;
    open();
  });

  it('is whole again in its next period, and gone when it is removed', async () => {
    await setBudget(WORST, 'day');
    await ask();
    expect(await ask()).toMatchObject({ status: 402 });
    app.clock.advanceSeconds(86_400);
    person = await withFreshToken(app, person);
    expect(await ask()).toMatchObject({ status: 200 });
    expect(await app.send('DELETE', BUDGET, { token: person.token })).toMatchObject({ status: 204 });
    expect(await ask()).toMatchObject({ status: 200 });
    expect(await app.send('GET', BUDGET, { token: person.token })).toMatchObject({ status: 404 });
  });

  it('is for owners and administrators', async () => {
    const member = await app.person({ organizationId: person.organizationId, role: 'member', plan: 'pro' });
    for (const method of ['GET', 'DELETE'])
      expect(await app.send(method, BUDGET, { token: member.token })).toMatchObject({ status: 403 });
  });
});
