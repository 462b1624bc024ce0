import { z } from '@hono/zod-openapi';
import type { Ctx } from '../../kernel/context/index.ts';
import { actorId } from '../../kernel/core/index.ts';
import type { RoomAccessRequest } from '../../rooms/access/index.ts';
import { findHolder, holderSchema } from '../downloads/index.ts';
import { playbackErrors } from './playback.errors.ts';

const TOKEN_TYPE = 'recording-playback+jwt';
/** A long recording, with breaks. */
export const PLAYBACK_SECONDS = 4 * 3_600;

const claimsSchema = z.object({
  sub: z.string(),
  org: z.string(),
  room: z.string(),
  holder: holderSchema,
});

/** A token with which the caller, and everybody who has it from them, plays a recording while the caller may. */
export const signPlaybackToken = (
  { signer, actor, organizationId: org }: Ctx,
  room: string,
  recordingId: string,
): Promise<string> =>
  signer.sign(
    { sub: recordingId, org, room, holder: { kind: actor.kind, id: actorId(actor) } },
    { type: TOKEN_TYPE, lifeSeconds: PLAYBACK_SECONDS },
  );

/** What a token leads to, with the authority of its holder. */
export interface PlaybackGrant {
  ctx: Ctx;
  request: RoomAccessRequest;
  recordingId: string;
}

/** @throws AppError `playback.not_found`, also when the token has expired or its holder may no longer read rooms */
export async function readPlaybackToken(ctx: Ctx, token: string): Promise<PlaybackGrant> {
  const verified = await ctx.signer.verify(token, TOKEN_TYPE).catch((cause: unknown) => {
    throw playbackErrors.notFound({ cause });
  });
  const claims = claimsSchema.parse(verified);
  const check = { permission: 'rooms:read', refuse: playbackErrors.notFound } as const;
  const holder = await findHolder(ctx, claims, check);
  return {
    ctx: ctx.as(holder),
    request: { roomId: claims.room, alsoDeleted: true },
    recordingId: claims.sub,
  };
}
