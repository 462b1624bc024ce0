import type { KeyValueStorage } from '../../kernel/durable/index.ts';
import { type PartSizes, UploadParts } from './upload-parts.ts';
import type { AppendOutcome, PartStore, UploadPlan, UploadState } from './uploads.ports.ts';

const PLAN = 'plan';

/** A request that brings bytes. */
interface UploadWriter {
  reader: ReadableStreamDefaultReader<Uint8Array>;
  /** A newer request has taken over. */
  isReplaced: boolean;
  done: Promise<void>;
}

const EMPTY = (): ReadableStream<Uint8Array> => new Blob([]).stream();

/**
 * One upload, in the object that keeps it. Its requests write one after the other: a newer one stops an older one, whose
 * connection the client has given up, and continues behind what that had brought.
 */
export class UploadSession {
  readonly #storage: KeyValueStorage;
  readonly #sizes: PartSizes;
  readonly #parts: UploadParts;
  #writer: UploadWriter | undefined;

  constructor(storage: KeyValueStorage, store: PartStore, sizes: PartSizes) {
    this.#storage = storage;
    this.#sizes = sizes;
    this.#parts = new UploadParts(storage, store, sizes.partBytes);
  }

  /** The planned upload, and when it is given up; undefined before it has begun. */
  get plan(): UploadPlan | undefined {
    return this.#storage.get(PLAN) as UploadPlan | undefined;
  }

  #stateOf({ sizeBytes }: UploadPlan): UploadState {
    const { result } = this.#parts;
    return {
      offset: result ? sizeBytes : this.#parts.sizeBytes,
      isComplete: result !== undefined,
      checksum: result?.checksum ?? null,
    };
  }

  /** Where the upload stands, after requests under way were stopped and the object was put together if all bytes are there. */
  state(plan: UploadPlan): Promise<UploadState> {
    return this.#takeTurn(EMPTY(), async () => {
      await this.#completeIfWhole(plan);
      return this.#stateOf(plan);
    });
  }

  /** Appends the bytes of a request that begin at `offset`. */
  append(plan: UploadPlan, offset: number, body: ReadableStream<Uint8Array> | null): Promise<AppendOutcome> {
    return this.#takeTurn(body ?? EMPTY(), (writer) => this.#write(plan, offset, writer));
  }

  /** Stops requests under way and gives up parts; the caller deletes the storage. */
  end(): Promise<void> {
    return this.#takeTurn(EMPTY(), async () => {
      if (this.plan) await this.#parts.abort(this.plan);
    });
  }

  /** Stops the writer before this one, and waits until it has stored its bytes. */
  async #takeTurn<T>(
    body: ReadableStream<Uint8Array>,
    work: (writer: UploadWriter) => Promise<T>,
  ): Promise<T> {
    const { promise: done, resolve: finish } = Promise.withResolvers<void>();
    const earlier = this.#writer;
    const writer: UploadWriter = { reader: body.getReader(), isReplaced: false, done };
    this.#writer = writer;
    try {
      if (earlier) {
        earlier.isReplaced = true;
        earlier.reader.cancel().catch(() => undefined);
        await earlier.done;
      }
      return await work(writer);
    } finally {
      finish();
      if (this.#writer === writer) this.#writer = undefined;
      writer.reader.cancel().catch(() => undefined);
    }
  }

  async #write(plan: UploadPlan, offset: number, writer: UploadWriter): Promise<AppendOutcome> {
    if (this.plan?.endsAtMs !== plan.endsAtMs) this.#storage.put(PLAN, plan);
    const before = this.#stateOf(plan);
    if (writer.isReplaced || offset !== before.offset) return { kind: 'conflict', state: before };
    const isTooLong = await this.#take(plan, writer);
    await this.#completeIfWhole(plan);
    return { kind: isTooLong ? 'too_long' : 'appended', state: this.#stateOf(plan) };
  }

  /** Stores the bytes of the request, until it ends, breaks or is replaced. @returns whether it brought too much */
  async #take(plan: UploadPlan, writer: UploadWriter): Promise<boolean> {
    let row = new Uint8Array(this.#sizes.rowBytes);
    let filled = 0;
    const keep = () => {
      if (filled > 0) this.#parts.add(row.slice(0, filled));
      row = new Uint8Array(this.#sizes.rowBytes);
      filled = 0;
    };
    if (this.#parts.space === 0) await this.#parts.send(plan);
    try {
      for (let chunk = await read(writer); chunk; chunk = await read(writer)) {
        if (this.#parts.sizeBytes + filled + chunk.length > plan.sizeBytes) return true;
        for (let rest = chunk; rest.length > 0;) {
          const taken = rest.subarray(0, Math.min(row.length - filled, this.#parts.space - filled));
          row.set(taken, filled);
          filled += taken.length;
          rest = rest.subarray(taken.length);
          if (filled === row.length || filled === this.#parts.space) keep();
          if (this.#parts.space === 0) await this.#parts.send(plan);
        }
      }
    } finally {
      keep();
    }
    return false;
  }

  async #completeIfWhole(plan: UploadPlan): Promise<void> {
    if (!this.#parts.result && this.#parts.sizeBytes === plan.sizeBytes) await this.#parts.complete(plan);
  }
}

/** The next bytes of a request; undefined when it has ended, has broken, or was replaced. */
async function read(writer: UploadWriter): Promise<Uint8Array | undefined> {
  try {
    const { value } = await writer.reader.read();
    return writer.isReplaced ? undefined : value;
  } catch {
    // The connection broke: what has arrived is kept, and the client continues there.
    return undefined;
  }
}
