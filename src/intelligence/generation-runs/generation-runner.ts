import type { KeyValueStorage } from '../../kernel/durable/index.ts';
import {
  type BegunGeneration,
  type CancelReason,
  type GenerationAnswer,
  type GenerationOutcome,
  type GenerationPlan,
} from '../generations/index.ts';
import { AnswerReading } from './answer-reading.ts';
import { EventLog } from './event-log.ts';
import type { GenerationRuntime } from './generation-runtime.ts';
import { mayStillAsk } from './may-still-ask.ts';
import { leastOutputTokens, outputOf } from './output.rules.ts';
import {
  EndedByGateway,
  failedOutcome,
  goneAtMs,
  HEARTBEAT_MS,
  lastEventOf,
  latestEndMs,
  newRun,
  RETRY_MS,
  type StoredRun,
} from './runs.rules.ts';
import { settleRun } from './settle-run.ts';
import { withUsage } from './usage.rules.ts';

const RUN_PREFIX = 'run|';
const EVENTS_PREFIX = 'events|';

/**
 * A generation in its live object. It continues when its caller has left. Its alarm ends it when it takes too long,
 * its asker may no longer ask, or its object has died, and stores the outcome until it is in the database.
 */
export class GenerationRunner {
  readonly #runtime: GenerationRuntime;
  readonly #log: EventLog;
  #run: StoredRun;
  /** Set while this very object asks a model. */
  #reading: { plan: GenerationPlan; answer: AnswerReading } | undefined;

  private constructor(runtime: GenerationRuntime, run: StoredRun) {
    this.#runtime = runtime;
    this.#run = run;
    this.#log = new EventLog(runtime.quickStorage, `${EVENTS_PREFIX}${run.generationId}|`, () => this.#now());
  }

  /** Starts to ask. */
  static start(runtime: GenerationRuntime, plan: GenerationPlan): GenerationRunner {
    const runner = new GenerationRunner(runtime, newRun(plan));
    runner.#ask(plan);
    return runner;
  }

  /** A generation from the storage; undefined when the storage does not have it. */
  static load(runtime: GenerationRuntime, generationId: string): GenerationRunner | undefined {
    const run = runtime.storage.get(RUN_PREFIX + generationId) as StoredRun | undefined;
    return run && new GenerationRunner(runtime, run);
  }

  /** Generations in the storage that have not ended: after a crash none of them is being answered. */
  static unfinished({ storage }: Pick<GenerationRuntime, 'storage'>): string[] {
    return Array.from(storage.list({ prefix: RUN_PREFIX })).flatMap(([, run]) =>
      (run as StoredRun).isSettled ? [] : [(run as StoredRun).generationId],
    );
  }

  /** Whether its end is in the database; the storage then has all of it. */
  get isSettled(): boolean {
    return this.#run.isSettled;
  }

