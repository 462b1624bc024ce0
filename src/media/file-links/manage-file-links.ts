import type { Ctx } from '../../kernel/context/index.ts';
import {
  actorId,
  type Page,
  pageOf,
  type PageQuery,
  readCursor,
  requireFuture,
  requirePermission,
} from '../../kernel/core/index.ts';
import { hashLinkPassword } from '../../rooms/links/index.ts';
import { fileErrors, managedBy } from '../files/index.ts';
import { fileLinkErrors } from './file-links.errors.ts';
import { fileLinkCreated, fileLinkRevoked } from './file-links.events.ts';
import {
  deleteFileLink,
  insertFileLink,
  selectFileLink,
  selectFileLinks,
  selectOwnFile,
} from './file-links.queries.ts';
import { createToken, hashToken, requireClean } from './file-links.rules.ts';
import type { CreateFileLink } from './file-links.schemas.ts';
import type { FileLink } from './file-links.tables.ts';

/** A link with its token, which is stored nowhere. */
export interface NewFileLink {
  link: FileLink;
  token: string;
  /** Address of the page that downloads the file. */
  url: string;
}

/** The key of a file whose links the caller manages: their own, or with `files:manage` that of anybody. */
function keyOf(ctx: Ctx, fileId: string) {
  const { actor, organizationId } = ctx;
  requirePermission(actor, 'files:write');
  return { organizationId, fileId, uploadedBy: managedBy(actor), now: new Date(ctx.clock.now()) };
}

/** The row of a new link with its token. @throws AppError `file_links.expiry_in_past` */
async function buildLink(ctx: Ctx, fileId: string, input: CreateFileLink) {
  const { actor, organizationId } = ctx;
  const now = new Date(ctx.clock.now());
  const expiresAt = input.expiresAt === undefined ? null : new Date(input.expiresAt);
  requireFuture(expiresAt, now.getTime(), fileLinkErrors.expiryInPast);
  const token = createToken(ctx.ids);
  const link: FileLink = {
    id: ctx.ids.create('fileLink'),
    organizationId,
    fileId,
    tokenHash: await hashToken(ctx.hasher, token),
    passwordHash: input.password === undefined ? null : await hashLinkPassword(ctx, input.password),
    maxDownloads: input.maxDownloads ?? null,
    downloads: 0,
    lastDownloadedAt: null,
    expiresAt,
    userId: actor.kind === 'user' ? actor.userId : null,
    apiKeyId: actor.kind === 'apiKey' ? actorId(actor) : null,
    createdAt: now,
  };
  return { link, token };
}

/**
 * Creates a link to a file of the caller.
 * @throws AppError `files.not_found`, `files.infected`, `files.scan_pending`, `files.not_scannable`, `file_links.not_clean`,
 * `file_links.too_many`, `file_links.expiry_in_past` or `auth.forbidden`
 */
export async function createFileLink(ctx: Ctx, fileId: string, input: CreateFileLink): Promise<NewFileLink> {
  const key = keyOf(ctx, fileId);
  const [[file]] = await ctx.read((q) => [selectOwnFile(q, key)]);
  if (!file) throw fileErrors.notFound();
  requireClean(file);
  const { link, token } = await buildLink(ctx, fileId, input);
  const { id: fileLinkId, maxDownloads, expiresAt, passwordHash } = link;
  const after = { fileLinkId, maxDownloads, expiresAt: expiresAt?.toISOString() ?? null };
  return ctx.commit({
    // The link outlives the session in which it is created.
    grantsAuthority: true,
    write: (q) => insertFileLink(q, link),
    audit: {
      action: 'file_link.created',
      target: { type: 'file', id: fileId },
      after: { ...after, hasPassword: passwordHash !== null },
    },
    events: [fileLinkCreated.of({ fileLinkId, fileId })],
    result: { link, token, url: `${ctx.config.PUBLIC_URL}/shared-files#token=${token}` },
  });
}

/** The links of a file of the caller, the newest first. @throws AppError `files.not_found` or `auth.forbidden` */
export async function listFileLinks(
  ctx: Ctx,
  fileId: string,
  { cursor, limit }: PageQuery,
): Promise<Page<FileLink>> {
  const key = keyOf(ctx, fileId);
  const range = { before: readCursor(cursor), limit };
  const [[file], rows] = await ctx.read((q) => [selectOwnFile(q, key), selectFileLinks(q, key, range)]);
  if (!file) throw fileErrors.notFound();
  return pageOf(rows, limit, ({ id }) => id);
}

/**
 * Revokes a link, also for downloads that have begun through it.
 * @throws AppError `files.not_found`, `file_links.not_found` or `auth.forbidden`
 */
export async function revokeFileLink(ctx: Ctx, fileId: string, fileLinkId: string): Promise<void> {
  const key = keyOf(ctx, fileId);
  const [[file], [link]] = await ctx.read((q) => [selectOwnFile(q, key), selectFileLink(q, key, fileLinkId)]);
  if (!file) throw fileErrors.notFound();
  if (!link) throw fileLinkErrors.notFound();
  return ctx.commit({
    write: (q) => [deleteFileLink(q, link)],
    audit: {
      action: 'file_link.revoked',
      target: { type: 'file', id: fileId },
      before: { fileLinkId, downloads: link.downloads },
    },
    events: [fileLinkRevoked.of({ fileLinkId, fileId })],
    result: undefined,
  });
}
