import { beforeEach, describe, expect, it } from 'vitest';
import type { InsightKind } from '../../../src/analytics/cost-insights/cost-insights.enums.ts';
import { presentInsights } from '../../../src/analytics/cost-insights/cost-insights.present.ts';
import type { QualityRow } from '../../../src/analytics/ai-quality/index.ts';
import type { Insight } from '../../../src/analytics/cost-insights/cost-insights.queries.ts';
import { findInsights } from '../../../src/analytics/cost-insights/cost-insights.rules.ts';
import type { Measurements } from '../../../src/analytics/cost-insights/measurements.rules.ts';
import { measureInsights } from '../../../src/analytics/cost-insights/measure-insights.ts';
import { measureLateCalls, refreshRollups } from '../../../src/analytics/rollups/index.ts';
import { renewToken } from '../../calls/calls/support.ts';
import { ownerSql } from '../../contract/sql.ts';
import { toMidMonth } from '../../calls/minutes/support.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { createCalls } from '../../support/calls.ts';
import { insertRecording } from '../../support/recordings.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_SECONDS = 86_400;
const path = '/api/v1/analytics/cost-insights';
const minutes = (count: number) => BigInt(count * MINUTE_MS);

const quiet: Measurements = {
  plan: 'free',
  beyondIncluded: 'refused',
  seats: 0,
  use: { members: 1, rooms: 1 },
  month: { usedMs: 0n, includedMs: minutes(1_000) },
  unusedRooms: { count: 0, ids: [] },
  alone: { calls: 0, ms: 0 },
  emptyEgress: { count: 0, ms: 0 },
  duplicates: { count: 0, ms: 0, ids: [] },
  ai: { transcribedMinutes: 0, current: 0n, previous: 0n },
  answers: [],
  unusedRecordings: { count: 0, bytes: 0, ids: [] },
  current: { calls: 0, connectedMs: 0 },
  previous: { calls: 0, connectedMs: 0 },
  charged: {
    startsAt: new Date('2026-05-01T00:00:00Z'),
    current: { ms: 0n, amount: 0n },
    previous: { ms: 0n, amount: 0n },
  },
  subscription: undefined,
  measuredAt: new Date('2026-06-30T12:00:00Z'),
};
const onPro = { plan: 'pro', beyondIncluded: 'charged' } as const;
const find = (change: Partial<Measurements>) => findInsights({ ...quiet, ...change });

