import type {
  LiveCommand,
  LiveRooms,
  LiveRoster,
  RoomTicketClaims,
} from '../../src/realtime/protocol/index.ts';
import { serverErrors } from '../../src/kernel/core/index.ts';

export interface MemoryLiveRooms extends LiveRooms {
  /** What rooms were told, in order. */
  appliedCommands: { roomId: string; command: LiveCommand }[];
  /** The types of what one room was told, in order. */
  commandTypesOf(roomId: string): string[];
  /** Tickets with which sockets were opened. */
  openedTickets: RoomTicketClaims[];
  /** What `roster` answers. */
  rosters: Map<string, LiveRoster>;
  forgottenRoomIds: string[];
  /** The next calls, this many, find no live room. */
  failNext(calls: number): void;
  /** Calls wait until this is false again; each looks anew. */
  hanging: boolean;
}

const EMPTY: LiveRoster = { people: [], spotlight: null, locked: false, seq: 0 };
const LOOK_MS = 2;

/** The live objects' port without the objects: remembers what it is told, and misbehaves on request. */
export function createMemoryLiveRooms(): MemoryLiveRooms {
  let failures = 0;
  const reach = async () => {
    while (rooms.hanging) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    if (failures > 0) {
      failures--;
      throw serverErrors.unavailable({ detail: 'the live room is not available' });
    }
  };
  const rooms: MemoryLiveRooms = {
    appliedCommands: [],
    openedTickets: [],
    rosters: new Map(),
    forgottenRoomIds: [],
    hanging: false,
    commandTypesOf: (roomId) =>
      rooms.appliedCommands.filter((each) => each.roomId === roomId).map(({ command }) => command.type),
    failNext(calls) {
      failures = calls;
    },
    async connect(_request, ticket) {
      await reach();
      rooms.openedTickets.push(ticket);
      // Only the Workers runtime makes a response of this status.
      return Object.defineProperty(new Response(null), 'status', { value: 101 });
    },
    async apply(roomId, commands) {
      await reach();
      rooms.appliedCommands.push(...commands.map((command) => ({ roomId, command })));
      return { seq: rooms.appliedCommands.length };
    },
    async roster(roomId) {
      await reach();
      return rooms.rosters.get(roomId) ?? EMPTY;
    },
    async forget(roomId) {
      await reach();
      rooms.forgottenRoomIds.push(roomId);
    },
  };
  return rooms;
}
