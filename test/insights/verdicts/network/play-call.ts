import type { Observation } from '../../../../src/insights/verdicts/index.ts';
import { AUDIO_BPS, LAYERS, Peer, type Person, type Sending } from './people.ts';
import type { Chance } from './random.ts';
import { Report } from './client-report.ts';

/** The server that forwards the media. */
export interface Server {
  lossRatio: number;
  delaySeconds: number;
}

export interface CallPlan {
  people: Person[];
  server: Server;
  seconds: number;
  /** Called before each tick: changes the conditions in place. */
  during(second: number): void;
}

const TICK_SECONDS = 0.5;
const REPORT_SECONDS = 5;
/** Share of the reports that are lost. */
const LOST_REPORTS = 0.04;

/** The layer of each sender that fits the receiver's estimate, smallest first; undefined when none fits. */
function allocate(peer: Peer, senders: readonly (readonly [string, Sending])[], wantedHeight: number) {
  let left = peer.downlink.estimateBps - AUDIO_BPS * senders.length;
  const chosen = new Map<string, (typeof LAYERS)[number] | undefined>();
  const videos = senders.filter(([, { layers }]) => layers > 0);
  for (let layer = 0; layer < LAYERS.length; layer++)
    for (const [identity, { layers }] of videos) {
      const next = LAYERS[layer]!;
      const extra = next.bps - (chosen.get(identity)?.bps ?? 0);
      if (layer >= layers || next.height > wantedHeight || extra > left * 1.1) continue;
      if (layer > 0 && chosen.get(identity) === undefined) continue;
      chosen.set(identity, next);
      left -= extra;
    }
  return chosen;
}

/** Plays the call. @returns what the clients would report */
export function playCall({ people, server, seconds, during }: CallPlan, chance: Chance): Observation[] {
  const peers = people.map((person) => new Peer(person, people.length));
  const wantedHeight = people.length <= 3 ? 720 : 360;
  const observations: Observation[] = [];
  let reports = peers.map(({ person }) => new Report(person, wantedHeight));
  for (let tick = 1; tick * TICK_SECONDS <= seconds; tick++) {
    during((tick - 1) * TICK_SECONDS);
    const sendings = new Map(
      peers.map((peer) => [peer.person.identity, peer.send(TICK_SECONDS, chance)] as const),
    );
    for (const [index, peer] of peers.entries()) {
      const own = sendings.get(peer.person.identity)!;
      const senders = [...sendings].filter(([identity]) => identity !== peer.person.identity);
      const chosen = allocate(peer, senders, wantedHeight);
      const audible = senders.filter(([, { audio }]) => audio).length;
      const offered = [...chosen.values()].reduce(
        (sum, layer) => sum + (layer?.bps ?? 0),
        audible * AUDIO_BPS,
      );
      const passage = peer.down.step(Math.max(offered, 5_000), TICK_SECONDS, chance);
      peer.downlink.update(passage, TICK_SECONDS);
      reports[index]!.note({ own, senders, chosen, passage, server, tickSeconds: TICK_SECONDS }, chance);
    }
    if ((tick * TICK_SECONDS) % REPORT_SECONDS !== 0) continue;
    const endMs = tick * TICK_SECONDS * 1000;
    for (const [index, { person }] of peers.entries())
      if (person.reports && !chance.happens(LOST_REPORTS))
        observations.push(reports[index]!.observation(endMs + person.skewSeconds * 1000, REPORT_SECONDS));
    reports = peers.map(({ person }) => new Report(person, wantedHeight));
  }
  return observations;
}