describe('a rule', () => {
  it('finds nothing in an organization that wastes nothing', () => {
    expect(find({})).toEqual([]);
  });

  it('of time alone saves what was charged beyond the included minutes, and nothing within them', () => {
    const alone = { calls: 3, ms: 120 * MINUTE_MS };
    const saving = (used: number, change: Partial<Measurements> = onPro) =>
      find({ ...change, alone, month: { usedMs: minutes(used), includedMs: minutes(1_000) } }).find(
        ({ kind }) => kind === 'time_alone',
      )?.saving;
    expect([saving(900), saving(1_050), saving(5_000)]).toEqual([0n, 500_000n, 1_200_000n]);
    expect(saving(5_000, {})).toBe(0n);
    expect(find({ alone: { calls: 3, ms: 59 * MINUTE_MS } })).toEqual([]);
  });

  it('of empty calls that are recorded or streamed counts from an hour on', () => {
    expect(find({ emptyEgress: { count: 9, ms: HOUR_MS - 1 } })).toEqual([]);
    expect(find({ emptyEgress: { count: 2, ms: HOUR_MS } })).toEqual([
      { kind: 'empty_egress', saving: null, evidence: { egresses: 2, minutes: 60, days: 30 } },
    ]);
  });

  it('of plans suggests none that refuses what was used, and none to an organization that pays nothing for more', () => {
    const month = (used: number) => ({ usedMs: minutes(used), includedMs: minutes(10_000) });
    expect(find({ ...onPro, month: month(1_001) })).toEqual([]);
    expect(find({ month: { usedMs: minutes(6_000), includedMs: minutes(1_000) } })).toEqual([]);
  });

  it('of rising time compares calls of both periods, when each has a hundred', () => {
    const previous = { calls: 100, connectedMs: 100 * 10 * MINUTE_MS };
    const rising = { calls: 200, connectedMs: 200 * 12.5 * MINUTE_MS };
    expect(find({ previous, current: rising })).toMatchObject([
      {
        kind: 'rising_call_time',
        saving: null,
        evidence: { minutesPerCall: 12.5, previousMinutesPerCall: 10 },
      },
    ]);
    expect(find({ previous, current: { calls: 200, connectedMs: 200 * 12.4 * MINUTE_MS } })).toEqual([]);
    expect(find({ previous: { calls: 99, connectedMs: HOUR_MS }, current: rising })).toEqual([]);
  });

  it('of the cost of a minute compares what is charged, from a tenth more and 1,000 minutes on', () => {
    const previous = { ms: minutes(2_000), amount: 800_000n };
    const { startsAt } = quiet.charged;
    const cost = (ms: bigint, amount: bigint) => ({
      charged: { startsAt, previous, current: { ms, amount } },
    });
    expect(find(cost(minutes(1_000), 440_000n))).toMatchObject([
      {
        kind: 'rising_minute_cost',
        saving: 40_000n,
        evidence: {
          minuteMicros: 440,
          previousMinuteMicros: 400,
          minutes: 1_000,
          previousMinutes: 2_000,
          month: '2026-05',
        },
      },
    ]);
    expect(find(cost(minutes(1_000), 439_999n))).toEqual([]);
    expect(find(cost(minutes(1_000) - 1n, 4_400_000n))).toEqual([]);
    const unpaid = { ms: minutes(2_000), amount: 0n };
    expect(find({ charged: { startsAt, previous: unpaid, current: previous } })).toEqual([]);
  });

  it('of transcriptions counts what was written down again, and saves what of it is charged', () => {
    const duplicates = { count: 2, ms: 5 * MINUTE_MS, ids: ['trn_1'] };
    const saving = (transcribedMinutes: number) =>
      find({ duplicates, ai: { ...quiet.ai, transcribedMinutes } })[0];
    expect(saving(3)).toEqual({
      kind: 'duplicate_transcriptions',
      saving: 30_000n,
      evidence: { transcriptions: 2, minutes: 5, chargedMinutes: 3, days: 30, transcriptionIds: ['trn_1'] },
    });
    expect(saving(9)).toMatchObject({ saving: 50_000n });
    expect(saving(0)).toMatchObject({ saving: 0n });
  });

  it('of the cost of AI compares what is charged, from a quarter more and a dollar on', () => {
    const cost = (previous: bigint, current: bigint) =>
      find({ ai: { transcribedMinutes: 0, previous, current } });
    expect(cost(1_000_000n, 1_250_000n)).toEqual([
      {
        kind: 'rising_ai_cost',
        saving: null,
        evidence: { amountMicros: 1_250_000, previousAmountMicros: 1_000_000, month: '2026-05' },
      },
    ]);
    expect(cost(1_000_000n, 1_249_999n)).toEqual([]);
    expect(cost(999_999n, 5_000_000n)).toEqual([]);
  });

  it('of models finds the cheaper one of a feature that people rated as well, and saves nothing of the charge', () => {
    const row = (model: string, change: Partial<QualityRow> = {}): QualityRow => ({
      provider: 'anthropic',
      model,
      feature: 'agents',
      completed: 200,
      failed: 0,
      cancelled: 0,
      reused: 0,
      firstMedianMs: 1,
      firstP95Ms: 1,
      durationMedianMs: 1,
      durationP95Ms: 1,
      costMicros: '4000000',
      unknownCosts: 0,
      scores: 0,
      scoreSum: 0,
      scoreSquares: 0,
      thumbs: 200,
      thumbsUp: 180,
      ...change,
    });
    const dear = row('dear');
    const cheap = (change: Partial<QualityRow> = {}) => row('cheap', { costMicros: '1000000', ...change });
    const findAmong = (...answers: QualityRow[]) => find({ answers });
    expect(findAmong(dear, cheap())).toEqual([
      {
        kind: 'cheaper_model',
        saving: null,
        evidence: {
          feature: 'agents',
          days: 30,
          model: 'dear',
          answers: 200,
          answerMicros: 20_000,
          thumbs: 200,
          thumbsUpShare: 0.9,
          scores: 0,
          cheaperModel: 'cheap',
          cheaperAnswers: 200,
          cheaperAnswerMicros: 5_000,
          cheaperThumbs: 200,
          cheaperThumbsUpShare: 0.9,
          cheaperScores: 0,
          providerSavingMicros: 3_000_000,
        },
      },
    ]);
    const scores = { scores: 50, scoreSum: 200, scoreSquares: 820 };
    const worse = { scores: 50, scoreSum: 150, scoreSquares: 470 };
    expect(findAmong(row('dear', scores), cheap(scores))).toHaveLength(1);
    const without = [
      [dear, cheap({ thumbsUp: 160 })], // people liked it less
      [dear, cheap({ failed: 20 })], // fails more often
      [row('dear', { thumbs: 0, thumbsUp: 0 }), cheap()], // rated by no one
      [dear, cheap({ completed: 99 })], // answered too seldom
      [dear, cheap({ unknownCosts: 1 })],
      [dear, cheap({ costMicros: '3700000' })], // about as dear
      [dear, cheap({ feature: 'summaries' })], // did something else
      [row('dear', { costMicros: '999999' }), cheap({ costMicros: '1000' })], // not worth a change
      [row('dear', scores), cheap(worse)], // thumbs as well, scores not
    ];
    for (const answers of without) expect(findAmong(...answers)).toEqual([]);
  });

  it('of yearly billing is about plans that are paid by the month for 90 days and neither end nor change', () => {
    const subscription = {
      plan: 'enterprise' as const,
      isMonthly: true,
      ends: false,
      startsAt: new Date('2026-04-01T12:00:00Z'),
    };
    expect(find({ subscription })).toMatchObject([
      { kind: 'yearly_billing_cheaper', saving: 83_166_667n, evidence: { plan: 'enterprise', days: 90 } },
    ]);
    expect(find({ subscription: { ...subscription, startsAt: new Date('2026-04-01T12:00:01Z') } })).toEqual(
      [],
    );
    expect(find({ subscription: { ...subscription, isMonthly: false } })).toEqual([]);
    expect(find({ subscription: { ...subscription, ends: true } })).toEqual([]);
  });

  it('of seats counts those without members, and compares plans with the seats that the members need', () => {
    const subscription = {
      plan: 'pro' as const,
      isMonthly: true,
      ends: false,
      startsAt: new Date('2026-06-01T12:00:00Z'),
    };
    const month = { usedMs: minutes(5_000), includedMs: minutes(10_000) };
    const withSeats = (seats: number, members: number, change: Partial<Measurements['subscription']> = {}) =>
      find({ ...onPro, month, seats, use: { members }, subscription: { ...subscription, ...change } });
    expect(withSeats(10, 110)).toEqual([]);
    expect(withSeats(10, 104)).toEqual([
      { kind: 'unused_seats', saving: 30_000_000n, evidence: { plan: 'pro', seats: 10, unused: 6 } },
    ]);
    expect(withSeats(10, 4)).toMatchObject([{ kind: 'unused_seats', saving: 50_000_000n }]);
    expect(withSeats(10, 104, { isMonthly: false })).toMatchObject([{ saving: 24_999_996n }]);
    expect(withSeats(10, 104, { ends: true })).toEqual([]);
    expect(withSeats(90, 190)).toEqual([]);
    expect(withSeats(91, 191)).toMatchObject([
      {
        kind: 'larger_plan_cheaper',
        saving: 5_000_000n,
        evidence: { suggestedPlan: 'enterprise', suggestedSeats: 0 },
      },
    ]);
    const onEnterprise = { plan: 'enterprise', beyondIncluded: 'charged', subscription } as const;
    expect(find({ ...onEnterprise, month, use: { members: 150 } })).toMatchObject([
      {
        kind: 'smaller_plan_cheaper',
        saving: 200_000_000n,
        evidence: { suggestedPlan: 'pro', suggestedSeats: 50 },
      },
    ]);
    const ending = { ...subscription, ends: true };
    expect(find({ ...onEnterprise, month, use: { members: 150 }, subscription: ending })).toEqual([]);
    expect(find({ ...onEnterprise, month, use: { members: 190 } })).toEqual([]);
  });

  it('that exclude each other add only the largest to what can be saved', () => {
    const insight = (kind: InsightKind, savingMicros: bigint | null) =>
      ({
        id: kind,
        organizationId: 'org_1',
        kind,
        status: 'active',
        found: true,
        savingMicros,
        evidence: {},
        detectedAt: new Date(0),
        measuredAt: new Date(0),
        statusChangedAt: null,
      }) as Insight;
    const sum = (...insights: Insight[]) => presentInsights(insights);
    expect(
      sum(
        insight('yearly_billing_cheaper', 8_000_000n),
        insight('smaller_plan_cheaper', 49_000_000n),
        insight('time_alone', 1_000_000n),
        insight('unused_rooms', null),
      ),
    ).toMatchObject({ monthlySaving: { amountMicros: 50_000_000 }, unknownSavings: 1 });
    expect(
      sum(
        insight('yearly_billing_cheaper', 8_000_000n),
        insight('unused_seats', 5_000_000n),
        insight('larger_plan_cheaper', 9_000_000n),
      ),
    ).toMatchObject({ monthlySaving: { amountMicros: 13_000_000 } });
  });

  it('of plans suggests the cheapest that has room for what there is', () => {
    const used = (count: number) => ({
      ...onPro,
      month: { usedMs: minutes(count), includedMs: minutes(10_000) },
    });
    expect(find(used(1_000))).toMatchObject([
      { kind: 'smaller_plan_cheaper', saving: 49_000_000n, evidence: { suggestedPlan: 'free' } },
    ]);
    expect(find({ ...used(1_000), use: { members: 11 } })).toEqual([]);
    const paidYearly = {
      plan: 'pro' as const,
      isMonthly: false,
      ends: false,
      startsAt: new Date('2026-01-01'),
    };
    expect(find({ ...used(1_000), subscription: paidYearly })).toEqual([]);
    expect(find(used(100_000))).toMatchObject([
      { kind: 'larger_plan_cheaper', evidence: { plan: 'pro', suggestedPlan: 'enterprise' } },
    ]);
    expect(find({ ...onPro, plan: 'custom', month: { usedMs: minutes(90_000), includedMs: 0n } })).toEqual(
      [],
    );
  });
});

