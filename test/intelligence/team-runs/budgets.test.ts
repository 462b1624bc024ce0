import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Person, TestApp } from '../../support/app.ts';
import type { AiStandIn } from '../../support/ai/stand-in.ts';
import { createAppWithStandIn, storePrices } from '../../support/ai/stand-in-app.ts';
import { createTeam, finishRun, RUNS, startRun } from '../../support/teams.ts';

/** 12 tokens of input at 1 micro-unit, 9 of output at 5. */
const COST = 57;
/** A turn can cost no less: 1,024 tokens of output, and the input. */
const LEAST_WORST = 1_024 * 5;

let app: TestApp;
let standIn: AiStandIn;
let owner: Person;

beforeAll(async () => {
  ({ app, standIn } = await createAppWithStandIn());
  await storePrices(app, { ai_input_tokens: '1', ai_output_tokens: '5' });
});
afterAll(() => standIn.stop());
beforeEach(async () => {
  standIn.next.length = 0;
  standIn.requests.length = 0;
  owner = await app.person({ plan: 'pro' });
});

async function run(fields: object) {
  const { teamId } = await createTeam(app, owner, { fields });
  return finishRun(app, owner, await startRun(app, owner, teamId));
}
const turnsOf = async (runId: string) =>
  (await app.send('GET', `${RUNS}/${runId}/turns`, { token: owner.token })).body.data;

describe('the budget of a run', () => {
  it('is charged what its turns have cost', async () => {
    const ended = await run({ budgetMicros: 100_000 });
    expect(ended).toMatchObject({
      state: 'completed',
      spent: { amountMicros: 2 * COST, currency: 'USD' },
      budget: { amountMicros: 100_000 },
    });
    expect(await turnsOf(ended.id)).toMatchObject([
      { cost: { amountMicros: COST } },
      { cost: { amountMicros: COST } },
    ]);
    const lines = await app.send('GET', `/api/v1/ai/cost?teamRunId=${ended.id}`, { token: owner.token });
    expect(lines).toMatchObject({ status: 200, body: { total: { cost: ended.spent, unknownCount: 0 } } });
  });

  it('ends it before a turn that it may not cover, with what there is', async () => {
    standIn.next.push({
      answer: { pieces: ['A draft.'], usage: { input_tokens: 3_000, output_tokens: 900 } },
    });
    const ended = await run({ budgetMicros: 10_000 });
    expect(ended).toMatchObject({
      state: 'incomplete',
      reason: 'out_of_run_budget',
      result: 'A draft.',
      spent: { amountMicros: 7_500 },
    });
    expect(standIn.requests).toHaveLength(1);
  });

  it('is charged all that a turn can cost when its answer was cut, and never passed', async () => {
    const usage = { input_tokens: 12, output_tokens: 9 };
    standIn.next.push({ answer: { pieces: ['Half', ' of it'], usage }, fault: { kind: 'cut', after: 1 } });
    const { teamId } = await createTeam(app, owner, { fields: { budgetMicros: 2 * LEAST_WORST } });
    const runId = await startRun(app, owner, teamId);
    await expect.poll(async () => (await app.drain(), (await turnsOf(runId))[0]?.failure)).toBe('cut');
    app.clock.advanceSeconds(20);
    const ended = await finishRun(app, owner, runId);
    expect(ended).toMatchObject({ state: 'incomplete', reason: 'out_of_run_budget', result: null });
    expect(ended.spent.amountMicros).toBeGreaterThanOrEqual(LEAST_WORST);
    expect(ended.spent.amountMicros).toBeLessThanOrEqual(2 * LEAST_WORST);
    expect(standIn.requests).toHaveLength(1);
  });

  it('refuses a model whose price is not known', async () => {
    const { teamId, agentIds } = await createTeam(app, owner, { fields: { budgetMicros: 100_000 } });
    await app.send('POST', `/api/v1/ai/agents/${agentIds[0]}/versions`, {
      token: owner.token,
      body: { definition: { instructions: 'Be brief.', model: 'claude-opus-4-6' } },
    });
    const ended = await finishRun(app, owner, await startRun(app, owner, teamId));
    expect(ended).toMatchObject({ state: 'failed', reason: 'turn_refused', errorCode: 'ai.price_unknown' });
  });
});

describe('the budget of the organization', () => {
  it('ends a run whose next turn it does not cover, with what there is', async () => {
    const budget = { limitMicros: 10_000, period: 'month' };
    await app.send('PUT', '/api/v1/ai/budget', { token: owner.token, body: budget });
    standIn.next.push({
      answer: { pieces: ['A draft.'], usage: { input_tokens: 3_000, output_tokens: 900 } },
    });
    expect(await run({})).toMatchObject({ state: 'incomplete', reason: 'out_of_budget', result: 'A draft.' });
    expect(standIn.requests).toHaveLength(1);
  });
});
