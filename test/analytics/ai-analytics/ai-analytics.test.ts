import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { markQuarter, refreshAiBuckets } from '../../../src/analytics/ai-analytics/refresh-ai-buckets.ts';
import { runAsSystem } from '../../../src/kernel/delivery/index.ts';
import { ownerSql } from '../../contract/sql.ts';
import type { AiStandIn } from '../../support/ai/stand-in.ts';
import { createAppWithStandIn, MODEL, question } from '../../support/ai/stand-in-app.ts';
import type { Person, TestApp } from '../../support/app.ts';
import { randomFrom } from '../../support/random.ts';
import { recordUsage, storePrices } from '../../billing/costs/support.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MODELS = ['model-a', 'model-b'];
const FEATURES = ['api', 'agents', 'summaries'];
const STATUSES = ['completed', 'completed', 'completed', 'failed', 'cancelled'];

let app: TestApp;
let standIn: AiStandIn;
let owner: Person;
beforeAll(async () => {
  ({ app, standIn } = await createAppWithStandIn());
});
afterAll(() => standIn.stop());
beforeEach(async () => {
  owner = await app.person({ plan: 'pro' });
});

interface Fact {
  id: string;
  atMs: number;
  model: string;
  feature: string;
  status: string;
  input: number;
  output: number;
  firstMs: number;
  totalMs: number;
}

const store = (facts: readonly Fact[]) =>
  ownerSql(
    `insert into ai_generations (id, organization_id, status, provider, model, own_key, usage_state, input_tokens, output_tokens,
       cache_read_tokens, cache_write_tokens, cache_write_hour_tokens, first_output_ms, duration_ms, attempts, created_at, ended_at, origin)
     select f ->> 'id', $1, f ->> 'status', 'anthropic', f ->> 'model', false, 'exact', (f ->> 'input')::int, (f ->> 'output')::int, 1, 2, 3,
       (f ->> 'firstMs')::int, (f ->> 'totalMs')::int, '[]', to_timestamp((f ->> 'atMs')::float8 / 1000),
       to_timestamp((f ->> 'atMs')::float8 / 1000 + 1), jsonb_build_object('feature', f ->> 'feature')
     from jsonb_array_elements($2::jsonb) f`,
    [owner.organizationId, JSON.stringify(facts)],
  );
const mark = async (facts: readonly Fact[]) => {
  for (const { id } of facts)
    await runAsSystem(app.services, 'test', owner.organizationId, (ctx) =>
      markQuarter(ctx, { generationId: id }),
    );
};
const fetchAnalytics = async (query: string, { token } = owner) => {
  const answer = await app.send('GET', `/api/v1/analytics/ai-usage?${query}`, { token });
  expect(answer).toMatchObject({ status: 200 });
  return answer.body;
};
const setTimeZone = (timeZone: string) =>
  ownerSql(
    `update organizations set settings = settings || jsonb_build_object('timeZone', $1::text) where id = $2`,
    [timeZone, owner.organizationId],
  );

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
/** The figures of facts, counted one by one. */
function count(facts: readonly Fact[]) {
  const of = (status: string) => facts.filter((fact) => fact.status === status);
  const completed = of('completed');
  const [answered, failed] = [completed.length, of('failed').length];
  const mean = (of: (fact: Fact) => number) =>
    answered === 0 ? null : Number((sum(completed.map(of)) / answered / 1000).toFixed(3));
  return {
    requests: facts.length,
    completed: answered,
    failed,
    cancelled: of('cancelled').length,
    successRatio: answered + failed === 0 ? null : Number((answered / (answered + failed)).toFixed(4)),
    inputTokens: sum(facts.map(({ input }) => input)),
    outputTokens: sum(facts.map(({ output }) => output)),
    cacheReadTokens: facts.length,
    cacheWriteTokens: 5 * facts.length,
    firstToken: { mean: mean(({ firstMs }) => firstMs) },
    wholeAnswer: { mean: mean(({ totalMs }) => totalMs) },
  };
}

