import type { InboxEvent, PresenceView } from './inbox.schemas.ts';

/** What an inbox ticket says: who connects, and what they may do by frames. */
export interface InboxClaims {
  organizationId: string;
  userId: string;
  sessionId: string;
  role: string | null;
  plan: string | null;
}

/** The live side of people: one inbox for each person in an organization, next to the sockets of their devices. */
export interface Inboxes {
  /**
   * Opens a socket: the upgrade's own answer.
   * @throws AppError `server.unavailable` when the inbox cannot be reached
   */
  connect(request: Request, claims: InboxClaims): Promise<Response>;
  /**
   * Shows events to all of the person's devices, and keeps them for those that are away. An event is told once by its
   * `key`, however often it is pushed: push it after the commit, and let an effect push it again.
   * @throws AppError `server.unavailable` when the inbox cannot be reached
   */
  push(organizationId: string, userId: string, events: readonly InboxEvent[]): Promise<void>;
  /** Which of these people have a device connected; at most 100. @throws AppError `server.unavailable` */
  connected(organizationId: string, userIds: readonly string[]): Promise<ReadonlySet<string>>;
  /**
   * The person's presence may have changed: whoever follows it is shown what they may see now.
   * @throws AppError `server.unavailable`
   */
  publishPresence(organizationId: string, userId: string): Promise<void>;
  /**
   * From now on changes of these people's presence are shown to the watcher's devices, for as long as one follows them.
   * @param userIds at most 100
   * @returns which of them have a device connected
   * @throws AppError `server.unavailable`
   */
  watch(organizationId: string, userIds: readonly string[], watcherId: string): Promise<ReadonlySet<string>>;
  /**
   * Shows a watcher how somebody stands.
   * @returns false when none of the watcher's devices follows that person
   * @throws AppError `server.unavailable`
   */
  showPresence(organizationId: string, watcherId: string, presence: PresenceView): Promise<boolean>;
  /** Closes all sockets and forgets everything. */
  forget(organizationId: string, userId: string): Promise<void>;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    inboxes: Inboxes;
  }
}