  /** The row is in the database, so its output may leave. */
  markStored(): void {
    const { isRowStored, outcome, generationId } = this.#run;
    if (isRowStored) return;
    this.#put({ ...this.#run, isRowStored: true });
    if (!outcome) return;
    this.#settle(outcome).catch((error: unknown) =>
      this.#runtime.services().log.error('ai.run_failed', { generationId, error }),
    );
  }

  /** The row was refused: it ends, and is not stored. */
  refuse(): void {
    this.markStored();
    this.#reading?.answer.abort(new EndedByGateway('access_ended'));
  }

  /** Waits until its model has begun to answer or it has ended, up to a time limit. */
  async begun(waitMs: number): Promise<BegunGeneration> {
    await this.#log.until((events) => events.length > 0, waitMs);
    return this.#log.events[0]?.type === 'failed'
      ? { outcome: this.#run.outcome! }
      : { events: this.#log.follow(0) };
  }

  /** Waits for its end, up to a time limit. */
  async ended(waitMs: number): Promise<GenerationAnswer> {
    await this.#log.until(() => this.#log.isEnded, waitMs);
    return this.answer();
  }

  answer(): GenerationAnswer {
    return { output: outputOf(this.#log.events), outcome: this.#run.outcome };
  }

  follow(after: number): ReadableStream<Uint8Array> {
    return this.#log.follow(after);
  }

  /** @returns whether it was running */
  async cancel(reason: CancelReason): Promise<boolean> {
    if (this.#run.outcome) return false;
    if (this.#reading) this.#reading.answer.abort(new EndedByGateway(reason));
    else await this.#end(failedOutcome(this.#run, 'interrupted', this.#now()));
    return true;
  }

  /** Runs when it is due. @returns the next time to wake up; null when it is over and no longer kept */
  async wake(): Promise<number | null> {
    const { outcome } = this.#run;
    if (!outcome) return this.#wakeRunning();
    if (!this.isSettled && !(await this.#settle(outcome))) return this.#now() + RETRY_MS;
    return this.#now() >= goneAtMs(outcome) ? null : goneAtMs(outcome);
  }

  /** Deletes all of it from the storage. */
  remove(): void {
    const { quickStorage } = this.#runtime;
    const { generationId } = this.#run;
    for (const [key] of quickStorage.list({ prefix: `${EVENTS_PREFIX}${generationId}|` }))
      quickStorage.delete(key);
    quickStorage.delete(RUN_PREFIX + generationId);
  }

  #put(run: StoredRun, storage: KeyValueStorage = this.#runtime.quickStorage): void {
    this.#run = run;
    storage.put(RUN_PREFIX + run.generationId, run);
  }

  #now(): number {
    return this.#runtime.services().clock.now();
  }

  async #wakeRunning(): Promise<number> {
    if (!this.#reading) await this.#end(failedOutcome(this.#run, 'interrupted', this.#now()));
    else if (this.#now() >= latestEndMs(this.#run))
      this.#reading.answer.abort(new EndedByGateway(this.#run.isRowStored ? 'out_of_time' : 'interrupted'));
    else {
      const { plan, answer } = this.#reading;
      if (!(await mayStillAsk(this.#runtime.services(), plan)))
        answer.abort(new EndedByGateway('access_ended'));
      return Math.min(this.#now() + HEARTBEAT_MS, latestEndMs(this.#run));
    }
    return this.#now() + RETRY_MS;
  }

  #ask(plan: GenerationPlan): void {
    this.#put(this.#run);
    this.#runtime.wakeAt(this.#now() + HEARTBEAT_MS);
    const answer = new AnswerReading(plan, {
      services: this.#runtime.services(),
      breakers: this.#runtime.breakersOf(plan.organizationId),
      log: this.#log,
      getRun: () => this.#run,
      putRun: (run) => this.#put(run),
      sleep: (ms) => this.#runtime.sleep(ms),
    });
    this.#reading = { plan, answer };
    const { generationId, organizationId } = plan;
    this.#readToEnd(answer).catch((error: unknown) =>
      this.#runtime.services().log.error('ai.run_failed', { generationId, organizationId, error }),
    );
  }

  async #readToEnd(answer: AnswerReading): Promise<void> {
    const outcome = await answer.readToEnd();
    this.#reading = undefined;
    await this.#end(outcome);
  }

  async #end(given: GenerationOutcome): Promise<void> {
    const outcome = withUsage(given, leastOutputTokens(this.#log.events), this.#run);
    this.#put({ ...this.#run, outcome }, this.#runtime.storage);
    this.#log.append(lastEventOf(outcome));
    this.#runtime.wakeAt(this.#now() + RETRY_MS);
    await this.#settle(outcome);
  }

  /** @returns whether the outcome is stored now */
  async #settle(outcome: GenerationOutcome): Promise<boolean> {
    const { services } = this.#runtime;
    if (!(await settleRun(services(), () => this.#run, outcome, this.#log.events))) return false;
    this.#put({ ...this.#run, isSettled: true });
    return true;
  }
}
