import type { KeepAlive, Services } from '../../kernel/context/index.ts';
import type { KeyValueStorage } from '../../kernel/durable/index.ts';
import type { SocketHandle } from '../../realtime/sockets/index.ts';

/** What the live object provides to its rules. */
export interface RecognitionRuntime {
  storage: KeyValueStorage;
  services(): Services;
  keepAlive: KeepAlive;
  /** The sockets of clients; at most one is in use. */
  sockets(): readonly SocketHandle[];
  /** @returns a function that stops it */
  startTimer(ms: number, run: () => void): () => void;
  wakeAt(atMs: number): void;
}
