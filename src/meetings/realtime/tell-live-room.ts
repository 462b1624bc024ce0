import type { Ctx } from '../../platform/context/index.ts';
import { serverErrors, within } from '../../platform/core/index.ts';
import type { Effect } from '../../platform/outbox/index.ts';
import type { LiveCommand } from './commands.schemas.ts';

/** A verb that has committed does not wait longer for the live room. */
const PATIENCE_MS = 2_000;

/** The effect to commit with what was decided: it tells the live room again, which does no harm. */
export const liveRoomTold = (roomId: string, commands: readonly LiveCommand[]): Effect => ({
  type: 'live_room.told',
  key: roomId,
  payload: { roomId, commands },
});

/** Tells a live room at once, after the commit. A failure is logged: `liveRoomTold` makes up for it. */
export async function tellLiveRoom(
  { ports, log }: Ctx,
  roomId: string,
  commands: readonly LiveCommand[],
): Promise<void> {
  const late = () => serverErrors.unavailable({ detail: 'the live room did not answer in time' });
  try {
    await within(ports.liveRooms.apply(roomId, commands), PATIENCE_MS, late);
  } catch (error) {
    log.warn('live_room.not_told', { roomId, commands: commands.map(({ type }) => type), error });
  }
}
