import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { AppError } from '../../kernel/core/index.ts';
import { allowedFeatures, disabledFeaturesOf } from '../access/index.ts';
import {
  countVisit,
  selectLinkByCode,
  type Link,
  linkErrors,
  normalizeCode,
  requireUsableLink,
} from '../links/index.ts';
import { requirePassword } from './require-password.ts';
import { hashAddress, hashVisitor } from './identify-visitor.ts';
import type { ValidateLink, VisitView } from './guest-access.schemas.ts';

type FoundLink = Awaited<ReturnType<typeof selectLinkByCode>>[number];

/** What the page at a link says without having been told anything: why it leads nowhere, or what it asks for. */
export interface LinkPreview {
  found: FoundLink | undefined;
  /** Why nobody gets in by it; undefined when somebody may. */
  refusal: AppError | undefined;
}

/**
 * What a code leads to, without counting it. The system's scope: who follows a link belongs to no organization yet, and
 * the code is the credential.
 */
export async function previewLink(ctx: Ctx, code: string): Promise<LinkPreview> {
  const [[found]] = await ctx.read((q) => [selectLinkByCode(q, normalizeCode(code), '')], systemScope);
  try {
    if (!found) throw linkErrors.notFound();
    const { link, call } = found;
    requireUsableLink(link, { openCallId: call?.id ?? null, cameBefore: false, nowMs: ctx.clock.now() });
    if (link.access === 'restricted') throw linkErrors.restricted();
    return { found, refusal: undefined };
  } catch (error) {
    if (error instanceof AppError) return { found, refusal: error };
    throw error;
  }
}

/** A figure, not a fact: it is counted after the answer, and a link that is very popular does not make its guests wait. */
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

export function presentVisit({ link, room, call }: FoundLink): VisitView {
  return {
    valid: true,
    linkId: link.id,
    type: link.type,
    access: link.access,
    title: link.title,
    description: link.description,
    requiresPassword: link.access === 'password',
    requiresApproval: link.requireApproval || room.lobby,
    autoJoin: link.autoJoin,
    role: link.defaultRole,
    room: { id: room.id, name: room.name, type: room.type, status: room.status, live: call !== null },
    features: allowedFeatures(room, disabledFeaturesOf(link)),
  };
}

/**
 * Says what a link leads to, to whoever may follow it, and counts that somebody did. A wrong password counts as a wrong
 * password and not as a visit.
 * @throws AppError `links.*` or `server.unavailable`
 */
export async function validateLink(ctx: Ctx, code: string, { password }: ValidateLink): Promise<VisitView> {
  const { found, refusal } = await previewLink(ctx, code);
  if (!found) throw linkErrors.notFound();
  const { link } = found;
  if (refusal || password === undefined) countVisitLater(ctx, link);
  if (refusal) throw refusal;
  await requirePassword(ctx, link, password, await hashAddress(ctx, link.id));
  if (password !== undefined) countVisitLater(ctx, link);
  return presentVisit(found);
}