describe('analytics of AI', () => {
  it.each(['UTC', 'Asia/Kolkata', 'America/St_Johns'])(
    'equal a count over the generations, for every range in %s, also when some come late and repeatedly',
    async (timeZone) => {
      await setTimeZone(timeZone);
      const random = randomFrom(7);
      const below = (most: number) => Math.floor(random() * most);
      const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
      const startMs = Date.UTC(2026, 2, 1);
      const factAt = (atMs: number): Fact => ({
        id: app.services.ids.create('generation'),
        atMs,
        model: pick(MODELS),
        feature: pick(FEATURES),
        status: pick(STATUSES),
        input: below(1_000),
        output: below(500),
        firstMs: 1 + below(3_000),
        totalMs: 3_000 + below(9_000),
      });
      const facts = Array.from({ length: 150 }, () => factAt(startMs + below(8 * DAY_MS)));
      const late = facts.splice(0, 30);
      await store(facts);
      await mark(facts);
      await refreshAiBuckets(app.services);
      await store(late);
      await mark([...late, ...late, ...facts.slice(0, 10)]);
      await refreshAiBuckets(app.services);
      expect(await ownerSql('select from analytics_ai_dirty')).toEqual([]);
      const all = [...facts, ...late];
      for (let round = 0; round < 12; round++) {
        const fromMs = startMs + below(5 * 24) * HOUR_MS;
        const toMs = fromMs + (1 + below(3 * 24)) * HOUR_MS;
        // Hours of these time zones begin at a quarter or half of one in UTC.
        const shiftMs = timeZone === 'UTC' ? 0 : HOUR_MS / 2;
        const [from, to] = [fromMs + shiftMs, toMs + shiftMs];
        const isIn = (start: number, end: number) => (fact: Fact) => fact.atMs >= start && fact.atMs < end;
        const inRange = all.filter(isIn(from, to));
        const groupBy = pick(['model', 'feature'] as const);
        const range = `from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`;
        const view = await fetchAnalytics(`${range}&groupBy=${groupBy}`);
        expect(view.range).toMatchObject({ timeZone });
        expect(view.current).toMatchObject(count(inRange));
        expect(view.previous).toMatchObject(count(all.filter(isIn(from - (to - from), from))));
        const groups = Map.groupBy(inRange, (fact) => fact[groupBy]);
        expect(view.groups).toHaveLength(groups.size);
        for (const group of view.groups) expect(group).toMatchObject(count(groups.get(group.group)!));
        const dayOf = new Intl.DateTimeFormat('en-CA', { timeZone });
        const days = Map.groupBy(inRange, ({ atMs }) => dayOf.format(atMs));
        expect(
          view.timeline.map(({ day, requests }: { day: string; requests: number }) => [day, requests]),
        ).toEqual(
          [...days]
            .map(([day, found]) => [day, found.length] as const)
            .toSorted(([a], [b]) => a.localeCompare(b)),
        );
      }
    },
  );

  it('have percentiles to within 2 %, and the cost of cost lines, unknown where no price is', async () => {
    const startMs = Date.UTC(2026, 2, 1, 10);
    const facts = Array.from({ length: 100 }, (_, index) => ({
      id: app.services.ids.create('generation'),
      atMs: startMs + index * 1_000,
      model: MODEL,
      feature: 'api',
      status: 'completed',
      input: 1,
      output: 1,
      firstMs: 10 * (index + 1),
      totalMs: 100 * (index + 1),
    }));
    await store(facts);
    await mark(facts.slice(0, 1));
    await mark(facts.slice(-1));
    await refreshAiBuckets(app.services);
    await storePrices(app, {
      meter: 'ai_output_tokens',
      model: MODEL,
      unitPrice: '5',
      unitQuantity: 1_000_000,
    });
    const dimensions = { provider: 'anthropic', model: MODEL, feature: 'api' };
    const at = new Date(startMs).toISOString();
    await recordUsage(app, owner, { meter: 'ai_output_tokens', quantity: 100, at, dimensions });
    await recordUsage(app, owner, { meter: 'ai_input_tokens', quantity: 100, at, dimensions });
    await app.drain();
    const { current, groups, timeline } = await fetchAnalytics(
      'from=2026-03-01T10:00:00Z&to=2026-03-01T11:00:00Z',
    );
    const near = (value: number, of: number) => expect(Math.abs(value / of - 1)).toBeLessThan(0.025);
    near(current.firstToken.p50, 0.5);
    near(current.wholeAnswer.p95, 9.5);
    const cost = { cost: { amountMicros: 500, currency: 'USD' }, unknownCount: 1 };
    for (const each of [current, groups[0], timeline[0]]) expect(each).toMatchObject(cost);
  });

  it('follow an answer that has ended, and show to no other organization', async () => {
    const { token } = owner;
    await app.send('POST', '/api/v1/ai/generations', { token, body: question() });
    await app.drain();
    await refreshAiBuckets(app.services);
    expect(await fetchAnalytics('period=day')).toMatchObject({
      current: { requests: 1, completed: 1, successRatio: 1, inputTokens: 12, outputTokens: 9 },
      groups: [{ group: MODEL }],
    });
    expect(await fetchAnalytics('period=day', await app.person())).toMatchObject({
      current: { requests: 0 },
      groups: [],
    });
  });
});
