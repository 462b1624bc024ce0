import type { Services } from '../../kernel/context/index.ts';
import type { KeyValueStorage } from '../../kernel/durable/index.ts';
import type { BreakerView } from '../model-breakers/index.ts';

/** What a live object provides to a generation. */
export interface GenerationRuntime {
  /** Writes are durable before anything later is sent. */
  storage: KeyValueStorage;
  /** The same storage without waiting for writes: the last moments before a crash may be lost. */
  quickStorage: KeyValueStorage;
  services(): Services;
  sleep(ms: number): Promise<void>;
  breakersOf(organizationId: string): BreakerView;
  /** Makes sure that `wake` is called at this time or earlier. */
  wakeAt(atMs: number): void;
}
