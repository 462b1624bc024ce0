import { beforeEach, describe, expect, inject, it } from 'vitest';
import { buildTimeZones, measureLateCalls, refreshRollups } from '../../../src/analytics/rollups/index.ts';
import { users } from '../../../src/identity/users/users.tables.ts';
import { systemScope } from '../../../src/kernel/context/index.ts';
import type { Queries } from '../../../src/kernel/db/index.ts';
import { markDirty } from '../../../src/analytics/rollups/measured-calls.queries.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { createCalls } from '../../support/calls.ts';
import { randomFrom } from '../../support/random.ts';
import { deliverAll, openCall, renewToken, runReconciliation } from '../../calls/calls/support.ts';
import { createBatch, postSamples, receivedTrack, sampleAt } from '../../insights/quality/support.ts';

let app: TestApp;
let owner: Person;

beforeEach(async () => {
  app = createTestApp();
  owner = await app.person();
});

const QUARTER_MS = 900_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const get = async (path: string) => {
  const { token } = await renewToken(app, owner);
  const answer = await app.send('GET', `/api/v1/analytics/${path}`, { token });
  expect(answer).toMatchObject({ status: 200 });
  return answer.body;
};
const refresh = async () => {
  expect(await measureLateCalls(app.services)).toMatchObject({ failed: 0 });
  await refreshRollups(app.services);
};
const setTimeZone = async (timeZone: string) => {
  const { token } = await renewToken(app, owner);
  const answer = await app.send('PATCH', `/api/v1/organizations/${owner.organizationId}`, {
    token,
    body: { settings: { timeZone } },
  });
  expect(answer).toMatchObject({ status: 200 });
  await app.drain();
  expect(await buildTimeZones(app.services)).toMatchObject({ failed: 0 });
};

/** Users without sessions, in the order of their ids. */
async function insertUsers(count: number): Promise<string[]> {
  const { database, ids } = app.services;
  const now = new Date(app.clock.now());
  const rows = Array.from({ length: count }, () => ids.create('user')).map((id) => ({
    id,
    email: `${id}@northwind.example`,
    name: 'User',
    createdAt: now,
    updatedAt: now,
  }));
  await database.commit(systemScope, (q) => [q.insert(users).values(rows)]);
  return rows.map(({ id }) => id);
}

/** Start of the local hour or day in which the moment lies, in milliseconds, found by asking the calendar. */
function startOf(unit: 'hour' | 'day', ms: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    hour: '2-digit',
    minute: '2-digit',
  });
  const isStart = (at: number) => {
    const text = format.format(at);
    return unit === 'hour' ? text.endsWith(':00') : text === '00:00';
  };
  // Hours begin at a quarter of an hour of UTC in every time zone.
  let at = Math.floor(ms / QUARTER_MS) * QUARTER_MS;
  while (!isStart(at)) at -= QUARTER_MS;
  return at;
}

interface FakeCall {
  startedMs: number;
  people: { identity: string; ms: number }[];
}

/** Calls at random moments of the days before the app's clock, which ends there again. */
async function simulateCalls(days: number, perDay: number, seed: number): Promise<FakeCall[]> {
  const random = randomFrom(seed);
  const endMs = app.clock.now();
  const room = await app.send('POST', '/api/v1/rooms', { token: owner.token, body: { name: 'Room' } });
  const userIds: string[] = [owner.userId];
  for (let index = 0; index < 3; index++)
    userIds.push((await app.person({ role: 'member', organizationId: owner.organizationId })).userId);
  const all: FakeCall[] = [];
  app.clock.advanceSeconds((-days * DAY_MS) / 1000);
  for (let day = 0; day < days; day++) {
    const dayMs = app.clock.now();
    const fakes = Array.from({ length: Math.floor(random() * 2 * perDay) }, (): FakeCall => {
      const guests = Array.from({ length: Math.floor(random() * 2) }, (_, index) => `gst_${day}_${index}`);
      const people = userIds.filter(() => random() < 0.6).concat(guests, 'svc');
      return {
        startedMs: dayMs + Math.floor(random() * (DAY_MS - HOUR_MS)),
        people: people.map((identity) => ({ identity, ms: Math.floor(random() * HOUR_MS) })),
      };
    });
    app.clock.advanceSeconds(DAY_MS / 1000);
    await createCalls(
      app,
      fakes.map(({ startedMs, people }) => ({
        organizationId: owner.organizationId,
        roomId: room.body.id,
        status: 'ended',
        startedAt: new Date(startedMs),
        endedAt: new Date(startedMs + Math.max(...people.map(({ ms }) => ms))),
        endReason: random() < 0.1 ? 'lost' : 'empty',
        participants: people.map(({ identity, ms }) => ({
          identity,
          status: 'left',
          joinedAt: new Date(startedMs),
          leftAt: new Date(startedMs + ms),
          connectedMs: ms,
        })),
      })),
    );
    all.push(...fakes);
    await refresh();
  }
  expect(app.clock.now()).toBe(endMs);
  return all;
}

