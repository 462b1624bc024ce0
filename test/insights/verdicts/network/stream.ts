import type { Chance } from './random.ts';

/** The counters of one stream between two reports. */
export class Stream {
  ticks = 0;
  packets = 0;
  lost = 0;
  bits = 0;
  jitter = 0;
  frames = 0;
  height = 0;
  frozen = 0;
  freezes = 0;
  concealed = 0;
  dropped = 0;
  paused = 0;
  cpu = 0;
  bandwidth = 0;

  carry(bps: number, lossRatio: number, tickSeconds: number, packetBits: number, chance: Chance) {
    const packets = Math.round((bps * tickSeconds) / packetBits);
    this.ticks++;
    this.packets += packets;
    this.lost += chance.hits(packets, Math.min(1, lossRatio));
    this.bits += bps * tickSeconds;
  }
}
