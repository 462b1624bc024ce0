import { z } from '@hono/zod-openapi';
import type { Ctx } from '../../kernel/context/index.ts';
import { type Actor, actorId, authErrors, hasStatus, isError } from '../../kernel/core/index.ts';
import {
  type ContentHeaders,
  findHolder,
  holderSchema,
  openBytes,
  type OpenedContent,
} from '../downloads/index.ts';
import { fileErrors } from '../files/index.ts';
import { type Recording, recordingErrors } from '../recordings/index.ts';
import { contentOfRecording } from './recording-content.rules.ts';
import { findDownload, type FoundDownload, requireFile } from './require-file.ts';

const TOKEN_TYPE = 'recording-download+jwt';
export const LIFE_SECONDS = 3_600;

const guestSchema = z.object({ kind: z.literal('guest'), id: z.string(), linkId: z.string() });
const claimsSchema = z.object({
  sub: z.string(),
  org: z.string(),
  room: z.string(),
  /** The holder of the address: it works while they may have the recording. */
  holder: z.union([holderSchema, guestSchema]),
});
type Claims = z.output<typeof claimsSchema>;

/** An address at the product that works for an hour without a credential. */
export async function signAddress(ctx: Ctx, { id: sub, organizationId: org, roomId: room }: Recording) {
  const { actor, signer, config } = ctx;
  const link = actor.kind === 'guest' ? { linkId: actor.linkId } : {};
  const holder = { kind: actor.kind, id: actorId(actor), ...link };
  const claims = { sub, org, room, holder };
  const token = await signer.sign(claims, { type: TOKEN_TYPE, lifeSeconds: LIFE_SECONDS });
  return `${config.PUBLIC_URL}/api/v1/recording-downloads/${token}`;
}

/** @throws AppError `recordings.url_expired` or `recordings.not_found` */
async function readClaims(ctx: Ctx, token: string): Promise<Claims> {
  try {
    return claimsSchema.parse(await ctx.signer.verify(token, TOKEN_TYPE));
  } catch (cause) {
    const isExpired = isError(cause, authErrors.expiredToken);
    throw isExpired ? recordingErrors.urlExpired({ cause }) : recordingErrors.notFound({ cause });
  }
}

/** The holder of the address, with their present authority. @throws AppError `recordings.not_found` when they have none */
async function findActor(ctx: Ctx, { org, room: roomId, holder }: Claims): Promise<Actor> {
  if (holder.kind !== 'guest')
    return findHolder(ctx, { org, holder }, { permission: 'rooms:read', refuse: recordingErrors.notFound });
  const { id: guestId, linkId } = holder;
  return { kind: 'guest', guestId, organizationId: org, roomId, linkId, name: '' };
}

/** The recording as its holder has it now. @throws AppError `recordings.not_found`: the address is public, and says no more */
async function findForHolder(ctx: Ctx, claims: Claims): Promise<FoundDownload> {
  const asHolder = ctx.as(await findActor(ctx, claims));
  try {
    return await findDownload(asHolder, { roomId: claims.room, alsoDeleted: true }, claims.sub);
  } catch (cause) {
    throw hasStatus(cause, 403, 404) ? recordingErrors.notFound({ cause }) : cause;
  }
}

/**
 * Opens the bytes of a recording in the storage of the product by a signed address, if its holder may have it now.
 * @throws AppError `recordings.not_found`, `recordings.url_expired`, `recordings.not_ready` or `recordings.not_stored`
 */
export async function openSignedRecording(
  ctx: Ctx,
  token: string,
  headers: ContentHeaders,
  method: string,
): Promise<OpenedContent> {
  const found = await findForHolder(ctx, await readClaims(ctx, token));
  await requireFile(found);
  try {
    return await openBytes(ctx, contentOfRecording(found.recording), headers, method);
  } catch (cause) {
    // It was there a moment ago.
    const isGone = isError(cause, fileErrors.notFound);
    throw isGone ? recordingErrors.notStored({ cause }) : cause;
  }
}