/**
 * Takes calls of an early, a middle and the last day out of the measured ones, as a correction of the ledger does, and answers
 * those that are left. So days, thirds and months that are over change, and the last day with a call is over no more.
 */
async function removeSome(all: readonly FakeCall[]): Promise<FakeCall[]> {
  const lastDay = startOf('day', Math.max(...all.map(({ startedMs }) => startedMs)), 'UTC');
  const removed = all.filter(({ startedMs }, index) => index === 3 || index === 40 || startedMs >= lastDay);
  const moments = removed.map(({ startedMs }) => new Date(startedMs).toISOString());
  await ownerSql(
    'delete from analytics_calls where organization_id = $1 and started_at = any ($2::timestamptz[])',
    [owner.organizationId, moments],
  );
  await ownerSql(
    'insert into analytics_dirty (organization_id, moment, since) select $1, unnest($2::timestamptz[]), $3::timestamptz',
    [owner.organizationId, moments, new Date(app.clock.now()).toISOString()],
  );
  await refreshRollups(app.services);
  return all.filter((call) => !removed.includes(call));
}

const sumOf = (calls: readonly FakeCall[]) => {
  const people = calls.flatMap((call) => call.people);
  return {
    calls: calls.length,
    participations: people.length,
    participantSeconds: people.reduce((sum, { ms }) => sum + ms, 0) / 1000,
  };
};
const within = (calls: readonly FakeCall[], from: string, to: string) =>
  calls.filter(({ startedMs }) => startedMs >= Date.parse(from) && startedMs < Date.parse(to));

