import { createRoomServices } from '../../durable-objects/room-services.ts';
import { roomFrames } from '../../durable-objects/room-frames.ts';
import { type RoomCaller, verifyRoomTicket } from '../../src/realtime/protocol/index.ts';
import type { TestApp } from './app.ts';

/** Calls the verb of a frame, as the live room does for the holder of the ticket. */
export async function sendFrame(
  app: TestApp,
  ticket: string,
  type: string,
  fields: Record<string, unknown> = {},
  { id = crypto.randomUUID(), role }: { id?: string; role?: RoomCaller['role'] } = {},
): Promise<unknown> {
  const verb = roomFrames.find((each) => each.type === type);
  if (!verb) throw new Error(`there is no frame ${type}`);
  const {
    features: _f,
    lobbyEntryId: _l,
    issuedAtMs: _i,
    expiresAtMs: _e,
    sinceMs: _s,
    ...claims
  } = await verifyRoomTicket(app.services.signer, ticket);
  const caller: RoomCaller = { ...claims, role: role ?? claims.role };
  const pending: Promise<unknown>[] = [];
  const appliedCommands = app.liveRooms.appliedCommands;
  const ownRoom = {
    apply: (commands: readonly Parameters<typeof app.liveRooms.apply>[1][number][]) => {
      appliedCommands.push(...commands.map((command) => ({ roomId: caller.roomId, command })));
      return { seq: appliedCommands.length };
    },
  };
  const roomServices = createRoomServices(app.services, ownRoom, (work) => void pending.push(work));
  const frame = verb.frame.parse({ type, id, ...fields }) as { id: string };
  try {
    return await roomServices.callVerb(verb, caller, frame);
  } finally {
    await Promise.all(pending);
  }
}
