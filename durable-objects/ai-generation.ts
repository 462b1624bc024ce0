import { DurableObject } from 'cloudflare:workers';
import type { Services } from '../src/kernel/context/index.ts';
import { Alarm } from '../src/kernel/durable/index.ts';
import { GenerationRunner } from '../src/intelligence/generation-runs/index.ts';
import type {
  BegunGeneration,
  GenerationAnswer,
  GenerationPlan,
} from '../src/intelligence/generations/index.ts';
import { resolveServices } from './resolve-services.ts';

/** One generation; see `src/intelligence/generation-runs`. */
export class AiGeneration extends DurableObject<Env> {
  readonly #alarm = new Alarm(this.ctx);
  readonly #runner = new GenerationRunner({
    storage: this.ctx.storage.kv,
    services: () => this.services(),
    wakeAt: (atMs) => this.#alarm.wakeAt(atMs),
    setNext: (atMs) => this.#alarm.setNext(atMs),
  });

  protected services(): Services {
    return resolveServices(this.env);
  }

  begin(plan: GenerationPlan, waitMs: number): Promise<BegunGeneration> {
    this.#runner.start(plan);
    return this.#runner.begun(waitMs);
  }

  complete(plan: GenerationPlan, waitMs: number): Promise<GenerationAnswer> {
    this.#runner.start(plan);
    return this.#runner.ended(waitMs);
  }

  events(after: number): ReadableStream<Uint8Array> | null {
    return this.#runner.follow(after);
  }

  answer(): GenerationAnswer | null {
    return this.#runner.answer();
  }

  cancel(reason: 'cancelled' | 'out_of_budget'): Promise<boolean> {
    return this.#runner.cancel(reason);
  }

  override async alarm(): Promise<void> {
    this.#alarm.markFired();
    if (await this.#runner.wake()) return;
    this.#alarm.setNext(null);
    await this.ctx.storage.deleteAll();
  }
}