describe('figures of an organization', () => {
  it('equal a count over the calls, also after some were corrected, for every range and time zone, across a change of clocks', async () => {
    app.clock.advanceSeconds((Date.parse('2026-11-10T18:20:00Z') - app.clock.now()) / 1000);
    const calls = await removeSome(await simulateCalls(45, 2, 7));
    const random = randomFrom(8);
    for (const timeZone of ['UTC', 'Asia/Kathmandu', 'Europe/Berlin', 'America/St_Johns']) {
      await setTimeZone(timeZone);
      for (const period of ['day', 'week', 'month', 'year']) {
        const { range, current, previous } = await get(`overview?period=${period}`);
        expect(range.timeZone).toBe(timeZone);
        expect(startOf('day', Date.parse(range.from), timeZone)).toBe(Date.parse(range.from));
        expect(current).toMatchObject(sumOf(within(calls, range.from, range.to)));
        expect(previous).toMatchObject(sumOf(within(calls, range.previous.from, range.previous.to)));
      }
      for (let round = 0; round < 4; round++) {
        const fromMs = app.clock.now() - Math.floor(random() * 45 * DAY_MS);
        const toMs = fromMs + 1 + Math.floor(random() * (app.clock.now() - fromMs));
        const query = `from=${new Date(fromMs).toISOString()}&to=${new Date(toMs).toISOString()}`;
        const { range, current } = await get(`overview?${query}`);
        expect(Date.parse(range.from)).toBe(startOf('hour', fromMs, timeZone));
        expect(startOf('hour', toMs - 1, timeZone) + HOUR_MS).toBe(Date.parse(range.to));
        expect(current).toMatchObject(sumOf(within(calls, range.from, range.to)));
        const interval = ['hour', 'day', 'week', 'month'][round]!;
        const { data } = await get(`timeline?${query}&interval=${interval}`);
        const starts: string[] = data.map(({ startsAt }: { startsAt: string }) => startsAt);
        data.forEach((slot: object, index: number) => {
          const from = index === 0 ? range.from : starts[index]!;
          expect(slot).toMatchObject(sumOf(within(calls, from, starts[index + 1] ?? range.to)));
        });
      }
    }
  });

  it('name the users and rooms with the longest time, and say when a cut list may leave somebody out', async () => {
    const userIds = [owner.userId, ...(await insertUsers(299))];
    const room = await app.send('POST', '/api/v1/rooms', { token: owner.token, body: { name: 'Hall' } });
    const nowMs = app.clock.now();
    const callOf = (people: readonly string[], hoursAgo: number) => ({
      organizationId: owner.organizationId,
      roomId: room.body.id,
      status: 'ended' as const,
      startedAt: new Date(nowMs - hoursAgo * HOUR_MS),
      endedAt: new Date(nowMs - hoursAgo * HOUR_MS + 1_800_000),
      participants: people.map((identity, index) => ({
        identity,
        status: 'left' as const,
        joinedAt: new Date(nowMs - hoursAgo * HOUR_MS),
        connectedMs: 1_000 * (people.length - index),
      })),
    });
    await createCalls(app, [callOf(userIds.slice(0, 150), 1)]);
    await refresh();
    const few = await get('top-users?limit=2');
    expect(few).toMatchObject({
      exact: true,
      data: [{ userId: userIds[0], participantSeconds: 150, calls: 1 }, {}],
    });
    await createCalls(app, [callOf(userIds, 2)]);
    await refresh();
    const many = await get('top-users?limit=2');
    expect(many.data).toMatchObject([
      { userId: owner.userId, name: expect.any(String), participantSeconds: 450, calls: 2 },
      // A name shows of members only.
      { userId: userIds[1], name: null },
    ]);
    expect(many.exact).toBe(true);
    expect((await get('top-users?limit=100')).data).toHaveLength(100);
    // Of 300, a day lists 200: the others could have more time than the last of them.
    await createCalls(app, [callOf(userIds.toReversed(), 25)]);
    await refresh();
    expect((await get('top-users?limit=100')).exact).toBe(false);
    expect(await get('top-rooms')).toMatchObject({ exact: true, data: [{ name: 'Hall', calls: 3 }] });
  });

  it('of quality by connection, region, cause, device and codec equal a count over the participations', async () => {
    await simulateCalls(14, 4, 11);
    const pick = (values: string, salt: string) =>
      `(array[${values}])[1 + abs(hashtext(participant_id || '${salt}')) % 3]`;
    await ownerSql(
      `update analytics_participations set connection = ${pick("'udp', 'relay', 'tls'", 'a')}, region = ${pick("'EU', 'AS', null", 'b')},
         cause = ${pick("'healthy', 'uplink_loss', 'unknown'", 'c')}, device = ${pick("'phone', 'desktop', 'unknown'", 'd')},
         codec = ${pick("'vp8', 'av1', 'unknown'", 'e')}, mos = 100 + abs(hashtext(participant_id)) % 350
       where organization_id = $1`,
      [owner.organizationId],
    );
    await ownerSql(
      `insert into analytics_dirty select organization_id, started_at, $2 from analytics_calls where organization_id = $1
       group by organization_id, started_at on conflict do nothing`,
      [owner.organizationId, new Date(app.clock.now()).toISOString()],
    );
    await refresh();
    for (const groupBy of ['connection', 'region', 'cause', 'device', 'codec']) {
      const counted = await ownerSql(
        `select coalesce(${groupBy}, 'unknown') as "group", count(*)::integer as participations,
           sum(connected_ms)::float8 / 1000 as "participantSeconds", round(avg(mos) / 100, 2)::float8 as mos
         from analytics_participations where organization_id = $1 group by 1 order by 2 desc, coalesce(${groupBy}, 'unknown') collate "C"`,
        [owner.organizationId],
      );
      expect(counted).toHaveLength(3);
      const { groups } = await get(`call-quality?period=year&groupBy=${groupBy}`);
      const shown = groups.map((each: Record<string, unknown>) =>
        Object.fromEntries(Object.keys(counted[0]!).map((name) => [name, each[name]])),
      );
      // A mean that ends in a half is rounded from a fraction of two here, and from a decimal there.
      const near = counted.map((each) => ({ ...each, mos: expect.closeTo(each.mos as number, 1) }));
      expect(shown).toEqual(near);
    }
  });

  it('are answered for each hour of a year in which every hour has calls', async () => {
    await ownerSql(
      `insert into analytics_buckets (organization_id, time_zone, grain, starts_at, ends_at, parent_starts_at,
         parent_ends_at, calls, lost_calls, agent_calls, participations, guests, connected_ms, call_types, by_connection,
         by_region, by_cause, people)
       select $1, 'UTC', 'hour', h, h + interval '1 hour', date_trunc('day', h, 'UTC'),
         date_trunc('day', h, 'UTC') + interval '1 day', 1, 0, 0, 1, 0, 60000, '{}', '{}', '{}', '{}', 's'
       from generate_series($2::timestamptz - interval '364 days', $2::timestamptz, interval '1 hour') h`,
      [owner.organizationId, new Date(Math.floor(app.clock.now() / HOUR_MS) * HOUR_MS).toISOString()],
    );
    const { data } = await get('timeline?period=year&interval=hour');
    expect(data).toHaveLength(365 * 24);
    const counted = data.filter(
      ({ calls, participantSeconds }: Record<string, number>) => calls === 1 && participantSeconds === 60,
    );
    expect(counted.length).toBeGreaterThan(363 * 24);
  });

  it('of a large organization are built in a new time zone part by part, months once they are over', async () => {
    const now = new Date(app.clock.now()).toISOString();
    await ownerSql(
      `with unchecked as materialized (select set_config('session_replication_role', 'replica', true))
       insert into analytics_calls (call_id, organization_id, started_at, ended_at, duration_ms, type, lost, with_agent,
         peak_participants, measured_at)
       select 'call_large_' || n, $1, $2::timestamptz - n * interval '10 minutes', $2::timestamptz, 60000, 'audio', false, false,
         1, $2::timestamptz
       from unchecked, generate_series(1, 12000) n`,
      [owner.organizationId, now],
    );
    await ownerSql(
      `insert into analytics_zones (organization_id, time_zone, next_time_zone) values ($1, 'UTC', 'Asia/Kolkata')`,
      [owner.organizationId],
    );
    await ownerSql('select build_analytics_zone($1)', [owner.organizationId]);
    const built = await ownerSql(
      `select count(*) filter (where grain = 'day') as days, sum(calls) filter (where grain = 'day') as calls from analytics_buckets
       where organization_id = $1 and time_zone = 'Asia/Kolkata'`,
      [owner.organizationId],
    );
    expect(Number(built[0]!.calls)).toBeGreaterThan(2_700);
    expect(Number(built[0]!.calls)).toBeLessThanOrEqual(3_000);
    expect((await get('overview?period=year')).range.timeZone).toBe('UTC');
    expect(await buildTimeZones(app.services)).toMatchObject({ failed: 0 });
    expect(await get('overview?period=year')).toMatchObject({
      range: { timeZone: 'Asia/Kolkata' },
      current: { calls: 12_000 },
    });
    const months = await ownerSql(
      `select m.starts_at, m.calls - (select sum(d.calls) from analytics_buckets d where d.organization_id = m.organization_id
         and d.grain = 'day' and d.starts_at >= m.starts_at and d.starts_at < m.ends_at) as more
       from analytics_buckets m where organization_id = $1 and grain = 'month' and ends_at <= $2::timestamptz`,
      [owner.organizationId, now],
    );
    expect(months.length).toBeGreaterThanOrEqual(2);
    expect(months.every(({ more }) => Number(more) === 0)).toBe(true);
  });

  it('estimate different users within 5 %, over days in which the same ones take part', async () => {
    const userIds = await insertUsers(1_000);
    const room = await app.send('POST', '/api/v1/rooms', { token: owner.token, body: { name: 'Hall' } });
    const nowMs = app.clock.now();
    for (const [hoursAgo, from] of [
      [1, 0],
      [20, 300],
      [25, 150],
      [1_000, 0],
    ] as const)
      await createCalls(app, [
        {
          organizationId: owner.organizationId,
          roomId: room.body.id,
          status: 'ended',
          startedAt: new Date(nowMs - hoursAgo * HOUR_MS),
          endedAt: new Date(nowMs - 60_000),
          participants: userIds.slice(from, from + 700).map((identity) => ({
            identity,
            status: 'left' as const,
            joinedAt: new Date(nowMs - hoursAgo * HOUR_MS),
            connectedMs: 1_000,
          })),
        },
      ]);
    await refresh();
    for (const [period, users] of [
      ['week', 1_000],
      ['month', 1_000],
      ['year', 1_000],
    ] as const) {
      const { activeUsers } = (await get(`overview?period=${period}`)).current;
      expect(Math.abs(activeUsers / users - 1), period).toBeLessThan(0.05);
    }
  });
});

