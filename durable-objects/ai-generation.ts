import { DurableObject } from 'cloudflare:workers';
import type { Services } from '../src/kernel/context/index.ts';
import { Alarm } from '../src/kernel/durable/index.ts';
import { GenerationPool } from '../src/intelligence/generation-runs/index.ts';
import type {
  BegunGeneration,
  CancelReason,
  GenerationAnswer,
  GenerationPlan,
} from '../src/intelligence/generations/index.ts';
import {
  type Breaker,
  BreakerBoard,
  type BreakerReport,
  type BreakerTarget,
} from '../src/intelligence/model-breakers/index.ts';
import { createQuickStorage } from './quick-storage.ts';
import { resolveServices } from './resolve-services.ts';

/** Generations of an organization, or the breakers of its models; see `src/intelligence/generation-runs` and `model-breakers`. */
export class AiGeneration extends DurableObject<Env> {
  readonly #alarm = new Alarm(this.ctx);
  readonly #pool = new GenerationPool({
    storage: this.ctx.storage.kv,
    quickStorage: createQuickStorage(this.ctx),
    services: () => this.services(),
    wakeAt: (atMs) => this.#alarm.wakeAt(atMs),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  });

  readonly #board = new BreakerBoard(this.ctx.storage.kv);

  protected services(): Services {
    return resolveServices(this.env);
  }

  start(plan: GenerationPlan): void {
    this.#pool.start(plan);
  }

  begun(generationId: string, waitMs: number): Promise<BegunGeneration> {
    return this.#pool.begun(generationId, waitMs);
  }

  ended(generationId: string, waitMs: number): Promise<GenerationAnswer> {
    return this.#pool.ended(generationId, waitMs);
  }

  refuse(generationId: string): void {
    this.#pool.refuse(generationId);
  }

  events(generationId: string, after: number): ReadableStream<Uint8Array> | null {
    return this.#pool.events(generationId, after);
  }

  answer(generationId: string): GenerationAnswer | null {
    return this.#pool.answer(generationId);
  }

  cancel(generationId: string, reason: CancelReason): Promise<boolean> {
    return this.#pool.cancel(generationId, reason);
  }

  breakers(): Breaker[] {
    return this.#board.read();
  }

  reportModel(report: BreakerReport): Breaker[] {
    const breakers = this.#board.report(report, this.services().clock.now());
    const atMs = this.#nextAtMs();
    if (atMs !== null) this.#alarm.wakeAt(atMs);
    return breakers;
  }

  probeModel(target: BreakerTarget): boolean {
    return this.#board.probe(target, this.services().clock.now());
  }

  #nextAtMs(): number | null {
    const times = [this.#pool.nextAtMs(), this.#board.prune(this.services().clock.now())];
    const known = times.filter((atMs) => atMs !== null);
    return known.length > 0 ? Math.min(...known) : null;
  }

  override async alarm(): Promise<void> {
    this.#alarm.markFired();
    await this.#pool.wake();
    const nextAtMs = this.#nextAtMs();
    if (nextAtMs !== null) this.#alarm.wakeAt(nextAtMs);
    else await this.ctx.storage.deleteAll();
  }
}
