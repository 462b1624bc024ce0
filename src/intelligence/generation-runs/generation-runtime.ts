import type { Services } from '../../kernel/context/index.ts';
import type { KeyValueStorage } from '../../kernel/durable/index.ts';
import type { BreakerView } from '../model-breakers/index.ts';

/** What a live object lends to a generation. */
export interface GenerationRuntime {
  /** Written before anything is sent that follows. */
  storage: KeyValueStorage;
  /** The same storage, which nothing waits for: the last moments before a crash may be lost. */
  quickStorage: KeyValueStorage;
  services(): Services;
  breakersOf(organizationId: string): BreakerView;
  /** Makes sure that `wake` is called at this time or earlier. */
  wakeAt(atMs: number): void;
}