describe('a call that ends', () => {
  async function endedCall() {
    const { callId, identity, roomId } = await openCall(app, owner);
    app.liveKit.cluster.join(callId, identity);
    await deliverAll(app);
    return { callId, identity, roomId };
  }

  it('is counted once it is over, with connection, cause and measures of its participants', async () => {
    const { callId, identity } = await endedCall();
    const samples = Array.from({ length: 6 }, (_, index) =>
      sampleAt(
        app,
        -index * 10,
        // The last samples are of another device, and of another codec.
        {
          protocol: 'udp',
          candidateType: 'relay',
          windowSeconds: 10,
          device: index < 4 ? 'phone' : 'tablet',
        },
        [
          { ...receivedTrack('svc', 2), codec: 'opus' },
          {
            direction: 'receive',
            kind: 'video',
            source: 'camera',
            publisherIdentity: 'svc',
            codec: index < 4 ? 'h264' : 'vp8',
          },
        ],
      ),
    );
    app.clock.advanceSeconds(60);
    const sent = await postSamples(app, owner.token, createBatch(app, { callId, samples }));
    expect(sent.status).toBeLessThan(300);
    await refresh();
    expect((await get('overview')).current.calls).toBe(0);
    app.liveKit.cluster.leave(callId, identity);
    app.liveKit.cluster.end(callId);
    await deliverAll(app);
    await refreshRollups(app.services);
    expect((await get('overview')).current).toMatchObject({
      calls: 1,
      participations: 1,
      activeUsers: 1,
      callTypes: { audio: { calls: 1 } },
    });
    const { groups, current } = await get('call-quality?groupBy=connection');
    expect(groups).toMatchObject([
      { group: 'relay', participations: 1, roundTripSeconds: 0.05, lossRatio: 0.02 },
    ]);
    expect((await get('call-quality?groupBy=device')).groups).toMatchObject([
      { group: 'phone', participations: 1, roundTripSeconds: 0.05 },
    ]);
    expect((await get('call-quality?groupBy=codec')).groups).toMatchObject([
      { group: 'h264', participations: 1, roundTripSeconds: 0.05 },
    ]);
    expect(current.percentiles.roundTrip.p95).toBeGreaterThan(0.049);
    expect(current.percentiles.roundTrip.p95).toBeLessThan(0.052);
    expect((await get('top-users')).data).toMatchObject([{ userId: owner.userId, calls: 1 }]);
  });

  it('is counted once, and again with what clients report after its end', async () => {
    const { callId, identity } = await endedCall();
    app.clock.advanceSeconds(60);
    app.liveKit.cluster.leave(callId, identity);
    app.liveKit.cluster.end(callId);
    await deliverAll(app);
    await refreshRollups(app.services);
    expect((await get('call-quality')).current).toMatchObject({ participations: 1, roundTripSeconds: null });
    app.clock.advanceSeconds(5);
    const { token } = await renewToken(app, owner);
    const batch = createBatch(app, { callId, samples: [sampleAt(app, 20, {}, [receivedTrack('svc')])] });
    expect((await postSamples(app, token, batch)).status).toBeLessThan(300);
    await refresh();
    expect((await get('call-quality')).current).toMatchObject({ participations: 1, roundTripSeconds: 0.05 });
    await refresh();
    expect((await get('overview')).current).toMatchObject({ calls: 1, participations: 1 });
  });

  it('is not counted when nobody connected', async () => {
    await openCall(app, owner);
    app.clock.advanceSeconds(3_600);
    await runReconciliation(app);
    await refresh();
    expect((await get('overview')).current).toMatchObject({ calls: 0, averageCallSeconds: null });
  });
});

