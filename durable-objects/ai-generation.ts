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
import { createQuickStorage } from './quick-storage.ts';
import { resolveServices } from './resolve-services.ts';

/** Generations of an organization; see `src/intelligence/generation-runs`. */
export class AiGeneration extends DurableObject<Env> {
  readonly #alarm = new Alarm(this.ctx);
  readonly #pool = new GenerationPool({
    storage: this.ctx.storage.kv,
    quickStorage: createQuickStorage(this.ctx),
    services: () => this.services(),
    wakeAt: (atMs) => this.#alarm.wakeAt(atMs),
  });

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

  override async alarm(): Promise<void> {
    this.#alarm.markFired();
    await this.#pool.wake();
    const nextAtMs = this.#pool.nextAtMs();
    if (nextAtMs !== null) this.#alarm.wakeAt(nextAtMs);
    else await this.ctx.storage.deleteAll();
  }
}
