import type { Services } from '../../kernel/context/index.ts';
import { isStale } from '../../kernel/core/index.ts';
import { runAsSystem } from '../../kernel/delivery/index.ts';
import { advanceCompression, type CompressionTools } from './advance-compression.ts';
import type { CompressionKey } from '../file-compressions/index.ts';

const COMPRESSION = 'compression';
const FAILURES = 'failures';
/** Somebody asked for a run since the last one began. */
const WOKEN = 'woken';
/** If the object dies in the middle of a run, it is woken after this time. */
const STALL_MS = 60_000;
const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 300_000;

/** What a compression needs of its live object. */
export interface CompressionRuntime extends CompressionTools {
  services: () => Services;
  /** Makes sure that the object wakes at this time or earlier. */
  wakeAt(atMs: number): void;
  /** Makes the object wake at this time and no earlier. */
  setNext(atMs: number): void;
}

/**
 * A compression in its live object: advances it at each alarm, until it is over and cleaned up. Its state is in the
 * object's storage and in the compression's row, so that the object may die at any step.
 */
export class CompressionRunner {
  readonly #runtime: CompressionRuntime;

  constructor(runtime: CompressionRuntime) {
    this.#runtime = runtime;
  }

  wake(compression: CompressionKey): void {
    const { storage, wakeAt, services } = this.#runtime;
    storage.put(COMPRESSION, compression);
    storage.put(WOKEN, true);
    wakeAt(services().clock.now());
  }

  /** Runs at an alarm. @returns whether something is left to do; otherwise the storage can be deleted */
  async run(): Promise<boolean> {
    const { storage, services, wakeAt, setNext } = this.#runtime;
    const compression = storage.get(COMPRESSION) as CompressionKey | undefined;
    if (!compression) return false;
    const now = () => services().clock.now();
    wakeAt(now() + STALL_MS);
    storage.delete(WOKEN);
    const waitMs = await this.#advance(compression);
    if (waitMs === null) return false;
    setNext(storage.get(WOKEN) ? now() : now() + waitMs);
    return true;
  }

  async #advance({ organizationId, compressionId }: CompressionKey): Promise<number | null> {
    const { storage, services } = this.#runtime;
    try {
      const waitMs = await runAsSystem(services(), 'compression.advance', organizationId, (ctx) =>
        advanceCompression(ctx, compressionId, this.#runtime),
      );
      storage.delete(FAILURES);
      return waitMs;
    } catch (error) {
      if (isStale(error)) return 0;
      const failures = ((storage.get(FAILURES) as number | undefined) ?? 0) + 1;
      storage.put(FAILURES, failures);
      services().log.warn('compression.advance_failed', { compressionId, organizationId, failures, error });
      return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1));
    }
  }
}
