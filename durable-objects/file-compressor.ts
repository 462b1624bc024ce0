import { DurableObject } from 'cloudflare:workers';
import type { Services } from '../src/kernel/context/index.ts';
import { Alarm } from '../src/kernel/durable/index.ts';
import type { CompressionKey } from '../src/media/file-compressions/index.ts';
import { CompressionRunner, PART_BYTES } from '../src/media/compression-runs/index.ts';
import { r2BucketOf } from './r2-buckets.ts';
import { createR2Parts } from './r2-parts.ts';
import { resolveServices } from './resolve-services.ts';

/** One compression of a file; see `src/media/compression-runs`. */
export class FileCompressor extends DurableObject<Env> {
  readonly #alarm = new Alarm(this.ctx);
  readonly #runner = new CompressionRunner({
    storage: this.ctx.storage.kv,
    store: createR2Parts(r2BucketOf(this.env)),
    partBytes: PART_BYTES,
    services: () => this.services(),
    wakeAt: (atMs) => this.#alarm.wakeAt(atMs),
    setNext: (atMs) => this.#alarm.setNext(atMs),
  });

  protected services(): Services {
    return resolveServices(this.env);
  }

  wake(compression: CompressionKey): void {
    this.#runner.wake(compression);
  }

  override async alarm(): Promise<void> {
    this.#alarm.markFired();
    if (await this.#runner.run()) return;
    this.#alarm.setNext(null);
    await this.ctx.storage.deleteAll();
  }
}