describe('an organization', () => {
  /** A call of five minutes that has ended, an hour ago. */
  async function addCall({ token, organizationId, userId }: Person) {
    const room = await app.send('POST', '/api/v1/rooms', { token, body: { name: 'Hall' } });
    const startedAt = new Date(app.clock.now() - HOUR_MS);
    const endedAt = new Date(startedAt.getTime() + 300_000);
    const person = { identity: userId, status: 'left' as const, joinedAt: startedAt, connectedMs: 300_000 };
    const times = { status: 'ended' as const, startedAt, endedAt };
    await createCalls(app, [{ organizationId, roomId: room.body.id, ...times, participants: [person] }]);
  }
  const callsOf = async ({ token }: Person) =>
    (await app.send('GET', '/api/v1/analytics/overview', { token })).body.current.calls;

  it.each(['PLT', 'BST', 'EST5EDT', 'US/Pacific-New', 'SystemV/AST4ADT'])(
    'has no time zone that the database takes for another one, or does not know: %s',
    async (timeZone) => {
      const path = `/api/v1/organizations/${owner.organizationId}`;
      const answer = await app.send('PATCH', path, { token: owner.token, body: { settings: { timeZone } } });
      expect(answer).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
    },
  );

  it('has rollups that can be built once more in the same time zone, whatever else of it changes meanwhile', async () => {
    await addCall(owner);
    await refresh();
    await ownerSql('delete from analytics_buckets where organization_id = $1', [owner.organizationId]);
    await ownerSql('update analytics_zones set next_time_zone = time_zone where organization_id = $1', [
      owner.organizationId,
    ]);
    await app.send('PATCH', `/api/v1/organizations/${owner.organizationId}`, {
      token: owner.token,
      body: { name: 'Northwind Traders' },
    });
    await app.drain();
    expect(await callsOf(owner)).toBe(0);
    expect(await buildTimeZones(app.services)).toMatchObject({ failed: 0 });
    expect(await callsOf(owner)).toBe(1);
  });

  it('whose rollups cannot be computed stops no other, and is tried again later', async () => {
    const other = await app.person();
    const setZone = (zone: string) =>
      ownerSql(
        `update organizations set settings = settings || jsonb_build_object('timeZone', $1::text) where id = $2`,
        [zone, owner.organizationId],
      );
    await setZone('Mars/Olympus');
    await addCall(owner);
    await addCall(other);
    await measureLateCalls(app.services);
    const outcome = await refreshRollups(app.services);
    expect(outcome.failed).toBe(1);
    expect(await callsOf(other)).toBe(1);
    await setZone('Europe/Berlin');
    app.clock.advanceSeconds(900);
    expect(await refreshRollups(app.services)).toMatchObject({ failed: 0 });
    expect((await get('overview')).current.calls).toBe(1);
  });
});

describe('a moment', () => {
  it('that a commit is marking is left to the next refresh, so that no call is missed', async (context) => {
    if (inject('embedded')) context.skip('the embedded database has one connection; CI has a server');
    const { organizationId } = owner;
    const moment = new Date(app.clock.now() - HOUR_MS);
    const mark = (q: Queries) => markDirty(q, organizationId, [moment, moment], new Date(app.clock.now()));
    const { database } = app.services;
    const isMarked = async () =>
      (await ownerSql('select from analytics_dirty where organization_id = $1', [organizationId])).length > 0;
    await database.commit(systemScope, (q) => [mark(q)]);
    await database.transaction(systemScope, async (tx) => {
      await mark(tx as unknown as Queries);
      await refreshRollups(app.services);
    });
    expect(await isMarked()).toBe(true);
    await refreshRollups(app.services);
    expect(await isMarked()).toBe(false);
  });
});
