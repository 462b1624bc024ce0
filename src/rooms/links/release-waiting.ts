import type { Ctx } from '../../kernel/context/index.ts';
import { requestErrors } from '../../kernel/core/index.ts';
import { commitLobbyDecision } from '../lobby/index.ts';
import { selectReleasedEntries } from './release-waiting.queries.ts';

/** How many people one commit admits; the next one follows at once. */
const BATCH_SIZE = 500;

/**
 * Admits all people in a room's lobby that would not have to wait if they came now: the lobby or the approval of their link
 * was switched off, the room was unlocked, or the host has come. Runs right after a change of settings, and by a subscriber
 * of each event that may end their wait.
 * @throws AppError `request.stale` when one of them was decided meanwhile
 */
export async function releaseWaiting(ctx: Ctx, roomId: string): Promise<void> {
  const { organizationId } = ctx;
  let released: number;
  do {
    const now = new Date(ctx.clock.now());
    const [rows] = await ctx.read((q) => [selectReleasedEntries(q, organizationId, roomId, now, BATCH_SIZE)]);
    released = rows.length;
    const place = { room: { id: roomId, organizationId }, call: rows[0]?.call };
    const entries = rows.map(({ entry }) => entry);
    await commitLobbyDecision(ctx, place, entries, 'admitted', requestErrors.stale);
  } while (released === BATCH_SIZE);
}
