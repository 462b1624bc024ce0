import type { CallerKind, RoomRole } from './protocol.enums.ts';
import type { Features } from './protocol.schemas.ts';
import type { LiveCommand } from './live-commands.schemas.ts';

/** What a room ticket says: all that the live room needs to let somebody in, so that it asks no database. */
export interface RoomTicketClaims {
  organizationId: string;
  roomId: string;
  identity: string;
  /** Null for somebody who waits in the lobby, or is only shown the room. */
  participantId: string | null;
  callId: string | null;
  name: string;
  role: RoomRole;
  kind: CallerKind;
  userId: string | null;
  /** The link that let a guest in; null for everybody else. */
  linkId: string | null;
  /** Set for somebody who waits: their socket shows the lobby's decision about themselves and nothing else. */
  lobbyEntryId: string | null;
  /** What they may use: the room's features, narrowed by their link. */
  features: Features;
}

/** A ticket that was verified. */
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
  /** Everybody with a socket, observers as well; those who wait are not among them. */
  people: LiveRosterEntry[];
  spotlight: string | null;
  locked: boolean;
  /** Of the last event. */
  seq: number;
}

/** The live side of rooms: one object for each, next to the sockets of those who are in it. */
export interface LiveRooms {
  /**
   * Opens a socket: the upgrade's own answer.
   * @throws AppError `realtime.*`, or `server.unavailable` when the live room cannot be reached
   */
  connect(request: Request, ticket: RoomTicket, continent: string | null): Promise<Response>;
  /**
   * Tells a room what was decided, in this order; see `LiveCommand` for what happens when it is told twice.
   * @throws AppError `server.unavailable` when the live room cannot be reached: an effect tells it again
   */
  apply(roomId: string, commands: readonly LiveCommand[]): Promise<{ seq: number }>;
  /** @throws AppError `server.unavailable` */
  roster(roomId: string): Promise<LiveRoster>;
  /** Closes all sockets and forgets everything that is not still to be kept elsewhere. */
  forget(roomId: string): Promise<void>;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    liveRooms: LiveRooms;
  }
}
