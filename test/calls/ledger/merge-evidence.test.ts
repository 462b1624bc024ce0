import { Room, WebhookEvent } from 'livekit-server-sdk';
import { describe, expect, it } from 'vitest';
import { toClusterParticipant } from '../../../src/calls/clusters/index.ts';
import { parseClusterEvent } from '../../../src/calls/sync/parse-cluster-event.ts';
import {
  boundEvidenceByLists,
  type Evidence,
  evidenceOfEvent,
  evidenceOfLists,
  type LedgerState,
  type ClusterLists,
  mergeEvidence,
  NO_EVIDENCE,
  deriveLedgerState,
} from '../../../src/calls/ledger/index.ts';
import type { ClusterEvent } from '../../support/livekit/shapes.ts';
import { planDeliveries } from '../../support/livekit/webhooks.ts';
import { randomFrom } from '../../support/random.ts';
import { createWorld, type Simulation, simulate } from './simulate-calls.ts';
import { compare, newComparison } from './compare-with-truth.ts';

const rooms = (count: number) => Array.from({ length: count }, (_, i) => `call_${i}`);

/** When an event is received: a little after it was sent, always the same for the same event. */
const receivedAtMs = ({ createdAt, id }: ClusterEvent) => Number(createdAt) * 1000 + id.charCodeAt(5) * 7;
const evidenceOf = (event: ClusterEvent): Evidence =>
  evidenceOfEvent(parseClusterEvent(WebhookEvent.fromJsonString(JSON.stringify(event)), receivedAtMs(event)));

/** The cluster's lists of a room now. */
function listsOf(
  { cluster, quietAtMs: askedAtMs }: Pick<Simulation, 'cluster' | 'quietAtMs'>,
  name: string,
): ClusterLists {
  const times = { askedAtMs, answeredAtMs: askedAtMs + 80 };
  const room = cluster.rooms.get(name);
  if (!room) return { room: { ...times, value: undefined } };
  const { sid, creationTimeMs } = new Room(room.info);
  const value = { name, sid, createdAtMs: Number(creationTimeMs), participants: room.participants.size };
  return {
    room: { ...times, value },
    participants: { ...times, value: [...room.participants.values()].map(toClusterParticipant) },
  };
}

/** A simulation with the cluster's lists at each full minute; a fifth of its events is lost. */
function sweptEachMinute(seed: number, names: readonly string[]) {
  const world = createWorld(seed);
  const { cluster } = world;
  const sweeps: ((room: string) => ClusterLists)[] = [];
  const onMinute = (quietAtMs: number) => {
    const found = new Map(names.map((name) => [name, listsOf({ cluster, quietAtMs }, name)]));
    sweeps.push((room) => found.get(room)!);
  };
  const simulation = simulate(seed, names, { ...world, onMinute });
  const plan = planDeliveries(cluster.events, { seed: 3, drop: 0.2, duplicate: 0.2, shuffle: true });
  return { simulation, sweeps, delivered: byRoom(plan.map(({ event }) => event)) };
}

const byRoom = (events: readonly ClusterEvent[]) => Map.groupBy(events, ({ room }) => room.name as string);

/** The ledger of a call after its events and one sweep. */
function ledgerOf(simulation: Simulation, name: string, delivered: readonly ClusterEvent[]): LedgerState {
  const evidence = mergeEvidence(...delivered.map(evidenceOf));
  const known = deriveLedgerState(evidence, simulation.startMs);
  return deriveLedgerState(
    mergeEvidence(evidence, evidenceOfLists(known, listsOf(simulation, name))),
    simulation.startMs,
  );
}

