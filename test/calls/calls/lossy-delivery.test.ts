import { beforeAll, describe, expect, it } from 'vitest';
import type { CallParticipantView } from '../../../src/insights/call-history/index.ts';
import { reconcileCalls } from '../../../src/calls/sync/index.ts';
import { isOver, type LedgerState } from '../../../src/calls/ledger/index.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { planDeliveries } from '../../support/livekit/webhooks.ts';
import { simulate, type Simulation } from '../ledger/simulate-calls.ts';
import { type Comparison, compare, newComparison } from '../ledger/compare-with-truth.ts';
import { openCall, fetchCall, fetchAllPages, reduceEventsOf, sendEvents, renewToken } from './support.ts';

type ConnectionJson = CallParticipantView['connections'][number];

interface KnownView {
  how: 'event' | 'sweep' | 'inferred';
  knownAt: string;
  uncertaintySeconds: number;
}

const factOf = (at: string, { how, knownAt, uncertaintySeconds }: KnownView) => ({
  atMs: Date.parse(at),
  how,
  knownAtMs: Date.parse(knownAt),
  uncertaintySeconds,
});
const factOrNull = (at: string | null, known: KnownView | null) =>
  at === null || known === null ? null : factOf(at, known);

/** The ledger state of a call, read from the API. */
async function readLedgerFromApi(app: TestApp, host: Person, callId: string): Promise<LedgerState> {
  const call = await fetchCall(app, host, `/${callId}`);
  const people = await fetchAllPages(app, host, `/${callId}/participants`);
  const timeline = await fetchAllPages(app, host, `/${callId}/timeline`);
  const ends = new Map(
    timeline.filter(({ type }) => type === 'track.unpublished').map((entry) => [entry.trackSid, entry]),
  );
  return {
    call: {
      status: call.status,
      started: factOrNull(call.startedAt, call.started),
      ended: factOrNull(call.endedAt, call.ended),
      endReason: call.endReason,
    },
    connections: people.flatMap(({ identity, connections }) =>
      connections.map((each: ConnectionJson) => ({
        ...each,
        identity,
        joined: factOf(each.joinedAt, each.joined),
        left: factOrNull(each.leftAt, each.left),
      })),
    ),
    tracks: timeline
      .filter(({ type }) => type === 'track.published')
      .map(({ trackSid: sid, connectionSid, kind, source, occurredAt, known }) => {
        const end = ends.get(sid);
        const unpublished = end ? factOf(end.occurredAt, end.known) : null;
        return {
          sid,
          connectionSid,
          kind,
          source,
          muted: false,
          published: factOf(occurredAt, known),
          unpublished,
        };
      }),
  };
}

describe('50 calls through webhooks, queue and one sweep', () => {
  let app: TestApp;
  let host: Person;
  let simulation: Simulation;
  const callIds: string[] = [];
  let comparison: Comparison;

  beforeAll(async () => {
    app = createTestApp();
    host = await app.person();
    for (let call = 0; call < 50; call++) callIds.push((await openCall(app, host)).callId);
    const { cluster } = app.liveKit;
    const moveTo = (ms: number) => app.clock.advanceSeconds((ms - app.clock.now()) / 1000);
    simulation = simulate(50, callIds, { cluster, startMs: app.clock.now(), moveTo });
    const plan = planDeliveries(cluster.events, { seed: 4, drop: 0.2, duplicate: 0.2, shuffle: true });
    const delivered = plan.map(({ event }) => event);
    await sendEvents(app, delivered);
    await reduceEventsOf(app, callIds);
    await reconcileCalls(app.services);
    host = await renewToken(app, host);
    comparison = newComparison();
    for (const callId of callIds)
      compare(
        comparison,
        await readLedgerFromApi(app, host, callId),
        callId,
        delivered.filter(({ room }) => room.name === callId),
        simulation,
      );
  });

  it('match the truth with 20 % of the events dropped, 20 % duplicated and all shuffled', () => {
    expect(comparison.differences).toEqual([]);
    expect(comparison.facts.inferred).toBeGreaterThan(100);
  });

  it('have totals that are exactly the sums of their connections', async () => {
    const now = app.clock.now();
    for (const callId of callIds) {
      const call = await fetchCall(app, host, `/${callId}`);
      const people = await fetchAllPages(app, host, `/${callId}/participants`);
      const lasted = people.flatMap(({ connections }) =>
        connections.map(
          (each: ConnectionJson) => (each.leftAt ? Date.parse(each.leftAt) : now) - Date.parse(each.joinedAt),
        ),
      );
      const sum = lasted.reduce((a: number, b: number) => a + b, 0);
      expect(call.participantSeconds).toBe(sum / 1000);
      expect(people.reduce((all, { connectedSeconds }) => all + connectedSeconds * 1000, 0)).toBeCloseTo(
        sum,
        3,
      );
      const end = isOver(call.status) ? Date.parse(call.endedAt) : now;
      expect(call.durationSeconds).toBe((end - Date.parse(call.startedAt)) / 1000);
    }
  });

  it('need no further change in the next sweep', async () => {
    app.clock.advanceSeconds(60);
    expect(await reconcileCalls(app.services)).toMatchObject({
      changed: 0,
      missed: 0,
      unreachable: [],
      requeued: 0,
    });
  });
});
