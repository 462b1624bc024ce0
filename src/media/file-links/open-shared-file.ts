import { z } from '@hono/zod-openapi';
import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { hashAddress, requirePassword } from '../../rooms/guest-access/index.ts';
import { contentOf, type ContentHeaders, openBytes, type OpenedContent } from '../downloads/index.ts';
import { fileLinkErrors } from './file-links.errors.ts';
import { countDownload, selectLinkById, selectLinkByToken } from './file-links.queries.ts';
import { hashToken, type LinkedFile, requireWorkingLink } from './file-links.rules.ts';
import type { OpenSharedFile } from './file-links.schemas.ts';

const TOKEN_TYPE = 'shared-file+jwt';
/** For how long a download that has begun can be continued. */
const LIFE_SECONDS = 3_600;

const claimsSchema = z.object({ sub: z.string(), org: z.string() });

/** A file that somebody may download through a link, and where. */
export interface SharedDownload {
  file: LinkedFile['file'];
  url: string;
  expiresAt: Date;
}

/**
 * The file of a token. Read in the system's scope: its holder belongs to no organization, and the token is the credential.
 * @throws AppError `file_links.not_found`, whatever the reason is
 */
export async function findSharedFile(ctx: Ctx, token: string): Promise<LinkedFile> {
  const tokenHash = await hashToken(ctx.hasher, token);
  const now = new Date(ctx.clock.now());
  const [[found]] = await ctx.read((q) => [selectLinkByToken(q, tokenHash, now)], systemScope);
  return requireWorkingLink(found);
}

/**
 * Begins a download through a link: counts it, and makes an address of the bytes that works for an hour.
 * @throws AppError `file_links.not_found`, `links.password_required`, `links.wrong_password`, `links.too_many_attempts` or
 * `server.unavailable`
 */
export async function openSharedFile(ctx: Ctx, { token, password }: OpenSharedFile): Promise<SharedDownload> {
  const { link, file } = await findSharedFile(ctx, token);
  const { id: fileLinkId, organizationId } = link;
  await requirePassword(ctx, link, password, {
    kind: 'visitor',
    address: await hashAddress(ctx, fileLinkId),
  });
  const nowMs = ctx.clock.now();
  const claims = { sub: fileLinkId, org: organizationId };
  const signature = await ctx.signer.sign(claims, { type: TOKEN_TYPE, lifeSeconds: LIFE_SECONDS });
  return ctx.commit({
    // The link's own organization: its holder has none.
    scope: { role: 'app', organizationId, userId: null },
    write: (q) => [countDownload(q, link, new Date(nowMs))],
    audit: { action: 'file_link.opened', target: { type: 'file', id: file.id }, after: { fileLinkId } },
    result: {
      file,
      url: `${ctx.config.PUBLIC_URL}/api/v1/shared-downloads/${signature}`,
      expiresAt: new Date(nowMs + LIFE_SECONDS * 1000),
    },
  });
}

/**
 * Opens the bytes of a download that has begun, as long as the link works.
 * @throws AppError `file_links.not_found`, also when the address has expired
 */
export async function openSharedContent(
  ctx: Ctx,
  signature: string,
  headers: ContentHeaders,
  method: string,
): Promise<OpenedContent> {
  const claims = await ctx.signer.verify(signature, TOKEN_TYPE).catch((cause: unknown) => {
    throw fileLinkErrors.notFound({ cause });
  });
  const { sub, org: organizationId } = claimsSchema.parse(claims);
  const now = new Date(ctx.clock.now());
  const [[found]] = await ctx.read((q) => [selectLinkById(q, organizationId, sub, now)], {
    role: 'app',
    organizationId,
    userId: null,
  });
  const { file } = requireWorkingLink(found);
  return openBytes(ctx, contentOf(file), headers, method);
}
