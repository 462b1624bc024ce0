import type { InboxEvent, PresenceView } from './inbox.schemas.ts';

/** Whose inbox it is. */
export interface InboxOwner {
  organizationId: string;
  userId: string;
}

/** What an inbox ticket says: the person, and the credential behind the connection. */
export interface InboxClaims extends InboxOwner {
  sessionId: string;
  role: string | null;
  plan: string | null;
}

/** The live side of people: one Durable Object for each person in an organization, which holds their devices' sockets. */
export interface Inboxes {
  /**
   * Opens a socket.
   * @returns the answer to the upgrade
   * @throws AppError `auth.invalid_token` when the session or the membership has ended since the ticket was created;
   * `server.unavailable` when the inbox cannot be reached, or cannot read them
   */
  connect(request: Request, claims: InboxClaims): Promise<Response>;
  /**
   * Shows events to all of the person's devices and stores them for those that are away. Pushing an event again with the
   * same `key` changes nothing: push it after the commit, and again from the event's subscriber.
   * @throws AppError `server.unavailable`
   */
  push(organizationId: string, userId: string, events: readonly InboxEvent[]): Promise<void>;
  /** Which of these people have a device connected. @param userIds at most 100 @throws AppError `server.unavailable` */
  connected(organizationId: string, userIds: readonly string[]): Promise<ReadonlySet<string>>;
  /**
   * The person's presence may have changed: shows their watchers what they may see now.
   * @throws AppError `server.unavailable`
   */
  publishPresence(organizationId: string, userId: string): Promise<void>;
  /**
   * Shows changes of these people's presence to the watcher's devices, as long as one of those follows them.
   * @param userIds at most 100
   * @returns which of them have a device connected
   * @throws AppError `server.unavailable`
   */
  watch(organizationId: string, userIds: readonly string[], watcherId: string): Promise<ReadonlySet<string>>;
  /**
   * Shows a watcher a person's presence.
   * @returns false when none of the watcher's devices follows that person
   * @throws AppError `server.unavailable`
   */
  showPresence(organizationId: string, watcherId: string, presence: PresenceView): Promise<boolean>;
  /**
   * Compares the person's sockets with their sessions and membership as they are now: closes those that rest on one which has
   * ended, and gives the others their present role.
   * @throws AppError `server.unavailable`, also when the inbox cannot read them
   */
  recheck(organizationId: string, userId: string): Promise<void>;
  /** Closes all sockets and deletes what is stored. */
  forget(organizationId: string, userId: string): Promise<void>;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    inboxes: Inboxes;
  }
}
