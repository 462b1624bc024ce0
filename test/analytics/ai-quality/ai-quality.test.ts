import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  differenceOfMeans,
  differenceOfShares,
  wilson,
} from '../../../src/analytics/ai-quality/intervals.rules.ts';
import { ownerSql } from '../../contract/sql.ts';
import { CONVERSATIONS, createAgent, createConversation } from '../../support/agents.ts';
import type { Person, TestApp } from '../../support/app.ts';
import type { AiStandIn } from '../../support/ai/stand-in.ts';
import { createAppWithStandIn, MODEL, question, storePrices } from '../../support/ai/stand-in-app.ts';

const PATH = '/api/v1/ai/quality';
const OTHER = 'claude-sonnet-5';

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
  owner = await app.person({ plan: 'pro' });
});

const get = async (query = '') => (await app.send('GET', `${PATH}${query}`, { token: owner.token })).body;
async function ask(fields: object = {}, rating?: object): Promise<void> {
  const { token } = owner;
  const { body } = await app.send('POST', '/api/v1/ai/generations', { token, body: question(fields) });
  if (rating) await app.send('PUT', `/api/v1/ai/ratings/${body.id}`, { token, body: rating });
}
const fail = () => standIn.next.push({ fault: { kind: 'status', status: 400 } });

describe('the quality of answers', () => {
  it('is counted by model and feature: successes, time, cost and ratings', async () => {
    await ask({}, { thumb: 'up' });
    await ask({}, { score: 4 });
    await ask({}, { score: 1 });
    fail();
    await ask();
    const agentId = await createAgent(app, owner);
    const path = `${CONVERSATIONS}/${await createConversation(app, owner, agentId)}/messages`;
    await app.send('POST', path, { token: owner.token, body: { text: 'Hi?' } });
    await app.drain();
    const { data } = await get();
    expect(data).toMatchObject([
      {
        model: MODEL,
        feature: 'api',
        answers: 4,
        success: { share: 0.75 },
        // 12 tokens of input at 1 micro-unit, 9 of output at 5, three times.
        cost: { amountMicros: 171 },
        thumbs: 1,
        thumbsUp: { share: 1 },
        scores: 2,
        meanScore: 2.5,
      },
      { model: MODEL, feature: 'agents', answers: 1, success: { share: 1 }, scores: 0, meanScore: null },
    ]);
    expect(data[0].firstOutput.p95Seconds).toBeGreaterThanOrEqual(data[0].firstOutput.medianSeconds);
    expect((await get('?feature=agents')).data).toHaveLength(1);
    expect((await get(`?model=${OTHER}`)).data).toEqual([]);
  });

  it('has no cost where that of an answer is not known', async () => {
    await ask({ model: OTHER });
    await app.drain();
    expect((await get()).data).toMatchObject([{ model: OTHER, cost: { amountMicros: null } }]);
  });

  it('leaves out answers that were given again, and has no cost while that of an answer is not counted', async () => {
    await ask({ reuse: true });
    await ask({ reuse: true }, { thumb: 'up' });
    await app.drain();
    expect((await get()).data).toMatchObject([
      { answers: 1, reused: 1, success: { share: 1 }, cost: { amountMicros: 57 }, thumbs: 0 },
    ]);
    await ownerSql('delete from cost_lines where organization_id = $1', [owner.organizationId]);
    expect((await get()).data).toMatchObject([{ answers: 1, cost: { amountMicros: null } }]);
  });

  it('is that of the own organization, for those who read figures', async () => {
    await ask();
    const other = await app.person({ plan: 'pro' });
    expect((await app.send('GET', PATH, { token: other.token })).body.data).toEqual([]);
    const member = await app.person({ organizationId: owner.organizationId, role: 'member', plan: 'pro' });
    expect(await app.send('GET', PATH, { token: member.token })).toMatchObject({ status: 403 });
  });

  it('of two models is compared, and few answers are not sure of anything', async () => {
    await ask();
    fail();
    await ask({ model: OTHER });
    const compared = await get(`/comparison?first=${MODEL}&second=${OTHER}`);
    expect(compared).toMatchObject({
      first: { model: MODEL, answers: 1, success: { share: 1 } },
      second: { model: OTHER, answers: 1, success: { share: 0 } },
      success: { difference: -1, isSure: false },
      thumbsUp: null,
      meanScore: null,
    });
  });
});

describe('an interval', () => {
  it('of a share is that of Wilson', () => {
    // Newcombe (1998), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    const bounds = (successes: number, total: number) => {
      const { low, high } = wilson(successes, total)!;
      return [low.toFixed(4), high.toFixed(4)];
    };
    expect(bounds(81, 263)).toEqual(['0.2553', '0.3662']);
    expect(bounds(15, 148)).toEqual(['0.0624', '0.1605']);
    expect(bounds(0, 20)).toEqual(['0.0000', '0.1611']);
    expect(bounds(1, 29)).toEqual(['0.0061', '0.1718']);
    expect(wilson(0, 0)).toBeNull();
  });

  it('of a difference of shares is that of Newcombe', () => {
    // Newcombe (1998), table II: 56/70 less 48/80, method 10.
    const { value, low, high } = differenceOfShares(wilson(48, 80), wilson(56, 70))!;
    expect([value.toFixed(4), low.toFixed(4), high.toFixed(4)]).toEqual(['0.2000', '0.0524', '0.3339']);
  });

  it('of a difference of means needs 30 values of each', () => {
    const moments = (count: number, mean: number) => ({
      count,
      sum: count * mean,
      squares: count * (mean * mean + 1),
    });
    expect(differenceOfMeans(moments(29, 3), moments(500, 4))).toBeNull();
    const { value, low, high } = differenceOfMeans(moments(101, 3), moments(101, 4))!;
    expect(value).toBeCloseTo(1);
    // Each mean has the variance 1.01 / 101 = 0.01.
    expect(high - low).toBeCloseTo(2 * 1.96 * Math.sqrt(0.02), 3);
  });
});
