import type { Ctx } from '../../kernel/context/index.ts';
import { serverErrors, withTimeout } from '../../kernel/core/index.ts';
import type { LiveCommand } from './live-commands.schemas.ts';

/** A verb that has committed waits no longer for the live room. */
const APPLY_TIMEOUT_MS = 2_000;

/** Sends commands to a live room right after the commit. A failure is logged; `liveCommandsIssued` makes up for it. */
export async function sendLiveCommands(
  { ports, log }: Pick<Ctx, 'ports' | 'log'>,
  roomId: string,
  commands: readonly LiveCommand[],
): Promise<void> {
  const createTimeoutError = () =>
    serverErrors.unavailable({ detail: 'the live room did not answer in time' });
  try {
    await withTimeout(ports.liveRooms.apply(roomId, commands), APPLY_TIMEOUT_MS, createTimeoutError);
  } catch (error) {
    log.warn('live_room.commands_not_applied', {
      roomId,
      commands: commands.map(({ type }) => type),
      error,
    });
  }
}
