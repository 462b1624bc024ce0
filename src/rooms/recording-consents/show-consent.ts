import type { Ctx } from '../../kernel/context/index.ts';
import { consentCommand } from './recording-consents.present.ts';
import { selectConsent } from './recording-consents.queries.ts';

/** Shows everybody in the room who agreed to be recorded, refused to, or withdrew their consent. */
export async function showConsent(
  ctx: Ctx,
  { roomId, consentId }: { roomId: string; consentId: string },
): Promise<void> {
  const [[row]] = await ctx.read((q) => [selectConsent(q, ctx.organizationId, consentId)]);
  if (row) await ctx.ports.liveRooms.apply(roomId, [consentCommand(row)]);
}
