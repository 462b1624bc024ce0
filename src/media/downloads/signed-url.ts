import { z } from '@hono/zod-openapi';
import type { Ctx } from '../../kernel/context/index.ts';
import { actorId, authErrors, isError, requirePermission } from '../../kernel/core/index.ts';
import { fileErrors, fileViewerOf, getFile, requireServable, selectFile } from '../files/index.ts';
import { findHolder, holderSchema } from './address-holder.ts';
import { contentOf, type OpenedContent } from './content.rules.ts';
import type { ContentHeaders, DownloadUrlView } from './downloads.schemas.ts';
import { openBytes } from './open-content.ts';

const TOKEN_TYPE = 'file-download+jwt';
const LIFE_SECONDS = 3_600;

const claimsSchema = z.object({
  sub: z.string(),
  org: z.string(),
  holder: holderSchema,
});
type Claims = z.output<typeof claimsSchema>;

/** An address of a file's bytes that works for an hour, with the authority that the caller has when it is opened. */
export async function signDownloadUrl(
  { actor, organizationId: org, signer, config }: Ctx,
  fileId: string,
): Promise<string> {
  const holder = { kind: actor.kind, id: actorId(actor) };
  const token = await signer.sign(
    { sub: fileId, org, holder },
    { type: TOKEN_TYPE, lifeSeconds: LIFE_SECONDS },
  );
  return `${config.PUBLIC_URL}/api/v1/downloads/${token}`;
}

/**
 * Makes an address of the file's bytes that works for an hour without a credential.
 * @throws AppError what `getFile` throws; `files.infected`, `files.scan_pending` or `files.not_scannable`
 */
export async function createDownloadUrl(ctx: Ctx, fileId: string): Promise<DownloadUrlView> {
  const { actor } = ctx;
  requirePermission(actor, 'files:read');
  const file = await getFile(ctx, fileId);
  requireServable(actor, file);
  return {
    url: await signDownloadUrl(ctx, fileId),
    expiresAt: new Date(ctx.clock.now() + LIFE_SECONDS * 1000).toISOString(),
  };
}

/** @throws AppError `files.url_expired` or `files.not_found` */
async function readClaims(ctx: Ctx, token: string): Promise<Claims> {
  try {
    return claimsSchema.parse(await ctx.signer.verify(token, TOKEN_TYPE));
  } catch (cause) {
    const isExpired = isError(cause, authErrors.expiredToken);
    throw isExpired ? fileErrors.urlExpired({ cause }) : fileErrors.notFound({ cause });
  }
}

/**
 * Opens the bytes of a file by a signed address, if its holder may read the file now.
 * @throws AppError `files.not_found`, `files.url_expired`, `files.infected`, `files.scan_pending` or
 * `files.not_scannable`
 */
export async function openSignedContent(
  ctx: Ctx,
  token: string,
  headers: ContentHeaders,
  method: string,
): Promise<OpenedContent> {
  const claims = await readClaims(ctx, token);
  const { org: organizationId, sub: fileId, holder } = claims;
  const actor = await findHolder(ctx, claims, { permission: 'files:read', refuse: fileErrors.notFound });
  const reader = { organizationId, viewer: fileViewerOf(actor), now: new Date(ctx.clock.now()) };
  const scope = { role: 'app', organizationId, userId: holder.id } as const;
  const [[file]] = await ctx.read((q) => [selectFile(q, reader, fileId)], scope);
  if (!file) throw fileErrors.notFound();
  requireServable(actor, file);
  return openBytes(ctx, contentOf(file), headers, method);
}
