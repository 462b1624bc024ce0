import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { AppError } from '../../kernel/core/index.ts';
import {
  countVisit,
  selectLinkByCode,
  type Link,
  linkErrors,
  normalizeCode,
  requireUsableLink,
} from '../links/index.ts';
import { type FoundLink, presentVisit } from './guest-access.present.ts';
import { requirePassword } from './require-password.ts';
import { hashAddress, hashVisitor } from './identify-visitor.ts';
import type { ValidateLink, VisitView } from './guest-access.schemas.ts';

/** What a code leads to, before a password is given. */
export interface LinkPreview {
  found: FoundLink | undefined;
  /** Why nobody can join through the link; undefined when people can. */
  refusal: AppError | undefined;
}

/**
 * What a code leads to, without counting a click. In the system's scope: a visitor belongs to no organization yet, and the
 * code is the credential.
 */
export async function previewLink(ctx: Ctx, code: string): Promise<LinkPreview> {
  const [[found]] = await ctx.read((q) => [selectLinkByCode(q, normalizeCode(code), '')], systemScope);
  try {
    if (!found) throw linkErrors.notFound();
    const { link, call } = found;
    requireUsableLink(link, { openCallId: call?.id ?? null, isReturning: false, nowMs: ctx.clock.now() });
    if (link.access === 'restricted') throw linkErrors.restricted();
    return { found, refusal: undefined };
  } catch (error) {
    if (error instanceof AppError) return { found, refusal: error };
    throw error;
  }
}

/** Counts a visit after the answer, so that the visitors of a popular link do not wait for each other's locks. */
function countVisitLater(ctx: Ctx, link: Link): void {
  const { organizationId } = link;
  ctx.after('links.count', async () => {
    const visitor = await hashVisitor(ctx, link.id);
    await ctx.commit({
      // The link's own organization: the visitor has none.
      scope: { role: 'app', organizationId, userId: null },
      write: (q) => [countVisit(q, link, visitor, new Date(ctx.clock.now()))],
      result: undefined,
    });
  });
}

/**
 * Validates a code and counts the visit. An attempt with a wrong password does not count as a visit.
 * @throws AppError `links.*` or `server.unavailable`
 */
export async function validateLink(ctx: Ctx, code: string, { password }: ValidateLink): Promise<VisitView> {
  const { found, refusal } = await previewLink(ctx, code);
  if (!found) throw linkErrors.notFound();
  const { link } = found;
  if (refusal || password === undefined) countVisitLater(ctx, link);
  if (refusal) throw refusal;
  await requirePassword(ctx, link, password, {
    kind: 'visitor',
    address: await hashAddress(ctx, link.id),
  });
  if (password !== undefined) countVisitLater(ctx, link);
  return presentVisit(found);
}
