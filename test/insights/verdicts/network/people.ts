import type { Chance } from './random.ts';
import { Estimator, Link, type LinkConditions, type Passage } from './link.ts';

/** The real conditions of a person in the call, which the verdict does not know. */
export interface Conditions {
  up: LinkConditions;
  down: LinkConditions;
  /** How much of the work for a camera with 720 pixels and 25 frames per second the device can encode and decode. */
  encodes: number;
  decodes: number;
  protocol: 'udp' | 'tcp' | 'tls';
  candidateType: 'host' | 'srflx' | 'relay';
  muted: boolean;
  camera: boolean;
}

export interface Person {
  identity: string;
  conditions: Conditions;
  /** Whether the client sends samples. */
  reports: boolean;
  /** Not every browser reports why an encoder is limited, and freezes. */
  reportsLimitation: boolean;
  /** Seconds by which the times of the samples are off. */
  skewSeconds: number;
}

export const AUDIO_BPS = 40_000;
/** The layers a camera is sent in, from the smallest. */
export const LAYERS = [
  { height: 180, bps: 150_000, pixels: 0.06, frames: 15 },
  { height: 360, bps: 450_000, pixels: 0.25, frames: 25 },
  { height: 720, bps: 1_400_000, pixels: 1, frames: 25 },
] as const;
const LAYERS_BPS = LAYERS.reduce((sum, { bps }) => sum + bps, 0);

/** What a person sends in one tick. */
export interface Sending {
  audio: boolean;
  /** How many of the layers, from the smallest. */
  layers: number;
  frames: number;
  limitation: 'none' | 'cpu' | 'bandwidth';
  videoBps: number;
  estimateBps: number;
  passage: Passage;
}

/** A person during the call: links, estimates and encoder. */
export class Peer {
  readonly person: Person;
  readonly up: Link;
  readonly down: Link;
  readonly #uplink = new Estimator(400_000, 3_000_000);
  readonly downlink: Estimator;
  #load = 0;

  constructor(person: Person, people: number) {
    this.person = person;
    this.up = new Link(person.conditions.up);
    this.down = new Link(person.conditions.down);
    this.downlink = new Estimator(800_000, 3_000_000 * people);
  }

  send(tickSeconds: number, chance: Chance): Sending {
    const { conditions } = this.person;
    const budget = this.#uplink.estimateBps - AUDIO_BPS;
    let layers = 0;
    let used = 0;
    while (conditions.camera && layers < LAYERS.length && used + LAYERS[layers]!.bps * 0.8 <= budget)
      used += LAYERS[layers++]!.bps;
    const wantsBandwidth = conditions.camera && used < LAYERS_BPS;
    // An encoder notices only after a while that it is too slow.
    this.#load += (1 / conditions.encodes - this.#load) * Math.min(1, tickSeconds / 3);
    const overloaded = conditions.camera && this.#load > 1.1;
    if (overloaded && this.#load > 2) layers = Math.min(layers, 2);
    const frames = overloaded ? Math.max(4, 25 / (layers === 3 ? this.#load : this.#load / 1.6)) : 25;
    const video = LAYERS.slice(0, layers).reduce((sum, { bps }) => sum + bps, 0);
    const videoBps = Math.min(video, Math.max(0, budget));
    const passage = this.up.step(videoBps + (conditions.muted ? 2_000 : AUDIO_BPS), tickSeconds, chance);
    this.#uplink.update(passage, tickSeconds);
    const { estimateBps } = this.#uplink;
    const limitation = overloaded ? 'cpu' : wantsBandwidth ? 'bandwidth' : 'none';
    return {
      audio: !conditions.muted,
      layers,
      frames: Math.min(25, frames),
      limitation,
      videoBps,
      estimateBps,
      passage,
    };
  }
}
