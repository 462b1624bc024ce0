import type { Observation, TrackSample } from '../../../../src/insights/verdicts/index.ts';
import type { Server } from './play-call.ts';
import type { Passage } from './link.ts';
import { AUDIO_BPS, type LAYERS, type Person, type Sending } from './people.ts';
import type { Chance } from './random.ts';
import { Stream } from './stream.ts';

type Layer = (typeof LAYERS)[number] | undefined;

export interface Tick {
  own: Sending;
  senders: readonly (readonly [string, Sending])[];
  chosen: ReadonlyMap<string, Layer>;
  passage: Passage;
  server: Server;
  tickSeconds: number;
}

const AUDIO_PACKET_BITS = AUDIO_BPS / 50;
const VIDEO_PACKET_BITS = 9600;
const rounded = (value: number, digits = 4) => Number(value.toFixed(digits));

/** What one client would report for a few seconds: counted, rounded and disturbed as in browsers. */
export class Report {
  readonly #person: Person;
  readonly #wanted: number;
  readonly #sent = { audio: new Stream(), video: new Stream() };
  readonly #received = new Map<string, { audio: Stream; video: Stream }>();
  #roundTrip = 0;
  #available = 0;

  constructor(person: Person, wantedHeight: number) {
    this.#person = person;
    this.#wanted = wantedHeight;
  }

  note(tick: Tick, chance: Chance) {
    const { own, passage, server, tickSeconds } = tick;
    const { up, down } = this.#person.conditions;
    const way =
      own.passage.queueSeconds + passage.queueSeconds + up.propagationSeconds + down.propagationSeconds;
    // Browsers report the last measured value.
    this.#roundTrip = (way + server.delaySeconds) * (1 + 0.08 * chance.normal()) + chance.between(0, 0.01);
    this.#available = own.estimateBps * chance.between(0.9, 1.1);
    const lost = 1 - (1 - own.passage.lossRatio) * (1 - server.lossRatio);
    const { audio, video } = this.#sent;
    if (own.audio) audio.carry(AUDIO_BPS, lost, tickSeconds, AUDIO_PACKET_BITS, chance);
    audio.jitter += own.passage.jitterSeconds;
    if (own.layers > 0) video.carry(own.videoBps, lost, tickSeconds, VIDEO_PACKET_BITS, chance);
    video.cpu += own.limitation === 'cpu' ? 1 : 0;
    video.bandwidth += own.limitation === 'bandwidth' ? 1 : 0;
    video.frames += own.frames;
    video.jitter++;
    for (const [identity, sending] of tick.senders) this.#receive(identity, sending, tick, chance);
  }

