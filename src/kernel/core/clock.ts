/** Time as an ordinary argument: verbs ask the clock, tests set it. */
export interface Clock {
  /** Milliseconds since the Unix epoch, UTC. */
  now(): number;
}

/** The platform's own clock. On Workers it stands still between two inputs or outputs. */
export const systemClock: Clock = { now: () => Date.now() };
