import type { Cause } from '../../../../src/insights/verdicts/index.ts';
import type { Server } from './play-call.ts';
import type { Person } from './people.ts';
import type { Chance } from './random.ts';

export type Label = Cause;

/** A fault in a call, as changes of people's connections and devices; the label is about the first person. */
export interface Fault {
  /** Minimum and maximum number of people with whom the fault can be recognized. */
  people?: readonly [number, number];
  seconds?: number;
  /** Changes for the whole call. */
  always?(people: readonly Person[]): void;
  /** Minimum share of the call that it lasts; 45 % by default. */
  atLeast?: number;
  atMost?: number;
  /** Changes while it lasts. */
  during?(people: readonly Person[], server: Server): void;
}

type PersonChange = (person: Person) => void;

/** TCP loses no packets, so faults with loss use UDP. */
const overUdp: PersonChange = ({ conditions }) => {
  Object.assign(conditions, { protocol: 'udp', candidateType: 'srflx' });
  for (const line of [conditions.up, conditions.down]) line.tcp = false;
};

const uplinkLoss = (chance: Chance): PersonChange => {
  const lossRatio = chance.between(0.035, 0.25);
  return (person) => {
    overUdp(person);
    person.conditions.up.lossRatio = lossRatio;
  };
};
const downlinkLoss = (chance: Chance): PersonChange => {
  const lossRatio = chance.between(0.035, 0.25);
  return (person) => {
    overUdp(person);
    person.conditions.down.lossRatio = lossRatio;
  };
};
const uplinkBandwidth = (chance: Chance, maxBps = 1_300_000): PersonChange => {
  const capacityBps = chance.between(100_000, maxBps);
  return ({ conditions }) => void ((conditions.up.capacityBps = capacityBps), (conditions.camera = true));
};
const downlinkBandwidth = (chance: Chance, people: number): PersonChange => {
  const needed = people <= 3 ? 1_400_000 : 450_000;
  const capacityBps = chance.between(0.2, 0.6) * needed * (people - 1);
  return ({ conditions }) => void (conditions.down.capacityBps = capacityBps);
};
const slowEncoder = (chance: Chance, most = 0.75): PersonChange => {
  const encodes = chance.between(0.15, most);
  return ({ conditions }) => void ((conditions.encodes = encodes), (conditions.camera = true));
};
const farAway = (chance: Chance): PersonChange => {
  const propagationSeconds = chance.between(0.21, 0.5);
  return ({ conditions }) => {
    conditions.up.propagationSeconds = propagationSeconds;
    conditions.down.propagationSeconds = propagationSeconds;
  };
};
const tcp = (chance: Chance, minLoss: number, maxLoss: number): PersonChange => {
  const lossRatio = chance.between(minLoss, maxLoss);
  const protocol = chance.pick(['tcp', 'tls'] as const);
  const detour = chance.between(0.01, 0.05);
  return ({ conditions }) => {
    Object.assign(conditions, { protocol, candidateType: 'relay' });
    for (const line of [conditions.up, conditions.down]) {
      line.tcp = true;
      line.lossRatio = lossRatio;
      line.propagationSeconds += detour;
    }
  };
};

type PeopleChange = (people: readonly Person[]) => void;

const toFirst =
  (change: PersonChange): PeopleChange =>
  (people) =>
    change(people[0]!);
const toSecond =
  (change: PersonChange): PeopleChange =>
  (people) =>
    change(people[1]!);

const withCameras = (people: readonly Person[]) =>
  people.forEach(({ conditions }) => (conditions.camera = true));

/** Several faults at once, or nothing to recognize them by: the right answer is unknown. */
function ambiguous(chance: Chance): Fault {
  const kind = chance.whole(0, 2);
  if (kind === 0)
    return {
      seconds: 5 * chance.whole(1, 4),
      during: toFirst(chance.pick([uplinkLoss, downlinkLoss])(chance)),
    };
  if (kind === 1) {
    const loss = chance.between(0.05, 0.2);
    return {
      people: [2, 2],
      always: (people) => void (people[1]!.reports = false),
      during: toFirst((person) => {
        overUdp(person);
        person.conditions.down.lossRatio = loss;
      }),
    };
  }
  const pairs = [
    [uplinkLoss, downlinkLoss],
    [slowEncoder, downlinkLoss],
    [slowEncoder, uplinkLoss],
    [uplinkBandwidth, downlinkLoss],
    [farAway, uplinkLoss],
    [farAway, downlinkLoss],
  ] as const;
  const changes = chance.pick(pairs).map((make: (chance: Chance) => PersonChange) => make(chance));
  return { during: ([person]) => changes.forEach((change) => change(person!)) };
}

function healthy(chance: Chance): Fault {
  const kind = chance.whole(0, 3);
  if (kind === 0) return { always: toFirst(tcp(chance, 0, 0.0005)) };
  if (kind === 1) return { atMost: 0.6, during: ([person]) => void (person!.conditions.muted = true) };
  // All participants are a little far away, as in a call between continents.
  const extra = chance.between(0, 0.06);
  return {
    always: (people) => people.forEach(({ conditions }) => (conditions.up.propagationSeconds += extra)),
  };
}

function serverTrouble(chance: Chance): Fault {
  const delaySeconds = chance.happens(0.5) ? chance.between(0.25, 0.8) : 0;
  const lossRatio = delaySeconds === 0 || chance.happens(0.5) ? chance.between(0.04, 0.2) : 0;
  return {
    people: [3, 7],
    during: (_people, server) => void Object.assign(server, { delaySeconds, lossRatio }),
  };
}

export const FAULTS: Readonly<Record<Label, (chance: Chance) => Fault>> = {
  healthy,
  uplink_loss: (chance) => ({ during: toFirst(uplinkLoss(chance)) }),
  downlink_loss: (chance) => ({ during: toFirst(downlinkLoss(chance)) }),
  uplink_bandwidth: (chance) => ({
    always: ([person]) => void (person!.conditions.camera = true),
    during: toFirst(uplinkBandwidth(chance)),
  }),
  downlink_bandwidth: (chance) => {
    const size = chance.whole(2, 6);
    return { people: [size, size], always: withCameras, during: toFirst(downlinkBandwidth(chance, size)) };
  },
  high_latency: (chance) => ({ during: toFirst(farAway(chance)) }),
  relay_over_tcp: (chance) => ({ always: toFirst(tcp(chance, 0.01, 0.06)) }),
  cpu_limited: (chance) => ({
    always: ([person]) => void (person!.conditions.camera = true),
    during: toFirst(slowEncoder(chance)),
  }),
  // Bad enough for others to notice: dropping layers that nobody requested affects nobody.
  remote_publisher: (chance) => ({
    always: withCameras,
    during: toSecond(
      chance.pick([
        () => uplinkLoss(chance),
        () => uplinkLoss(chance),
        () => uplinkBandwidth(chance, 400_000),
        () => slowEncoder(chance, 0.25),
      ])(),
    ),
  }),
  server_path: serverTrouble,
  muted: () => ({ atLeast: 0.9, during: ([person]) => void (person!.conditions.muted = true) }),
  unknown: ambiguous,
};