  #receive(identity: string, sending: Sending, tick: Tick, chance: Chance) {
    const { passage, server, tickSeconds } = tick;
    const streams = this.#received.get(identity) ?? { audio: new Stream(), video: new Stream() };
    this.#received.set(identity, streams);
    const kept = (1 - sending.passage.lossRatio) * (1 - server.lossRatio) ** 2 * (1 - passage.lossRatio);
    const lost = 1 - kept;
    const late = Math.max(0, passage.jitterSeconds + sending.passage.jitterSeconds - 0.08);
    if (sending.audio) {
      streams.audio.carry(AUDIO_BPS, lost, tickSeconds, AUDIO_PACKET_BITS, chance);
      streams.audio.jitter += passage.jitterSeconds;
      // Redundancy in the stream saves about half of the single losses.
      streams.audio.concealed += Math.min(1, lost * chance.between(0.4, 0.8) + late * 2);
    }
    if (sending.layers > 0)
      this.#see(streams.video, lost, late, sending, tick, tick.chosen.get(identity), chance);
  }

  #see(
    video: Stream,
    lost: number,
    late: number,
    sending: Sending,
    tick: Tick,
    layer: Layer,
    chance: Chance,
  ) {
    if (layer === undefined) {
      video.paused++;
      return;
    }
    video.carry(layer.bps, lost, tick.tickSeconds, VIDEO_PACKET_BITS, chance);
    video.jitter += tick.passage.jitterSeconds;
    const way = 2 * this.#person.conditions.down.propagationSeconds;
    // A lost packet is requested again; one that is lost twice, or arrives too late, freezes the video.
    const missing = lost * (lost + (way > 0.25 ? 0.3 : 0.02)) + late * 0.5;
    const stops = chance.happens(1 - Math.exp(-missing * 40 * tick.tickSeconds));
    if (stops) {
      video.freezes++;
      video.frozen += chance.between(0.15, tick.tickSeconds);
    }
    const { decodes } = this.#person.conditions;
    const work = [...tick.chosen.values()].reduce((sum, each) => sum + (each?.pixels ?? 0), 0) || 1;
    video.dropped += Math.max(0, 1 - (2 * decodes) / work);
    video.frames += Math.min(layer.frames, sending.frames) * (1 - Math.min(0.6, lost));
    video.height += layer.height;
  }

  observation(endMs: number, windowSeconds: number): Observation {
    const { protocol, candidateType } = this.#person.conditions;
    const received = [...this.#received].flatMap(([identity, streams]) =>
      this.#receivedTracks(identity, streams, windowSeconds),
    );
    return {
      identity: this.#person.identity,
      endMs,
      sample: {
        windowSeconds,
        roundTripSeconds: rounded(this.#roundTrip, 3),
        availableOutgoingBps: Math.round(this.#available),
        protocol,
        candidateType,
        tracks: [...this.#sentTracks(windowSeconds), ...received],
      },
    };
  }

  #sentTracks(windowSeconds: number): TrackSample[] {
    const { audio, video } = this.#sent;
    const { muted, camera } = this.#person.conditions;
    const microphone: TrackSample = {
      direction: 'send',
      kind: 'audio',
      source: 'microphone',
      muted,
      packets: audio.packets,
      // Receiver reports count in 256ths.
      packetsLost: Math.round(
        (Math.round((audio.lost / Math.max(1, audio.packets)) * 256) / 256) * audio.packets,
      ),
      jitterSeconds: rounded(audio.jitter / Math.max(1, video.jitter)),
      bitrateBps: Math.round(audio.bits / windowSeconds),
    };
    if (!camera) return [microphone];
    const limitation =
      video.cpu * 2 > video.jitter ? 'cpu' : video.bandwidth * 2 > video.jitter ? 'bandwidth' : 'none';
    return [
      microphone,
      {
        direction: 'send',
        kind: 'video',
        source: 'camera',
        packets: video.packets,
        packetsLost: video.lost,
        bitrateBps: Math.round(video.bits / windowSeconds),
        framesPerSecond: rounded(video.frames / Math.max(1, video.jitter), 1),
        ...(this.#person.reportsLimitation ? { limitation } : {}),
      },
    ];
  }

  #receivedTracks(
    publisherIdentity: string,
    streams: { audio: Stream; video: Stream },
    windowSeconds: number,
  ) {
    const { audio, video } = streams;
    const tracks: TrackSample[] = [];
    const from = { direction: 'receive', publisherIdentity } as const;
    if (audio.ticks > 0)
      tracks.push({
        ...from,
        kind: 'audio',
        source: 'microphone',
        packets: audio.packets,
        packetsLost: audio.lost,
        jitterSeconds: rounded(audio.jitter / audio.ticks),
        concealedRatio: rounded(audio.concealed / audio.ticks),
      });
    if (video.ticks === 0 && video.paused === 0) return tracks;
    if (video.paused > video.ticks)
      return [...tracks, { ...from, kind: 'video' as const, source: 'camera' as const, paused: true }];
    tracks.push({
      ...from,
      kind: 'video',
      source: 'camera',
      packets: video.packets,
      packetsLost: video.lost,
      jitterSeconds: rounded(video.jitter / video.ticks),
      bitrateBps: Math.round(video.bits / windowSeconds),
      framesPerSecond: rounded(video.frames / video.ticks, 1),
      height: Math.round(video.height / video.ticks / 180) * 180,
      wantedHeight: this.#wanted,
      ...(this.#person.reportsLimitation
        ? { freezes: video.freezes, freezeSeconds: rounded(Math.min(windowSeconds, video.frozen), 2) }
        : {}),
      droppedFramesRatio: rounded(video.dropped / video.ticks),
    });
    return tracks;
  }
}
