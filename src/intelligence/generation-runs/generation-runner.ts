import type { Services } from '../../kernel/context/index.ts';
import { isStale } from '../../kernel/core/index.ts';
import { runAsSystem } from '../../kernel/delivery/index.ts';
import type { KeyValueStorage } from '../../kernel/durable/index.ts';
import {
  type BegunGeneration,
  finishGeneration,
  type GenerationAnswer,
  type GenerationOutcome,
  type GenerationPlan,
} from '../generations/index.ts';
import { AnswerReading } from './answer-reading.ts';
import { EventLog } from './event-log.ts';
import { settleHold } from './hold-budget.ts';
import { outputBytes, outputOf } from './output.rules.ts';
import {
  EndedByGateway,
  failedOutcome,
  goneAtMs,
  lastEventOf,
  latestEndMs,
  newRun,
  type StoredRun,
} from './runs.rules.ts';

const RUN = 'run';
/** An object that died is noticed after this time at most. */
const HEARTBEAT_MS = 10_000;
const RETRY_MS = 5_000;

/** What a live object lends to its generation. */
export interface GenerationRuntime {
  storage: KeyValueStorage;
  services: () => Services;
  /** Makes sure that the object wakes at this time or earlier. */
  wakeAt(atMs: number): void;
  /** Makes the object wake at this time and no earlier. */
  setNext(atMs: number): void;
}

/**
 * A generation in its live object. It runs on when its caller is gone; its alarm ends one that takes too long, or whose object has
 * died, and stores the outcome until it is in the database.
 */
export class GenerationRunner {
  readonly #runtime: GenerationRuntime;
  #eventLog: EventLog | undefined;
  /** Set while a model is being asked, by this very object. */
  #reading: AnswerReading | undefined;

  constructor(runtime: GenerationRuntime) {
    this.#runtime = runtime;
  }

  /** Starts it, unless it was started already. */
  start(plan: GenerationPlan): void {
    if (this.#run) return;
    this.#put(newRun(plan));
    this.#runtime.wakeAt(this.#now() + HEARTBEAT_MS);
    const reading = new AnswerReading(plan, {
      services: this.#runtime.services(),
      log: this.#log,
      getRun: () => this.#run!,
      putRun: (run) => this.#put(run),
    });
    this.#reading = reading;
    const { generationId, organizationId } = plan;
    this.#ask(reading).catch((error: unknown) =>
      this.#runtime.services().log.error('ai.run_failed', { generationId, organizationId, error }),
    );
  }

  /** Waits until its model has begun to answer, or it has ended before, but not longer. */
  async begun(waitMs: number): Promise<BegunGeneration> {
    await this.#log.until((events) => events.length > 0, waitMs);
    return this.#log.events[0]?.type === 'failed'
      ? { outcome: this.#run!.outcome! }
      : { events: this.#log.follow(0) };
  }

  /** Waits for its end, and until its row says so. */
  async ended(waitMs: number): Promise<GenerationAnswer> {
    await this.#log.until(() => this.#log.isEnded, waitMs);
    return this.answer()!;
  }

  answer(): GenerationAnswer | null {
    const run = this.#run;
    return run ? { output: outputOf(this.#log.events), outcome: run.outcome } : null;
  }

  follow(after: number): ReadableStream<Uint8Array> | null {
    return this.#run ? this.#log.follow(after) : null;
  }

  /** @returns whether it was running */
  async cancel(reason: 'cancelled' | 'out_of_budget'): Promise<boolean> {
    const run = this.#run;
    if (!run || run.outcome) return false;
    if (this.#reading) this.#reading.abort(new EndedByGateway(reason));
    else await this.#end(run, failedOutcome(run, 'interrupted', this.#now()));
    return true;
  }

  /** At an alarm. @returns whether something is left to do; otherwise the storage can be deleted */
  async wake(): Promise<boolean> {
    const run = this.#run;
    if (!run) return false;
    const nextMs = run.outcome ? await this.#wakeEnded(run, run.outcome) : await this.#wakeRunning(run);
    if (nextMs !== null) this.#runtime.setNext(nextMs);
    return nextMs !== null;
  }

  get #log(): EventLog {
    return (this.#eventLog ??= new EventLog(this.#runtime.storage, () => this.#now()));
  }

  get #run(): StoredRun | undefined {
    return this.#runtime.storage.get(RUN) as StoredRun | undefined;
  }

  #put(run: StoredRun): void {
    this.#runtime.storage.put(RUN, run);
  }

  #now(): number {
    return this.#runtime.services().clock.now();
  }

  async #wakeRunning(run: StoredRun): Promise<number> {
    if (!this.#reading) await this.#end(run, failedOutcome(run, 'interrupted', this.#now()));
    else if (this.#now() >= latestEndMs(run)) this.#reading.abort(new EndedByGateway('out_of_time'));
    else return Math.min(this.#now() + HEARTBEAT_MS, latestEndMs(run));
    return this.#now() + RETRY_MS;
  }

  async #wakeEnded(run: StoredRun, outcome: GenerationOutcome): Promise<number | null> {
    if (!run.isSettled && !(await this.#settle(run, outcome))) return this.#now() + RETRY_MS;
    return this.#now() >= goneAtMs(outcome) ? null : goneAtMs(outcome);
  }

  async #ask(reading: AnswerReading): Promise<void> {
    const outcome = await reading.readToEnd();
    this.#reading = undefined;
    await this.#end(this.#run!, outcome);
  }

  async #end(run: StoredRun, outcome: GenerationOutcome): Promise<void> {
    const ended = { ...run, outcome };
    this.#put(ended);
    this.#log.append(lastEventOf(outcome));
    this.#runtime.wakeAt(this.#now() + RETRY_MS);
    await this.#settle(ended, outcome);
  }

  /** @returns whether the outcome is stored now */
  async #settle(run: StoredRun, outcome: GenerationOutcome): Promise<boolean> {
    const { organizationId, generationId } = run;
    const { services } = this.#runtime;
    try {
      await settleHold(services(), run, outcome, outputBytes(this.#log.events));
      await runAsSystem(services(), 'ai.finish_generation', organizationId, (ctx) =>
        finishGeneration(ctx, generationId, outcome),
      );
    } catch (error) {
      if (!isStale(error)) services().log.warn('ai.finish_failed', { generationId, organizationId, error });
      return false;
    }
    this.#put({ ...run, isSettled: true });
    return true;
  }
}
