import type {
  LiveCommand,
  LiveRooms,
  LiveRoster,
  RoomTicketClaims,
} from '../../src/realtime/protocol/index.ts';
import { serverErrors } from '../../src/kernel/core/index.ts';

export interface MemoryLiveRooms extends LiveRooms {
  /** The commands that rooms received, in order. */
  appliedCommands: { roomId: string; command: LiveCommand }[];
  /** The types of the commands that a room received, in order. */
  commandTypesOf(roomId: string): string[];
  /** The tickets of opened sockets. */
  openedTickets: RoomTicketClaims[];
  /** The answer of `roster`. */
  rosters: Map<string, LiveRoster>;
  forgottenRoomIds: string[];
  /** How many of the next calls fail because the live room is unreachable. */
  failNext(calls: number): void;
  /** While true calls wait; each checks again until it is false. */
  hanging: boolean;
}

const EMPTY: LiveRoster = { people: [], spotlight: null, locked: false, seq: 0 };
const LOOK_MS = 2;

/** The port of live rooms without the objects: records commands, and fails on request. */
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
      // Only the Workers runtime can create a response with this status.
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
