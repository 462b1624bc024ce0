import type { CallerKind, RoomRole } from './protocol.enums.ts';
import type { Features } from './protocol.schemas.ts';
import type { LiveCommand } from './live-commands.schemas.ts';

/** What a room ticket says: everything that the live room needs to admit a person without reading a database. */
export interface RoomTicketClaims {
  organizationId: string;
  roomId: string;
  identity: string;
  /** Null for a person who waits in the lobby or only observes. */
  participantId: string | null;
  callId: string | null;
  name: string;
  role: RoomRole;
  kind: CallerKind;
  userId: string | null;
  /** The link that a guest came by; null for everybody else. */
  linkId: string | null;
  /**
   * The credential behind the ticket: the session of a user, or the API key of a service or agent. Null for guests, who
   * have only their link, and in tickets from before it was stored.
   */
  credential: string | null;
  /** Set for a person who waits: their socket shows the decision about themselves and nothing else. */
  lobbyEntryId: string | null;
  /** What they may use: the room's features, narrowed by their link. */
  features: Features;
}

/** A verified ticket. Times are milliseconds since the epoch. */
export interface RoomTicket extends RoomTicketClaims {
  issuedAtMs: number;
  expiresAtMs: number;
  /** When the API issued the first ticket of the chain that this one continues. */
  sinceMs: number;
}

export interface LiveRosterEntry {
  identity: string;
  name: string;
  role: RoomRole;
  kind: CallerKind;
  participantId: string | null;
  /** ISO 8601; null while the hand is down. */
  handRaisedAt: string | null;
  /** When their first socket of this stay opened, ISO 8601. */
  joinedAt: string;
  /** Open sockets. */
  connections: number;
}

export interface LiveRoster {
  /** Everybody with a socket, observers included; people in the lobby are not. */
  people: LiveRosterEntry[];
  spotlight: string | null;
  locked: boolean;
  /** The number of the last event. */
  seq: number;
}

/** The live side of rooms: one Durable Object for each, which holds the sockets of the people in it. */
export interface LiveRooms {
  /**
   * Opens a socket.
   * @returns the answer to the upgrade
   * @throws AppError `realtime.*`, or `server.unavailable` when the live room cannot be reached
   */
  connect(request: Request, ticket: RoomTicket, continent: string | null): Promise<Response>;
  /**
   * Applies commands in this order; applying them again changes nothing.
   * @returns the number of the room's last event
   * @throws AppError `server.unavailable` when the live room cannot be reached
   */
  apply(roomId: string, commands: readonly LiveCommand[]): Promise<{ seq: number }>;
  /** @throws AppError `server.unavailable` */
  roster(roomId: string): Promise<LiveRoster>;
  /** Closes all sockets and deletes what is stored, chat that is not yet persisted last. */
  forget(roomId: string): Promise<void>;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    liveRooms: LiveRooms;
  }
}
