import { z } from '@hono/zod-openapi';
import { permissionsOfRole } from '../../identity/access/index.ts';
import { permissionsOfScopes } from '../../identity/api-keys/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import {
  type Actor,
  actorId,
  AppError,
  authErrors,
  type PermissionGrant,
  permits,
  requirePermission,
} from '../../kernel/core/index.ts';
import { fileErrors, fileViewerOf, getFile, requireServable, selectFile } from '../files/index.ts';
import { contentOf, type OpenedContent } from './content.rules.ts';
import { selectRole, selectScopes } from './downloads.queries.ts';
import type { ContentHeaders, DownloadUrlView } from './downloads.schemas.ts';
import { openBytes } from './open-content.ts';

const TOKEN_TYPE = 'file-download+jwt';
const LIFE_SECONDS = 3_600;

const claimsSchema = z.object({
  sub: z.string(),
  org: z.string(),
  /** The user or API key that asked for the address: it works while they may read the file. */
  holder: z.object({ kind: z.enum(['user', 'apiKey']), id: z.string() }),
});
type Claims = z.output<typeof claimsSchema>;

/**
 * Makes an address of the file's bytes that works for an hour without a credential.
 * @throws AppError what `getFile` throws; `files.infected`, `files.scan_pending` or `files.not_scannable`
 */
export async function createDownloadUrl(ctx: Ctx, fileId: string): Promise<DownloadUrlView> {
  const { actor, organizationId: org } = ctx;
  requirePermission(actor, 'files:read');
  const file = await getFile(ctx, fileId);
  requireServable(actor, file);
  const holder = { kind: actor.kind, id: actorId(actor) };
  const token = await ctx.signer.sign(
    { sub: fileId, org, holder },
    { type: TOKEN_TYPE, lifeSeconds: LIFE_SECONDS },
  );
  return {
    url: `${ctx.config.PUBLIC_URL}/api/v1/downloads/${token}`,
    expiresAt: new Date(ctx.clock.now() + LIFE_SECONDS * 1000).toISOString(),
  };
}

/** @throws AppError `files.url_expired` or `files.not_found` */
async function readClaims(ctx: Ctx, token: string): Promise<Claims> {
  try {
    return claimsSchema.parse(await ctx.signer.verify(token, TOKEN_TYPE));
  } catch (cause) {
    const isExpired = cause instanceof AppError && cause.code === authErrors.expiredToken.definition.code;
    throw isExpired ? fileErrors.urlExpired({ cause }) : fileErrors.notFound({ cause });
  }
}

/** @throws AppError `files.not_found`: the address is public, so it does not report what its holder lacks */
function requireReading(permissions: readonly PermissionGrant[]): readonly PermissionGrant[] {
  if (!permits(permissions, 'files:read')) throw fileErrors.notFound();
  return permissions;
}

/** The holder of the address, with the authority that they have now. @throws AppError `files.not_found` when they have none */
async function findHolder(ctx: Ctx, { org: organizationId, holder: { kind, id } }: Claims): Promise<Actor> {
  const scope = { role: 'app', organizationId, userId: id } as const;
  if (kind === 'user') {
    const [[member]] = await ctx.read((q) => [selectRole(q, organizationId, id)], scope);
    if (!member) throw fileErrors.notFound();
    const { role } = member;
    const permissions = requireReading(permissionsOfRole(role));
    return { kind, userId: id, sessionId: undefined, organizationId, role, plan: null, permissions };
  }
  const now = new Date(ctx.clock.now());
  const [[key]] = await ctx.read((q) => [selectScopes(q, organizationId, id, now)], scope);
  if (!key) throw fileErrors.notFound();
  const permissions = requireReading(permissionsOfScopes(key.scopes));
  return { kind, apiKeyId: id, organizationId, plan: '', requestsPerMinute: 0, permissions };
}

/**
 * Opens the bytes of a file by a signed address, as far as its holder may read the file now.
 * @throws AppError `files.not_found`, `files.url_expired`, `files.infected`, `files.scan_pending` or `files.not_scannable`
 */
export async function openSignedContent(
  ctx: Ctx,
  token: string,
  headers: ContentHeaders,
  method: string,
): Promise<OpenedContent> {
  const claims = await readClaims(ctx, token);
  const { org: organizationId, sub: fileId, holder } = claims;
  const actor = await findHolder(ctx, claims);
  const reader = { organizationId, viewer: fileViewerOf(actor), now: new Date(ctx.clock.now()) };
  const scope = { role: 'app', organizationId, userId: holder.id } as const;
  const [[file]] = await ctx.read((q) => [selectFile(q, reader, fileId)], scope);
  if (!file) throw fileErrors.notFound();
  requireServable(actor, file);
  return openBytes(ctx, contentOf(file), headers, method);
}
