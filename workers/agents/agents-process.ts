import type { Poll, StartedAgent } from './product.ts';

const POLL_MS = 250;
const RETRY_MS = 1_000;
/** How long a sentence may take to end once the process has to end. */
export const DRAIN_MS = 10_000;

/** An agent in a call, as the process sees it. */
export interface Session {
  readonly isOver: boolean;
  /** Somebody speaks to it, or it answers. */
  readonly isBusy: boolean;
  /** Whether it may see shared screens from now on. */
  allowScreens(mayLook: boolean): void;
  join(): Promise<void>;
  leave(): Promise<void>;
}

interface ProcessOptions {
  product: { poll: (capacity: number, holding: readonly string[]) => Promise<Poll> };
  /** How many calls at once. */
  capacity: number;
  createSession: (agent: StartedAgent) => Session;
  /** Waits, at most until the signal; the clock is the caller's. */
  wait: (ms: number, signal?: AbortSignal) => Promise<void>;
  now: () => number;
  log: (line: string, callAgentId?: string) => void;
}

/** Runs the agents that the product assigns. Asked to end, it takes no more, and gives each up as soon as neither it nor anybody to it speaks. */
export class AgentsProcess {
  readonly #options: ProcessOptions;
  readonly #sessions = new Map<string, Session>();
  readonly #ending = new AbortController();

  constructor(options: ProcessOptions) {
    this.#options = options;
  }

  /** Asks it to end; `run` returns when it has left its calls. */
  end(): void {
    this.#ending.abort();
  }

  async run(): Promise<void> {
    while (!this.#ending.signal.aborted) await this.#wait(await this.#tryPoll());
    await this.#drain();
  }

  /** @returns how long to wait until the next one */
  async #tryPoll(): Promise<number> {
    try {
      await this.#poll([...this.#sessions.keys()]);
      return POLL_MS;
    } catch (error) {
      this.#options.log(String(error));
      return RETRY_MS;
    }
  }

  async #poll(holding: readonly string[]): Promise<void> {
    this.#forgetOver();
    const isEnding = this.#ending.signal.aborted;
    const capacity = isEnding ? 0 : Math.max(0, this.#options.capacity - this.#sessions.size);
    const {
      start,
      stop,
      sees = [],
    } = await this.#options.product.poll(
      capacity,
      holding.filter((id) => this.#sessions.has(id)),
    );
    await Promise.all(stop.map((id) => this.#leave(id)));
    // Asked to end meanwhile: the agents given here go back with the next poll.
    if (!this.#ending.signal.aborted) for (const agent of start) this.#start(agent);
    for (const [id, session] of this.#sessions) session.allowScreens(sees.includes(id));
  }

  #forgetOver(): void {
    for (const [id, { isOver }] of this.#sessions) if (isOver) this.#sessions.delete(id);
  }

  #start(agent: StartedAgent): void {
    const { callAgentId } = agent;
    const session = this.#options.createSession(agent);
    this.#sessions.set(callAgentId, session);
    session.join().catch(async (error: unknown) => {
      this.#options.log(`did not join: ${String(error)}`, callAgentId);
      await this.#leave(callAgentId);
    });
  }

  async #leave(callAgentId: string): Promise<void> {
    const session = this.#sessions.get(callAgentId);
    this.#sessions.delete(callAgentId);
    await session?.leave();
  }

  /** Gives agents up, so that another process joins at once, and leaves: idle agents first, at the deadline all. */
  async #drain(): Promise<void> {
    const deadline = this.#options.now() + DRAIN_MS;
    for (;;) {
      const isOver = this.#options.now() >= deadline;
      const busy = isOver ? [] : [...this.#sessions].filter(([, { isBusy }]) => isBusy).map(([id]) => id);
      const idle = [...this.#sessions.keys()].filter((id) => !busy.includes(id));
      await this.#poll(busy).catch((error: unknown) => this.#options.log(String(error)));
      await Promise.all(idle.map((id) => this.#leave(id)));
      this.#forgetOver();
      if (this.#sessions.size === 0) return;
      await this.#options.wait(POLL_MS);
    }
  }

  #wait(ms: number): Promise<void> {
    return this.#options.wait(ms, this.#ending.signal);
  }
}