describe('the insights of an organization', () => {
  let app: TestApp;
  let owner: Person;
  let roomIds: string[];

  const send = async (method: string, url: string, body?: unknown, person = owner) => {
    const { token } = await renewToken(app, person);
    return app.send(method, url, { token, ...(body === undefined ? {} : { body }) });
  };
  const call = (roomId: string, times: Record<string, number>) => ({
    organizationId: owner.organizationId,
    roomId,
    status: 'ended' as const,
    startedAt: new Date(app.clock.now() - 3 * HOUR_MS),
    endedAt: new Date(app.clock.now() - MINUTE_MS),
    participants: Object.entries(times).map(([identity, minutes]) => ({
      identity,
      status: 'left' as const,
      joinedAt: new Date(app.clock.now() - 3 * HOUR_MS),
      connectedMs: minutes * MINUTE_MS,
    })),
  });
  const measure = async () => {
    expect(await measureInsights(app.services)).toMatchObject({ failed: 0 });
    return (await send('GET', path)).body;
  };
  const kinds = ({ insights }: { insights: { kind: string }[] }) => insights.map(({ kind }) => kind);

  beforeEach(async () => {
    app = createTestApp();
    // A sweep covers all organizations, also those of the tests before.
    await ownerSql('delete from analytics_zones');
    owner = await app.person();
    roomIds = [];
    for (const name of ['Used', 'Empty', 'Quiet'])
      roomIds.push((await send('POST', '/api/v1/rooms', { name })).body.id);
    app.clock.advanceSeconds(91 * DAY_SECONDS);
    await createCalls(app, [
      call(roomIds[0]!, { [owner.userId]: 100, gst_a: 30 }),
      call(roomIds[0]!, { [owner.userId]: 30, gst_a: 29 }),
      call(roomIds[0]!, { gst_b: 15 }),
    ]);
    await measureLateCalls(app.services);
    await refreshRollups(app.services);
  });

  it('are measured once a day, with their evidence, and without a saving where there is no price', async () => {
    const body = await measure();
    expect(kinds(body)).toEqual(['time_alone', 'unused_rooms']);
    expect(body.insights).toMatchObject([
      {
        status: 'active',
        found: true,
        monthlySaving: { amountMicros: 0 },
        evidence: { calls: 2, minutes: 85 },
      },
      {
        monthlySaving: { amountMicros: null },
        evidence: { rooms: 2, roomIds: [roomIds[1], roomIds[2]].toSorted((a, b) => (a! < b! ? -1 : 1)) },
      },
    ]);
    expect(body).toMatchObject({ monthlySaving: { amountMicros: 0, currency: 'USD' }, unknownSavings: 1 });
    expect(await measureInsights(app.services)).toEqual({ done: 0, failed: 0 });
  });

  it('know for how long recordings ran while nobody was connected, agents aside', async () => {
    const { organizationId } = owner;
    const roomId = roomIds[0]!;
    const ago = (minutes: number) => new Date(app.clock.now() - minutes * MINUTE_MS);
    const [created] = await createCalls(app, [
      {
        organizationId,
        roomId,
        status: 'ended',
        startedAt: ago(200),
        endedAt: ago(10),
        participants: [
          { identity: owner.userId, role: 'participant' },
          { identity: 'agt_notes', kind: 'service', role: 'agent' },
        ],
      },
    ]);
    const { callId, participantIds } = created!;
    const connect = (participant: string, from: number, to: number | null) =>
      ownerSql(
        `insert into call_connections (organization_id, call_id, sid, participant_id, name, joined, joined_at, left_at, connected, evidence, version)
         values ($1, $2, $3, $4, 'Somebody', '{}', $5, $6, true, '{}', 1)`,
        [
          organizationId,
          callId,
          `PA_${crypto.randomUUID()}`,
          participant,
          ago(from).toISOString(),
          to === null ? null : ago(to).toISOString(),
        ],
      );
    await connect(participantIds[0]!, 190, 150);
    await connect(participantIds[0]!, 170, 140);
    await connect(participantIds[0]!, 15, null);
    await connect(participantIds[1]!, 190, 10);
    await insertRecording(app, { organizationId, roomId, callId, startedAt: ago(180), endedAt: ago(90) });
    // Lost after a minute, and never ended: it does not run until now.
    await insertRecording(app, {
      organizationId,
      roomId,
      callId,
      state: 'lost',
      startedAt: ago(3 * 24 * 60),
      endedAt: null,
      listedAt: ago(3 * 24 * 60 - 0.5),
      stateAt: ago(3 * 24 * 60 - 2),
    });
    expect(kinds(await measure())).not.toContain('empty_egress');
    await insertRecording(app, { organizationId, roomId, callId, startedAt: ago(30), endedAt: ago(5) });
    app.clock.advanceSeconds(DAY_SECONDS + 60);
    expect((await measure()).insights).toContainEqual(
      expect.objectContaining({ kind: 'empty_egress', evidence: { egresses: 2, minutes: 65, days: 30 } }),
    );
  });

  it('of recordings names those in the storage of the product that nobody opened for 90 days, without those that are held', async () => {
    const { organizationId } = owner;
    const roomId = (await send('POST', '/api/v1/rooms', { name: 'Room' })).body.id;
    const [call] = await createCalls(app, [{ organizationId, roomId }]);
    const [now, before] = [0, 91].map((days) => new Date(app.clock.now() - days * DAY_SECONDS * 1_000));
    const row = {
      organizationId,
      roomId,
      callId: call!.callId,
      storage: 'product',
      storedBytes: 1_000,
    } as const;
    const unused = await insertRecording(app, { ...row, createdAt: before });
    const opened = await insertRecording(app, { ...row, createdAt: before });
    await ownerSql('insert into recording_openings values ($1, $2, $3)', [
      opened,
      organizationId,
      now!.toISOString(),
    ]);
    await insertRecording(app, { ...row, createdAt: now });
    await insertRecording(app, { ...row, createdAt: before, state: 'held' });
    await insertRecording(app, { ...row, createdAt: before, storage: 'bucket', storedBytes: 0 });
    expect((await measure()).insights).toContainEqual(
      expect.objectContaining({
        kind: 'unused_recordings',
        evidence: { recordings: 1, bytes: 1_000, days: 90, recordingIds: [unused] },
      }),
    );
  });

  it('that cannot be measured are tried again a day later, after those of all others', async () => {
    await ownerSql(
      `alter table cost_insights add constraint refused check (organization_id <> '${owner.organizationId}') not valid`,
    );
    try {
      expect(await measureInsights(app.services)).toEqual({ done: 0, failed: 1 });
      expect(await measureInsights(app.services)).toEqual({ done: 0, failed: 0 });
    } finally {
      await ownerSql('alter table cost_insights drop constraint refused');
    }
    app.clock.advanceSeconds(DAY_SECONDS + 60);
    expect(await measureInsights(app.services)).toEqual({ done: 1, failed: 0 });
  });

  it('keep the status that was set, and are measured again after it', async () => {
    const { insights } = await measure();
    const idOf = (wanted: string) =>
      insights.find(({ kind }: { kind: string }) => kind === wanted)?.id as string;
    const set = (kind: string, status: string) => send('PATCH', `${path}/${idOf(kind)}`, { status });
    expect(await set('unused_rooms', 'implemented')).toMatchObject({
      status: 200,
      body: { status: 'implemented' },
    });
    expect(await set('time_alone', 'dismissed')).toMatchObject({ status: 200 });
    app.clock.advanceSeconds(DAY_SECONDS + 60);
    const stillThere = await measure();
    expect(stillThere.insights).toMatchObject([
      { kind: 'time_alone', status: 'dismissed', found: true },
      { kind: 'unused_rooms', status: 'implemented', found: true },
    ]);
    expect(stillThere.unknownSavings).toBe(0);
    for (const id of [roomIds[1], roomIds[2]])
      expect(await send('DELETE', `/api/v1/rooms/${id}`)).toMatchObject({ status: 204 });
    app.clock.advanceSeconds(31 * DAY_SECONDS);
    expect((await measure()).insights).toMatchObject([
      { kind: 'unused_rooms', status: 'implemented', found: false },
    ]);
    expect(kinds((await send('GET', `${path}?status=active`)).body)).toEqual([]);
  });

  it('know the price of a minute from what was charged, never what it costs the operator, and a subscription once it is paid for', async () => {
    // A day later it is the same month.
    toMidMonth(app);
    const { organizationId } = owner;
    const day = (ago: number) => new Date(app.clock.now() - ago * DAY_SECONDS * 1000).toISOString();
    const subscribe = (status: string) =>
      ownerSql(
        `insert into subscriptions (id, organization_id, provider, provider_subscription_id, status, plan, plan_version, "interval",
           currency, starts_at, period_starts_at, period_ends_at, granted_plan, granted_plan_version, created_at, updated_at)
         values ('sub_' || $1, $1, 'stripe', 'sub_' || $1, $2, 'enterprise', 1, 'monthly', 'usd', $3, $3, $3, 'enterprise', 1, $3, $3)
         on conflict (id) do update set status = excluded.status`,
        [organizationId, status, day(100)],
      );
    await subscribe('past_due');
    // Of the last calendar month 600 of 2,000 minutes are charged, of the one before 200 of 1,000.
    await ownerSql(
      `with month(at, used, over) as (values (1, 2000, 600), (2, 1000, 200)),
       starts as (select date_trunc('month', $2::timestamptz, 'UTC') - at * interval '1 month' as at, used, over from month),
       hours as (insert into usage_hours (organization_id, meter, hour, quantity, stale)
         select $1, 'participant_minutes', at, used * 60000, false from starts)
       insert into overage_months (organization_id, subscription_id, meter, month, quantity, units, counted_at)
       select $1, 'sub_' || $1, 'participant_minutes', at, over * 60000, over, $2::timestamptz from starts`,
      [organizationId, day(0)],
    );
    const costs = ({ insights }: { insights: { kind: string; monthlySaving: unknown }[] }) =>
      insights
        .filter(({ kind }) => ['rising_minute_cost', 'yearly_billing_cheaper'].includes(kind))
        .map(({ kind, monthlySaving }) => [kind, monthlySaving]);
    const dearer = ['rising_minute_cost', { amountMicros: 2_000_000, currency: 'USD' }];
    expect(costs(await measure())).toEqual([dearer]);
    await subscribe('active');
    app.clock.advanceSeconds(DAY_SECONDS + 60);
    const both = costs(await measure());
    expect(both).toEqual([['yearly_billing_cheaper', { amountMicros: 83_166_667, currency: 'USD' }], dearer]);
  });

  it('show to those who may read analytics, in their own organization only', async () => {
    const [{ id }] = (await measure()).insights;
    const other = await app.person();
    expect((await send('GET', path, undefined, other)).body.insights).toEqual([]);
    expect(await send('PATCH', `${path}/${id}`, { status: 'dismissed' }, other)).toMatchObject({
      status: 404,
    });
    const member = await app.person({ role: 'member', organizationId: owner.organizationId });
    expect(await send('GET', path, undefined, member)).toMatchObject({ status: 403 });
  });
});
