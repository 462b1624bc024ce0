import { DueList } from '../../kernel/durable/index.ts';
import type {
  BegunGeneration,
  CancelReason,
  GenerationAnswer,
  GenerationPlan,
} from '../generations/index.ts';
import { BreakerView } from '../model-breakers/index.ts';
import { GenerationRunner } from './generation-runner.ts';
import type { GenerationRuntime } from './generation-runtime.ts';
import { RETRY_MS } from './runs.rules.ts';

/** A moment in the past; an alarm cannot be set to 0. */
const AT_ONCE_MS = 1;

/** The generations of one live object. */
export class GenerationPool {
  readonly #runtime: GenerationRuntime;
  /** The breakers of the organization for which the object is. */
  readonly #breakers = new Map<string, BreakerView>();
  readonly #runners = new Map<string, GenerationRunner>();
  readonly #due: DueList;

  constructor(runtime: Omit<GenerationRuntime, 'breakersOf'>) {
    this.#runtime = { ...runtime, breakersOf: (organizationId) => this.#breakersOf(organizationId) };
    this.#due = new DueList(runtime.quickStorage, (atMs) => runtime.wakeAt(atMs));
    for (const generationId of GenerationRunner.unfinished(runtime))
      this.#due.addEarliest(AT_ONCE_MS, generationId);
  }

  /** Starts it, unless it was started already. */
  start(plan: GenerationPlan): void {
    const { generationId } = plan;
    if (!this.#find(generationId))
      this.#runners.set(generationId, GenerationRunner.start(this.#lend(generationId), plan));
  }

  /** After its row was stored: waits until its model has begun to answer or it has ended, up to a time limit. */
  begun(generationId: string, waitMs: number): Promise<BegunGeneration> {
    return this.#findStored(generationId).begun(waitMs);
  }

  /** After its row was stored: waits for its end, up to a time limit. */
  ended(generationId: string, waitMs: number): Promise<GenerationAnswer> {
    return this.#findStored(generationId).ended(waitMs);
  }

  /** Its row was refused. */
  refuse(generationId: string): void {
    this.#find(generationId)?.refuse();
  }

  events(generationId: string, after: number): ReadableStream<Uint8Array> | null {
    return this.#find(generationId)?.follow(after) ?? null;
  }

  answer(generationId: string): GenerationAnswer | null {
    return this.#find(generationId)?.answer() ?? null;
  }

  /** @returns whether it was running */
  async cancel(generationId: string, reason: CancelReason): Promise<boolean> {
    return (await this.#find(generationId)?.cancel(reason)) ?? false;
  }

  /**
   * Runs at an alarm, and does what is due. What is lost when the object dies meanwhile is found when it starts again.
   */
  async wake(): Promise<void> {
    const due = this.#due.take(this.#runtime.services().clock.now());
    await Promise.all(due.map((generationId) => this.#wake(generationId)));
  }

  /** The next time to wake up; null when nothing is left. */
  nextAtMs(): number | null {
    return this.#due.next();
  }

  async #wake(generationId: string): Promise<void> {
    const runner = this.#find(generationId);
    if (!runner) return;
    const { log, clock } = this.#runtime.services();
    const nextMs = await runner.wake().catch((error: unknown) => {
      log.error('ai.wake_failed', { generationId, error });
      return clock.now() + RETRY_MS;
    });
    if (nextMs === null) runner.remove();
    else this.#due.addEarliest(nextMs, generationId);
    // The storage has all of it; memory is only for running ones.
    if (nextMs === null || runner.isSettled) this.#runners.delete(generationId);
  }

  #findStored(generationId: string): GenerationRunner {
    const runner = this.#find(generationId);
    if (!runner) throw new Error(`no generation ${generationId} was started`);
    runner.markStored();
    return runner;
  }

  #find(generationId: string): GenerationRunner | undefined {
    const known = this.#runners.get(generationId);
    if (known) return known;
    const loaded = GenerationRunner.load(this.#lend(generationId), generationId);
    if (loaded && !loaded.isSettled) this.#runners.set(generationId, loaded);
    return loaded;
  }

  #breakersOf(organizationId: string): BreakerView {
    const known = this.#breakers.get(organizationId);
    if (known) return known;
    const view = new BreakerView(() => this.#runtime.services(), organizationId);
    this.#breakers.set(organizationId, view);
    return view;
  }

  #lend(generationId: string): GenerationRuntime {
    return {
      ...this.#runtime,
      wakeAt: (atMs) => void this.#due.addEarliest(atMs, generationId),
    };
  }
}
