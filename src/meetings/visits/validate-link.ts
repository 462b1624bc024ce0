import { type Ctx, systemScope } from '../../platform/context/index.ts';
import { AppError } from '../../platform/core/index.ts';
import { withoutOf } from '../admission/index.ts';
import { countVisit, findByCode, type Link, linkErrors, normalCode, requireGood } from '../links/index.ts';
import { requirePassword } from './require-password.ts';
import { addressAt, visitorAt } from './visitor.ts';
import type { ValidateLink, VisitView } from './visits.schemas.ts';

type Found = Awaited<ReturnType<typeof findByCode>>[number];

/** What the page at a link says without having been told anything: why it leads nowhere, or what it asks for. */
export interface Opening {
  found: Found | undefined;
  /** Why nobody gets in by it; undefined when somebody may. */
  refusal: AppError | undefined;
}

/**
 * What a code leads to, without counting it. The system's scope: who follows a link belongs to no organization yet, and
 * the code is the credential.
 */
export async function openLink(ctx: Ctx, code: string): Promise<Opening> {
  const [[found]] = await ctx.read((q) => [findByCode(q, normalCode(code), '')], systemScope);
  try {
    if (!found) throw linkErrors.notFound();
    const { link, call } = found;
    requireGood(link, { openCallId: call?.id ?? null, known: false, nowMs: ctx.clock.now() });
    if (link.access === 'restricted') throw linkErrors.restricted();
    return { found, refusal: undefined };
  } catch (error) {
    if (error instanceof AppError) return { found, refusal: error };
    throw error;
  }
}

/** A figure, not a fact: it is counted after the answer, and a link that is very popular does not make its guests wait. */
function count(ctx: Ctx, link: Link): void {
  const { organizationId } = link;
  ctx.after('links.count', async () => {
    const visitor = await visitorAt(ctx, link.id);
    await ctx.commit({
      // The link's own organization: the visitor has none.
      scope: { role: 'app', organizationId, userId: null },
      write: (q) => [countVisit(q, link, visitor, new Date(ctx.clock.now()))],
      result: undefined,
    });
  });
}

export function presentVisit({ link, room, call }: Found): VisitView {
  const without = withoutOf(link);
  const features = { ...room.features };
  for (const name of Object.keys(without) as (keyof typeof without)[]) features[name] = false;
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
    features,
  };
}

/**
 * Says what a link leads to, to whoever may follow it, and counts that somebody did. A wrong password counts as a wrong
 * password and not as a visit.
 * @throws AppError `links.*` or `server.unavailable`
 */
export async function validateLink(ctx: Ctx, code: string, { password }: ValidateLink): Promise<VisitView> {
  const { found, refusal } = await openLink(ctx, code);
  if (!found) throw linkErrors.notFound();
  const { link } = found;
  if (refusal || password === undefined) count(ctx, link);
  if (refusal) throw refusal;
  await requirePassword(ctx, link, password, await addressAt(ctx, link.id));
  if (password !== undefined) count(ctx, link);
  return presentVisit(found);
}
