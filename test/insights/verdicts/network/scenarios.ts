import type { Observation } from '../../../../src/insights/verdicts/index.ts';
import { playCall, type Server } from './play-call.ts';
import { FAULTS, type Label } from './faults.ts';
import type { LinkConditions } from './link.ts';
import type { Conditions, Person } from './people.ts';
import { type Chance, createChance } from './random.ts';

export interface LabelledCall {
  label: Label;
  /** Identity of the person that the label is about. */
  focus: string;
  observations: Observation[];
}

const link = (chance: Chance, minBps: number, maxBps: number): LinkConditions => ({
  capacityBps: chance.between(minBps, maxBps),
  propagationSeconds: chance.between(0.005, 0.07),
  jitterSeconds: chance.between(0.0005, 0.012),
  // Most lines lose almost nothing, some a little.
  lossRatio: chance.between(0, 0.1) ** 2,
  bufferSeconds: chance.between(0.2, 0.9),
  tcp: false,
});

/** The conditions of a person with an ordinary connection and device. */
function ordinaryConditions(chance: Chance): Conditions {
  const up = link(chance, 4e6, 40e6);
  const down = link(chance, 12e6, 150e6);
  // Some are behind a firewall that allows only TCP, with a line that is good enough for it.
  const tcp = chance.happens(0.08);
  if (tcp) for (const line of [up, down]) Object.assign(line, { tcp, lossRatio: line.lossRatio / 50 });
  return {
    up,
    down,
    encodes: chance.between(1.2, 4),
    decodes: chance.between(2, 6),
    protocol: tcp ? 'tls' : 'udp',
    candidateType: tcp ? 'relay' : chance.pick(['host', 'srflx', 'srflx', 'relay']),
    muted: false,
    camera: chance.happens(0.85),
  };
}

/** Passing disturbances that are no cause: a few seconds of loss for a random person. */
function disturbances(people: readonly Person[], seconds: number, chance: Chance) {
  return Array.from({ length: chance.whole(0, 2) }, () => {
    const { up, down } = chance.pick(people).conditions;
    const from = chance.between(5, Math.max(6, seconds - 10));
    const disturbed = chance.pick([up, down]);
    return { from, to: from + chance.between(2, 7), disturbed, lossRatio: chance.between(0.05, 0.2) };
  });
}

const copyOf = (from: Conditions): Conditions => ({ ...from, up: { ...from.up }, down: { ...from.down } });
/** Restores the conditions in place, because links and reports refer to the same objects. */
const restore = (target: Conditions, { up, down, ...rest }: Conditions) => {
  Object.assign(target.up, up);
  Object.assign(target.down, down);
  Object.assign(target, rest);
};

/** Plays one call with the fault in it. */
export function labelledCall(label: Label, seed: number): LabelledCall {
  const chance = createChance(seed);
  const fault = FAULTS[label](chance);
  const size = chance.whole(fault.people?.[0] ?? 2, fault.people?.[1] ?? 6);
  const people: Person[] = Array.from({ length: size }, (_each, index) => ({
    identity: `usr_${index}`,
    conditions: ordinaryConditions(chance),
    // In a call of two the other person always reports, unless the fault says otherwise.
    reports: index === 0 || size === 2 || chance.happens(0.88),
    reportsLimitation: chance.happens(0.88),
    skewSeconds: chance.between(-1.5, 1.5),
  }));
  const server: Server = { lossRatio: chance.between(0, 0.002), delaySeconds: chance.between(0.001, 0.01) };
  const seconds = fault.seconds ?? 5 * chance.whole(12, 36);
  fault.always?.(people);
  const before = people.map(({ conditions }) => copyOf(conditions));
  const quiet = { ...server };
  const durationSeconds = seconds * chance.between(fault.atLeast ?? 0.45, fault.atMost ?? 1);
  const from = chance.between(0, seconds - durationSeconds);
  const passing = disturbances(people, seconds, chance);
  const during = (second: number) => {
    for (const [index, { conditions }] of people.entries()) restore(conditions, before[index]!);
    Object.assign(server, quiet);
    for (const { from: start, to, disturbed, lossRatio } of passing)
      if (second >= start && second < to) disturbed.lossRatio = Math.max(disturbed.lossRatio, lossRatio);
    if (second >= from && second < from + durationSeconds) fault.during?.(people, server);
  };
  const observations = playCall({ people, server, seconds, during }, chance);
  return { label, focus: people[0]!.identity, observations };
}

/** Calls for each label; another seed makes other calls. */
export function labelledCalls(perLabel: number, seed: number): LabelledCall[] {
  const labels = Object.keys(FAULTS) as Label[];
  return labels.flatMap((label, kind) =>
    Array.from({ length: perLabel }, (_each, index) => labelledCall(label, seed + kind * 10_007 + index)),
  );
}
