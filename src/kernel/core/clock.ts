/** Time as an argument: verbs read the clock, tests set it. */
export interface Clock {
  /** Milliseconds since the Unix epoch, UTC. */
  now(): number;
}

/** The runtime's clock. On Workers it advances only at I/O. */
export const systemClock: Clock = { now: () => Date.now() };
