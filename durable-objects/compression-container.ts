import { DurableObject } from 'cloudflare:workers';
import type { Services } from '../src/kernel/context/index.ts';
import { Alarm } from '../src/kernel/durable/index.ts';
import { ContainerInstance } from '../src/media/compression-containers/index.ts';
import { resolveServices } from './resolve-services.ts';

/** One instance of the compression service in a container; see `src/media/compression-containers`. */
export class CompressionContainer extends DurableObject<Env> {
  readonly #alarm = new Alarm(this.ctx);
  readonly #instance = new ContainerInstance({
    container: this.ctx.container,
    storage: this.ctx.storage.kv,
    secret: () => this.services().config.COMPRESSION_SECRET ?? '',
    clock: () => this.services().clock,
    timers: () => this.services().timers,
    log: () => this.services().log,
    wakeAt: (atMs) => this.#alarm.wakeAt(atMs),
    setNext: (atMs) => this.#alarm.setNext(atMs),
  });

  protected services(): Services {
    return resolveServices(this.env);
  }

  override fetch(request: Request): Promise<Response> {
    return this.#instance.fetch(request);
  }

  isHealthy(): Promise<boolean> {
    return this.#instance.isHealthy();
  }

  override async alarm(): Promise<void> {
    this.#alarm.markFired();
    await this.#instance.alarm();
  }
}
