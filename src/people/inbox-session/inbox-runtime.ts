import type { Clock, Log } from '../../kernel/core/index.ts';
import type { KeyValueStorage } from '../../kernel/durable/index.ts';
import type { InboxClaims, InboxOwner, InboxServerFrame, InboxVerb, InboxVerbFrame } from '../inbox/index.ts';
import type { SocketRuntime } from './inbox-sockets.ts';
import type { CredentialStatus } from './read-credential-status.ts';

/** What an inbox needs from the rest of the product. */
export interface InboxServices {
  log: Log;
  readCredentialStatus(owner: InboxOwner, sessionIds: readonly string[]): Promise<CredentialStatus>;
  /** Ends a ring that nobody answered in time. */
  expireRing(owner: InboxOwner, ringId: string): Promise<void>;
  /**
   * Shows the person's presence to those who watch it.
   * @param isConnected whether a device of the person is connected, at the moment of the call
   * @returns `gone`: watchers to forget; `nextAtMs`: when the status expires, null when it does not
   */
  notifyWatchers(
    owner: InboxOwner,
    watcherIds: readonly string[],
    isConnected: () => boolean,
  ): Promise<{ gone: string[]; nextAtMs: number | null }>;
  /** @returns a frame to send before the ack; undefined for none */
  callVerb(
    verb: InboxVerb,
    claims: InboxClaims,
    connectionId: string,
    frame: InboxVerbFrame,
  ): Promise<InboxServerFrame | undefined>;
}

/** What the Durable Object lends to the inbox in it. */
export interface InboxRuntime extends SocketRuntime {
  kv: KeyValueStorage;
  clock: Clock;
  /** Sets the alarm no later than this. */
  wakeAt(atMs: number): void;
  /** A random text of 16 hexadecimal digits. */
  randomText(): string;
  /** Called only when needed: most events need none of them. */
  services(): InboxServices;
}
