import { TrackSource } from 'livekit-server-sdk';
import { SimulatedCluster } from '../../support/livekit/cluster.ts';
import { randomFrom } from '../../support/random.ts';

/** A time far from the present, so that nothing here depends on when it runs. */
const EPOCH_MS = Date.UTC(2026, 3, 1, 9);

export interface Simulation {
  cluster: SimulatedCluster;
  /** The end: nothing has happened for longer than a list may lag. */
  quietAtMs: number;
  startMs: number;
}

interface PlannedAction {
  atMs: number;
  act: () => void;
}

/** What one person does: joins, publishes, shares the screen, crashes, changes device or name, leaves. */
function planPerson(cluster: SimulatedCluster, room: string, identity: string, random: () => number) {
  const maybe = (probability: number) => random() < probability;
  let name = `Person ${identity}`;
  const steps: { afterMs: number; act: () => void }[] = [];
  const later = (upToMs: number, act: () => void) => steps.push({ afterMs: 1 + random() * upToMs, act });
  const there = () => cluster.rooms.get(room)?.participants.has(identity) === true;
  const join = () => void cluster.join(room, identity, { name, departureTimeout: 20 });
  const leave = (reason?: 'CONNECTION_TIMEOUT') => void (there() && cluster.leave(room, identity, reason));
  const publish = (...sources: ('MICROPHONE' | 'CAMERA' | 'SCREEN_SHARE' | 'SCREEN_SHARE_AUDIO')[]) => {
    if (there()) for (const source of sources) cluster.publish(room, identity, { source });
  };

  const planStay = (): void => {
    if (maybe(0.8)) later(4_000, () => publish('MICROPHONE'));
    if (maybe(0.7)) later(4_000, () => publish('CAMERA'));
    if (maybe(0.25)) {
      later(60_000, () => publish('SCREEN_SHARE', 'SCREEN_SHARE_AUDIO'));
      later(90_000, () => {
        const tracks = cluster.rooms.get(room)?.participants.get(identity)?.tracks ?? [];
        for (const { sid, source } of tracks)
          if (source === TrackSource.SCREEN_SHARE || source === TrackSource.SCREEN_SHARE_AUDIO)
            cluster.unpublish(room, identity, sid);
      });
    }
  };

  later(30_000, join);
  planStay();
  for (let more = 0; more < 2; more++) {
    if (maybe(0.25)) {
      // The network breaks, and the person rejoins.
      later(120_000, () => leave('CONNECTION_TIMEOUT'));
      later(20_000, join);
      planStay();
    }
    if (maybe(0.15)) {
      // A second device replaces the first.
      later(120_000, join);
      planStay();
    }
    if (maybe(0.15)) {
      later(120_000, () => leave());
      later(10_000, () => {
        name = `${name} again`;
        join();
      });
      planStay();
    }
  }
  if (maybe(0.7)) later(200_000, () => leave());
  return steps;
}

export interface SimulatedWorld {
  cluster: SimulatedCluster;
  startMs: number;
  moveTo(ms: number): void;
  /** Called at each full minute of the simulation. */
  onMinute?(nowMs: number): void;
}

/** A cluster with a clock of its own. */
export function createWorld(series: number): SimulatedWorld {
  let nowMs = EPOCH_MS;
  return {
    cluster: new SimulatedCluster(() => nowMs, series),
    startMs: EPOCH_MS,
    moveTo: (ms) => {
      nowMs = ms;
    },
  };
}

/** What happens in one call: people come and go, and most calls end, by a host or because everybody has left. */
function planCall(
  cluster: SimulatedCluster,
  room: string,
  startMs: number,
  random: () => number,
): PlannedAction[] {
  const plan: PlannedAction[] = [];
  const beginMs = startMs + random() * 600_000;
  const people = 1 + Math.floor(random() * 5);
  let lastMs = beginMs;
  for (let person = 0; person < people; person++) {
    let atMs = beginMs;
    for (const { afterMs, act } of planPerson(cluster, room, `usr_${room}_${person}`, random)) {
      atMs = Math.round(atMs + afterMs);
      plan.push({ atMs, act });
    }
    lastMs = Math.max(lastMs, atMs);
  }
  const end = () => void (cluster.rooms.has(room) && cluster.end(room));
  if (random() < 0.75) plan.push({ atMs: Math.round(lastMs + 20_000), act: end });
  return plan;
}

/**
 * Simulates concurrent calls of several people each, with everything that happens in calls. Some are over at the end, some
 * are not; at the end nothing has happened for longer than a list may lag.
 */
export function simulate(
  seed: number,
  rooms: readonly string[],
  world: SimulatedWorld = createWorld(seed),
): Simulation {
  const random = randomFrom(seed);
  const { cluster, startMs, moveTo } = world;
  let minuteMs = startMs;
  const plan = rooms.flatMap((room) => planCall(cluster, room, startMs, random));
  for (const { atMs, act } of plan.sort((a, b) => a.atMs - b.atMs)) {
    for (; minuteMs < atMs; minuteMs += 60_000) {
      moveTo(minuteMs);
      world.onMinute?.(minuteMs);
    }
    moveTo(atMs);
    act();
  }
  const quietAtMs = plan.at(-1)!.atMs + 10_000;
  moveTo(quietAtMs);
  return { cluster, quietAtMs, startMs };
}
