import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { markQuarter, refreshAiBuckets } from '../../../src/analytics/ai-analytics/refresh-ai-buckets.ts';
import { runAsSystem } from '../../../src/kernel/delivery/index.ts';
import { ownerSql } from '../../contract/sql.ts';
import type { AiStandIn } from '../../support/ai/stand-in.ts';
import { createAppWithStandIn, MODEL, question } from '../../support/ai/stand-in-app.ts';
import type { Person, TestApp } from '../../support/app.ts';
import { randomFrom } from '../../support/random.ts';
import { withFreshToken } from '../../support/tokens.ts';
import { recordUsage, repriceAll, storePrices } from '../../billing/costs/support.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const FEATURES = ['api', 'agents', 'summaries'];
const INTERVALS = ['day', 'week', 'month'] as const;
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
  provider: string;
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
     select f ->> 'id', $1, f ->> 'status', f ->> 'provider', f ->> 'model', false, 'exact', (f ->> 'input')::int, (f ->> 'output')::int, 1, 2, 3,
       (f ->> 'firstMs')::int, (f ->> 'totalMs')::int, '[]', to_timestamp((f ->> 'atMs')::float8 / 1000),
       to_timestamp((f ->> 'atMs')::float8 / 1000 + 1), jsonb_build_object('feature', f ->> 'feature')
     from jsonb_array_elements($2::jsonb) f`,
    [owner.organizationId, JSON.stringify(facts)],
  );
/** Records the output as usage, and writes its cost lines as the subscriber of usage does. */
const charge = (facts: readonly Fact[]) =>
  ownerSql(
    `with used as (
       insert into usage_events (id, organization_id, meter, key, revision, occurred_at, quantity, version, dimensions, recorded_at)
       select 'use' || substr(f ->> 'id', 4), $1, 'ai_output_tokens', f ->> 'id', 1, to_timestamp((f ->> 'atMs')::float8 / 1000),
         (f ->> 'output')::int, 1, jsonb_build_object('provider', f ->> 'provider', 'model', f ->> 'model', 'feature', f ->> 'feature'), now()
       from jsonb_array_elements($2::jsonb) f returning id)
     select count(*) from used`,
    [owner.organizationId, JSON.stringify(facts)],
  ).then(() =>
    ownerSql(
      `select write_cost_lines($1, array(select 'use' || substr(f ->> 'id', 4) from jsonb_array_elements($2::jsonb) f), now())`,
      [owner.organizationId, JSON.stringify(facts)],
    ),
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
/** Micro-units of a token by model; a model that is not in it has no price. */
type Prices = Readonly<Record<string, number>>;
/** What facts cost, of which those of `charged` have cost lines, counted one by one. */
function countCost(facts: readonly Fact[], charged: ReadonlySet<Fact>, prices: Prices) {
  const lines = facts.filter((fact) => charged.has(fact));
  const known = lines.filter(({ model }) => model in prices);
  const unknownCount = lines.length - known.length;
  const amount = sum(known.map(({ model, output }) => prices[model]! * output));
  return {
    cost: { amountMicros: known.length === 0 && unknownCount > 0 ? null : amount, currency: 'USD' },
    unknownCount,
  };
}
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

/** The first day of the step of a timeline in which a moment lies. */
function stepOf(atMs: number, timeZone: string, interval: (typeof INTERVALS)[number]): string {
  const day = new Intl.DateTimeFormat('en-CA', { timeZone }).format(atMs);
  const date = new Date(`${day}T00:00:00Z`);
  if (interval === 'week') date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  if (interval === 'month') date.setUTCDate(1);
  return date.toISOString().slice(0, 10);
}

describe('analytics of AI', () => {
  it.each(['UTC', 'Asia/Kolkata', 'America/St_Johns'])(
    'equal a count over the generations and their costs, for every range in %s, also when some come late, repeatedly or are priced again',
    async (timeZone) => {
      await setTimeZone(timeZone);
      const random = randomFrom(7);
      const below = (most: number) => Math.floor(random() * most);
      const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
      const models = ['dear', 'cheap', 'unknown'].map((name) => `${name} ${timeZone}`);
      const startMs = Date.UTC(2026, 1, 1);
      const DAYS = 100;
      const factAt = (atMs: number): Fact => ({
        id: app.services.ids.create('generation'),
        atMs,
        provider: pick(['anthropic', 'openai']),
        model: pick(models),
        feature: pick(FEATURES),
        status: pick(STATUSES),
        input: below(1_000),
        output: 1 + below(500),
        firstMs: 1 + below(3_000),
        totalMs: 3_000 + below(9_000),
      });
      const all = Array.from({ length: 240 }, () => factAt(startMs + below(DAYS * DAY_MS)));
      const [late, facts] = [all.slice(0, 40), all.slice(40)];
      const charged = new Set(all.filter(() => random() < 0.8));
      const priceOf = (model: string, micros: number) =>
        storePrices(app, {
          meter: 'ai_output_tokens',
          model,
          unitPrice: String(micros),
          unitQuantity: 1_000_000,
        });

      await priceOf(models[0]!, 7);
      await store(facts);
      await mark(facts);
      await refreshAiBuckets(app.services);
      await charge(facts.filter((fact) => charged.has(fact)));
      await refreshAiBuckets(app.services);
      await store(late);
      await charge(late.filter((fact) => charged.has(fact)));
      await mark([...late, ...late, ...facts.slice(0, 10)]);
      await refreshAiBuckets(app.services);
      const [priceId] = await priceOf(models[1]!, 3);
      expect(await repriceAll(app, priceId!)).toBeGreaterThan(0);
      await refreshAiBuckets(app.services);
      expect(await ownerSql('select from analytics_ai_dirty union all select from cost_changes')).toEqual([]);
      const prices: Prices = { [models[0]!]: 7, [models[1]!]: 3 };
      const figuresOf = (found: readonly Fact[]) => ({
        ...count(found),
        ...countCost(found, charged, prices),
      });

      for (let round = 0; round < 16; round++) {
        const hours = 1 + below(pick([3, 70]) * 24);
        // Hours of these time zones begin at a quarter or half of one in UTC.
        const from = startMs + below(DAYS * 24) * HOUR_MS + (timeZone === 'UTC' ? 0 : HOUR_MS / 2);
        const to = from + hours * HOUR_MS;
        const feature = pick([undefined, ...FEATURES]);
        const groupBy = pick(['model', 'feature', 'provider'] as const);
        const interval = pick(INTERVALS);
        const between = (start: number, end: number) =>
          all.filter(
            (fact) => fact.atMs >= start && fact.atMs < end && (!feature || fact.feature === feature),
          );
        const inRange = between(from, to);
        const range = `from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`;
        const filter = feature ? `&feature=${feature}` : '';
        const view = await fetchAnalytics(`${range}&groupBy=${groupBy}&interval=${interval}${filter}`);
        expect(view.range).toMatchObject({ timeZone });
        expect(view.current).toMatchObject(figuresOf(inRange));
        expect(view.previous).toMatchObject(figuresOf(between(from - (to - from), from)));
        const groups = Map.groupBy(inRange, (fact) => fact[groupBy]);
        expect(view.groups).toHaveLength(groups.size);
        for (const group of view.groups) expect(group).toMatchObject(figuresOf(groups.get(group.group)!));
        const steps = Map.groupBy(inRange, ({ atMs }) => stepOf(atMs, timeZone, interval));
        expect(view.timeline).toEqual(
          [...steps]
            .map(([day, found]) => ({
              day,
              requests: found.length,
              failed: count(found).failed,
              tokens: sum(found.map(({ input, output }) => input + output + 6)),
              ...countCost(found, charged, prices),
            }))
            .toSorted((a, b) => a.day.localeCompare(b.day)),
        );
      }
    },
  );

  it('have percentiles to within 2 %, and the cost of cost lines, unknown where no price is', async () => {
    const startMs = Date.UTC(2026, 2, 1, 10);
    const facts = Array.from({ length: 100 }, (_, index) => ({
      id: app.services.ids.create('generation'),
      atMs: startMs + index * 1_000,
      provider: 'anthropic',
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
    await refreshAiBuckets(app.services);
    const { current, groups, timeline } = await fetchAnalytics(
      'from=2026-03-01T10:00:00Z&to=2026-03-01T11:00:00Z',
    );
    const near = (value: number, of: number) => expect(Math.abs(value / of - 1)).toBeLessThan(0.025);
    near(current.firstToken.p50, 0.5);
    near(current.wholeAnswer.p95, 9.5);
    const cost = { cost: { amountMicros: 500, currency: 'USD' }, unknownCount: 1 };
    for (const each of [current, groups[0], timeline[0]]) expect(each).toMatchObject(cost);
  });

  it('that cannot be computed stop no other of any organization, and are computed later', async () => {
    const factAt = (atMs: number, firstMs: number): Fact => ({
      id: app.services.ids.create('generation'),
      atMs,
      provider: 'anthropic',
      model: MODEL,
      feature: 'api',
      status: 'completed',
      input: 1,
      output: 1,
      firstMs,
      totalMs: 1,
    });
    const startMs = Date.UTC(2026, 2, 1);
    const requestsOf = async (person: Person) =>
      (await fetchAnalytics('from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z', person)).current.requests;
    // No logarithm of it is known, which the histogram needs.
    const impossible = factAt(startMs, -1);
    const facts = [impossible, factAt(startMs + HOUR_MS, 1), factAt(startMs + 2 * HOUR_MS, 1)];
    await store(facts);
    await mark(facts);
    const other = await app.person({ plan: 'pro' });
    const first = owner;
    owner = other;
    app.clock.advanceSeconds(1);
    const ofOther = [factAt(startMs, 1)];
    await store(ofOther);
    await mark(ofOther);
    expect(await refreshAiBuckets(app.services)).toEqual({ done: 1, failed: 3 });
    expect(await requestsOf(other)).toBe(1);
    app.clock.advanceSeconds(15 * 60);
    expect(await refreshAiBuckets(app.services)).toEqual({ done: 2, failed: 0 });
    await ownerSql('update ai_generations set first_output_ms = 1 where id = $1', [impossible.id]);
    app.clock.advanceSeconds(45 * 60);
    expect(await refreshAiBuckets(app.services)).toEqual({ done: 1, failed: 0 });
    expect(await requestsOf(await withFreshToken(app, first))).toBe(3);
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
