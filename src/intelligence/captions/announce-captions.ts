import type { Ctx } from '../../kernel/context/index.ts';
import type { CaptionEndReason } from './captions.enums.ts';

const TEXTS = {
  on: 'Live captions are on: a program transcribes what is said.',
  off: 'Live captions are off.',
};

/**
 * Announces to everybody in the room that captions are on, or off. The room shows each notice once, even if it comes
 * twice.
 */
export async function announceCaptions(
  ctx: Ctx,
  { captionId, roomId, endReason }: { captionId: string; roomId: string; endReason: CaptionEndReason | null },
): Promise<void> {
  const state = endReason === null ? 'on' : 'off';
  await ctx.ports.liveRooms.apply(roomId, [
    {
      type: 'notice',
      key: `captions/${captionId}/${state}`,
      atMs: ctx.clock.now(),
      level: 'info',
      code: state === 'on' ? 'captions.started' : 'captions.ended',
      text: TEXTS[state],
      to: null,
    },
  ]);
}
