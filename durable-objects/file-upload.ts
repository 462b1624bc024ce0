import { DurableObject } from 'cloudflare:workers';
import { Alarm } from '../src/kernel/durable/index.ts';
import {
  type AppendOutcome,
  type UploadPlan,
  UploadSession,
  type UploadState,
} from '../src/media/uploads/index.ts';
import { r2BucketOf } from './r2-buckets.ts';
import { createR2Parts } from './r2-parts.ts';

/** R2 takes parts of at least 5 MiB; a row has to fit into a value of the storage. */
const SIZES = { partBytes: 8 * 1024 * 1024, rowBytes: 256 * 1024 };

/** One resumable upload; see `src/media/uploads`. */
export class FileUpload extends DurableObject<Env> {
  readonly #alarm = new Alarm(this.ctx);
  #session = this.#createSession();

  append(plan: UploadPlan, offset: number, body: ReadableStream<Uint8Array> | null): Promise<AppendOutcome> {
    this.#alarm.setNext(plan.endsAtMs);
    return this.#session.append(plan, offset, body);
  }

  state(plan: UploadPlan): Promise<UploadState> {
    return this.#session.state(plan);
  }

  async end(): Promise<void> {
    await this.#session.end();
    this.#alarm.setNext(null);
    await this.ctx.storage.deleteAll();
    this.#session = this.#createSession();
  }

  override async alarm(): Promise<void> {
    this.#alarm.markFired();
    await this.end();
  }

  #createSession(): UploadSession {
    return new UploadSession(this.ctx.storage.kv, createR2Parts(r2BucketOf(this.env)), SIZES);
  }
}
