import type { LiveRooms, RoomTicket } from '../../src/realtime/protocol/index.ts';
import { MemoryRoom } from '../support/memory-room.ts';
import type { MemorySocket } from '../support/memory-socket.ts';

/** The live rooms of a test: the product's own room sessions, each over storage in memory, at the time of the app. */
export class PairLiveRooms implements LiveRooms {
  readonly #rooms = new Map<string, MemoryRoom>();
  /** The time of the app; set once the app exists. */
  now: () => number = Date.now;
  /** The socket that was opened last. */
  lastSocket: MemorySocket | undefined;

  room(roomId: string): MemoryRoom {
    let room = this.#rooms.get(roomId);
    if (!room) this.#rooms.set(roomId, (room = new MemoryRoom()));
    room.nowMs = this.now();
    return room;
  }

  async connect(_request: Request, ticket: RoomTicket): Promise<Response> {
    this.lastSocket = this.room(ticket.roomId).open(ticket.identity, ticket);
    // Only the Workers runtime can create a response with this status.
    return Object.defineProperty(new Response(null), 'status', { value: 101 });
  }

  async apply(roomId: string, commands: Parameters<LiveRooms['apply']>[1]): Promise<{ seq: number }> {
    const room = this.room(roomId);
    room.apply(...commands);
    return { seq: room.core.roster().seq };
  }

  async roster(roomId: string) {
    return this.room(roomId).core.roster();
  }

  async forget(roomId: string): Promise<void> {
    this.#rooms.delete(roomId);
  }
}
