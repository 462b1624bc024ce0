import type { ChatPart, ChatRequest, ModelTraits, ProviderKey } from './chat.ports.ts';
import type { StopReason } from './providers.enums.ts';
import type { TokenUsage } from './usage.ports.ts';

/** A request of a batch, by an id that no other request of the batch has. */
export interface BatchRequest {
  customId: string;
  request: ChatRequest;
  traits: ModelTraits;
}

/** A batch as its provider sees it. */
export interface BatchSight {
  batchId: string;
  hasEnded: boolean;
}

/** How one request of a batch ended, as the provider says it; `unreadable`: what it says is no result. */
export type BatchResult =
  | { kind: 'succeeded'; output: readonly ChatPart[]; stopReason: StopReason; usage: TokenUsage }
  | { kind: 'errored'; errorType: string; message: string }
  | { kind: 'canceled' }
  | { kind: 'expired' }
  | { kind: 'unreadable' };

/** Requests that a provider answers together within a day, for less. All verbs throw `ProviderFailure`. */
export interface BatchProvider {
  create(requests: readonly BatchRequest[], key: ProviderKey): Promise<BatchSight>;
  read(batchId: string, key: ProviderKey): Promise<BatchSight>;
  /** Asks the provider to end it; results of requests that were answered already remain. */
  cancel(batchId: string, key: ProviderKey): Promise<BatchSight>;
  delete(batchId: string, key: ProviderKey): Promise<void>;
  /** The results of a batch that has ended, in any order. `customId` is null where it cannot be read. */
  results(batchId: string, key: ProviderKey): AsyncIterable<{ customId: string | null; result: BatchResult }>;
}