describe('merging evidence', () => {
  const simulation = simulate(11, rooms(12));
  const { events } = simulation.cluster;
  const view = (...parts: Evidence[]) => deriveLedgerState(mergeEvidence(...parts), simulation.startMs);

  it('gives the same state in every order, with duplicates and in any portions', () => {
    for (const [seed, eventsOfCall] of [...byRoom(events).values()].entries()) {
      const inOrder = view(...eventsOfCall.map(evidenceOf));
      const random = randomFrom(seed);
      for (let round = 0; round < 5; round++) {
        const shuffled = planDeliveries(eventsOfCall, {
          seed: seed * 10 + round,
          duplicate: 0.3,
          shuffle: true,
        });
        const portions = Map.groupBy(shuffled, () => Math.floor(random() * 4)).values();
        const merged = [...portions].map((portion) =>
          mergeEvidence(...portion.map(({ event }) => evidenceOf(event))),
        );
        expect(view(...merged)).toEqual(inOrder);
      }
    }
  });

  it('is commutative, associative and idempotent', () => {
    const random = randomFrom(5);
    const sorted = (evidence: Evidence) => ({
      call: evidence.call,
      connections: Object.fromEntries(evidence.connections),
      tracks: Object.fromEntries(evidence.tracks),
    });
    const [eventsOfCall] = byRoom(events).values();
    const known = deriveLedgerState(mergeEvidence(...eventsOfCall!.map(evidenceOf)), simulation.startMs);
    const lists = evidenceOfLists(known, listsOf(simulation, 'call_0'));
    const gone = evidenceOfLists(known, { room: { askedAtMs: 9e12, answeredAtMs: 9e12, value: undefined } });
    const parts = [...eventsOfCall!.map(evidenceOf), lists, gone];
    const any = () => mergeEvidence(...parts.filter(() => random() < 0.3));
    for (let round = 0; round < 200; round++) {
      const [a, b, c] = [any(), any(), any()];
      expect(sorted(mergeEvidence(a, b))).toEqual(sorted(mergeEvidence(b, a)));
      expect(sorted(mergeEvidence(a, mergeEvidence(b, c)))).toEqual(
        sorted(mergeEvidence(mergeEvidence(a, b), c)),
      );
      expect(sorted(mergeEvidence(a, a))).toEqual(sorted(a));
      expect(sorted(mergeEvidence(a, NO_EVIDENCE))).toEqual(sorted(a));
    }
  });
});

describe('500 calls', () => {
  const simulation = simulate(2026, rooms(500));

  it('match the truth when every event arrives', () => {
    const comparison = newComparison();
    const delivered = byRoom(simulation.cluster.events);
    for (const room of rooms(500))
      compare(
        comparison,
        ledgerOf(simulation, room, delivered.get(room)!),
        room,
        delivered.get(room)!,
        simulation,
      );
    expect(comparison.differences).toEqual([]);
    expect(comparison.facts).toMatchObject({ sweep: 0, inferred: 0 });
  });

  it('match the truth after one sweep with 20 % of the events dropped, 20 % duplicated and all shuffled', () => {
    const mishaps = { seed: 3, drop: 0.2, duplicate: 0.2, shuffle: true };
    const delivered = byRoom(planDeliveries(simulation.cluster.events, mishaps).map(({ event }) => event));
    const comparison = newComparison();
    for (const room of rooms(500)) {
      const events = delivered.get(room) ?? [];
      compare(comparison, ledgerOf(simulation, room, events), room, events, simulation);
    }
    expect(comparison.differences).toEqual([]);
    // These came and went before the sweep, with every event that names them lost.
    expect(comparison.traceless).toEqual({ connections: 5, tracks: 251 });
    const { connections, tracks } = simulation.cluster.history;
    expect([connections.length, tracks.length]).toEqual([3182, 6369]);
    expect(comparison.facts).toEqual({ event: 16340, sweep: 65, inferred: 2765 });
  });

  it('match the truth to the minute with a sweep each minute', () => {
    const { delivered: deliveredByRoom, sweeps, simulation: minutely } = sweptEachMinute(2026, rooms(100));
    const comparison = newComparison();
    for (const room of rooms(100)) {
      const lists = sweeps.map((listsAt) => listsAt(room));
      const delivered = deliveredByRoom.get(room) ?? [];
      let evidence: Evidence = NO_EVIDENCE;
      for (const list of [...lists, listsOf(minutely, room)]) {
        const then = delivered.filter((event) => receivedAtMs(event) <= list.room.askedAtMs).map(evidenceOf);
        evidence = mergeEvidence(evidence, boundEvidenceByLists(evidence, mergeEvidence(...then)));
        const known = deriveLedgerState(evidence, minutely.startMs);
        const found = evidenceOfLists(known, list);
        evidence = mergeEvidence(evidence, boundEvidenceByLists(evidence, found));
      }
      const listed = lists.flatMap(({ participants }) =>
        (participants?.value ?? []).flatMap(({ sid, tracks }) => [sid, ...tracks.map((track) => track.sid)]),
      );
      compare(comparison, deriveLedgerState(evidence, minutely.startMs), room, delivered, minutely, listed);
    }
    expect(comparison.differences).toEqual([]);
    // A minute between two sweeps, and the seconds by which a list may lag.
    expect(comparison.greatestUncertainty).toBeLessThan(67);
    expect(comparison.traceless).toEqual({ connections: 0, tracks: 4 });
  });
});
