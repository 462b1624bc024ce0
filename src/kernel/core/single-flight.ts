import { pollUntil, systemTimers, type Timers } from './resilience.ts';

export interface SingleFlightOptions {
  /** Milliseconds after which the work of another request is taken for dropped. */
  timeoutMs: number;
  /** Milliseconds between two checks of another request's work. */
  intervalMs?: number | undefined;
  timers?: Timers | undefined;
}

/** `ran`: the caller's own work. `waited`: another's work has ended. `dropped`: another's work did not end in time. */
export type FlightOutcome = 'ran' | 'waited' | 'dropped';

/**
 * Does one piece of work for all requests of an isolate that need it at the same time. The work runs in the context of one
 * request; the runtime may drop it silently when that request is aborted. So the others wait for a limited time, and the
 * next one runs the work itself.
 */
export class SingleFlight {
  readonly #options: SingleFlightOptions;
  #current: object | undefined;

  constructor(options: SingleFlightOptions) {
    this.#options = options;
  }

  /**
   * Runs `work`, or waits for the work under way.
   * @param isServed whether the caller's need is met before that work ends
   */
  async runOrWait(
    work: () => Promise<unknown>,
    isServed: () => boolean = () => false,
  ): Promise<FlightOutcome> {
    const other = this.#current;
    if (!other) {
      const own = {};
      this.#current = own;
      try {
        await work();
      } finally {
        this.#end(own);
      }
      return 'ran';
    }
    const { timeoutMs, intervalMs, timers = systemTimers } = this.#options;
    const ended = () => this.#current !== other || isServed();
    if (await pollUntil(ended, timeoutMs, timers, intervalMs)) return 'waited';
    this.#end(other);
    return 'dropped';
  }

  #end(flight: object): void {
    if (this.#current === flight) this.#current = undefined;
  }
}
