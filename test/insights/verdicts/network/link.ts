import type { Chance } from './random.ts';

/** One direction of a person's connection to the server. */
export interface LinkConditions {
  capacityBps: number;
  /** One-way delay without queues. */
  propagationSeconds: number;
  /** Standard deviation of the additional delay of each packet. */
  jitterSeconds: number;
  /** Average share of lost packets; they are lost in bursts. */
  lossRatio: number;
  /** Length of the queue; packets beyond it are dropped. */
  bufferSeconds: number;
  /** Carried by TCP: no packet is lost, and everything behind a lost one waits for its retransmission. */
  tcp: boolean;
}

export interface Passage {
  lossRatio: number;
  queueSeconds: number;
  delaySeconds: number;
  jitterSeconds: number;
  deliveredBps: number;
}

/** Time until a retransmission; it doubles each time the retransmission is lost as well. */
const REPETITION_SECONDS = 0.2;
const BURST_SECONDS = 1.5;

/** A queue in front of a line of limited capacity that loses packets in bursts: a fluid model, stepped in ticks. */
export class Link {
  #queueBits = 0;
  #stallSeconds = 0;
  #burst = false;
  readonly conditions: LinkConditions;

  constructor(conditions: LinkConditions) {
    this.conditions = conditions;
  }

  step(offeredBps: number, tickSeconds: number, chance: Chance): Passage {
    const { capacityBps, propagationSeconds, jitterSeconds, bufferSeconds, tcp } = this.conditions;
    this.#queueBits += offeredBps * tickSeconds;
    this.#queueBits -= Math.min(this.#queueBits, capacityBps * tickSeconds);
    const room = capacityBps * bufferSeconds;
    const overflow = Math.max(0, this.#queueBits - room);
    this.#queueBits -= overflow;
    const offeredBits = offeredBps * tickSeconds;
    const thrown = offeredBits > 0 ? Math.min(1, overflow / offeredBits) : 0;
    const onLine = this.#lineLoss(tickSeconds, chance);
    const queueSeconds = this.#queueBits / capacityBps;
    const lossRatio = 1 - (1 - thrown) * (1 - onLine);
    if (tcp) this.#stall(lossRatio * (offeredBps / 9600) * tickSeconds, tickSeconds, chance);
    const waiting = queueSeconds + (tcp ? this.#stallSeconds : 0);
    return {
      lossRatio: tcp ? 0 : lossRatio,
      queueSeconds: waiting,
      delaySeconds: propagationSeconds + waiting + Math.abs(chance.normal()) * jitterSeconds,
      jitterSeconds: Math.max(0.0005, jitterSeconds * chance.between(0.7, 1.3) + waiting * 0.15),
      deliveredBps: Math.min(offeredBps, capacityBps) * (1 - (tcp ? 0 : lossRatio)),
    };
  }

  /** Gilbert's two states: a good line, and bursts in which it loses more than the average. */
  #lineLoss(tickSeconds: number, chance: Chance): number {
    const { lossRatio } = this.conditions;
    const leave = tickSeconds / BURST_SECONDS;
    if (this.#burst ? chance.happens(leave) : chance.happens(leave / 3)) this.#burst = !this.#burst;
    // A quarter of the time in bursts: 0.25 * 2.5 + 0.75 * 0.5 = 1.
    return Math.min(0.95, lossRatio * (this.#burst ? 2.5 : 0.5));
  }

  #stall(lostPackets: number, tickSeconds: number, chance: Chance) {
    this.#stallSeconds = Math.max(0, this.#stallSeconds - tickSeconds * 0.8);
    // Most losses are retransmitted at once because of later acknowledgements; some wait for the timer.
    if (!chance.happens(1 - Math.exp(-lostPackets * 0.15))) return;
    let wait = REPETITION_SECONDS + 2 * this.conditions.propagationSeconds;
    while (chance.happens(0.25) && wait < 2) wait *= 2;
    this.#stallSeconds = Math.max(this.#stallSeconds, wait);
  }
}

/** A sender's bandwidth estimate: falls with queues and heavy loss, rises slowly otherwise. */
export class Estimator {
  estimateBps: number;
  readonly #maxBps: number;
  /** Until the first sign of congestion it doubles each second, as the first probes do. */
  #starting = true;

  constructor(startBps: number, maxBps: number) {
    this.estimateBps = startBps;
    this.#maxBps = maxBps;
  }

  update({ lossRatio, queueSeconds, deliveredBps }: Passage, tickSeconds: number) {
    if (queueSeconds > 0.06 || lossRatio > 0.1) this.#starting = false;
    if (this.#starting) this.estimateBps *= 2 ** tickSeconds;
    else if (queueSeconds > 0.06) this.estimateBps = Math.max(50_000, 0.85 * Math.max(deliveredBps, 60_000));
    else if (lossRatio > 0.1) this.estimateBps *= 1 - 0.5 * lossRatio * tickSeconds;
    else if (lossRatio < 0.02) this.estimateBps *= 1 + 0.08 * tickSeconds;
    // Probes find more than what is used, but not any amount.
    this.estimateBps = Math.min(this.estimateBps, this.#maxBps, 2.5 * deliveredBps + 500_000);
    this.estimateBps = Math.max(this.estimateBps, 50_000);
  }
}
