import { type Ctx, systemScope } from '../../platform/context/index.ts';
import { requirePerson } from '../contacts/index.ts';
import type { PresenceView } from '../inbox/index.ts';
import { findActiveMembers, findInCalls, findSaid, findStandings } from './presence.queries.ts';
import { type Known, maySee, type Said, saidAt, UNSAID, viewOf } from './presence.rules.ts';

/** What a person sees of themselves. */
export interface OwnPresence {
  said: Said;
  known: Known;
}

/** Tells which of these people have a device connected. */
type AskConnected = (userIds: readonly string[]) => Promise<ReadonlySet<string>>;

async function viewsFor(
  ctx: Ctx,
  viewerId: string,
  userIds: readonly string[],
  askConnected: AskConnected,
): Promise<PresenceView[]> {
  const { organizationId } = ctx;
  const nowMs = ctx.clock.now();
  const [rows, inCalls] = await ctx.read(
    (q) => [findStandings(q, organizationId, viewerId, userIds), findInCalls(q, organizationId, userIds)],
    systemScope,
  );
  const standings = rows.map(({ userId, said, ...relation }) => ({
    userId,
    said: saidAt(said, nowMs),
    relation: userId === viewerId ? ('self' as const) : relation,
  }));
  // Who is hidden or looks offline anyway is not asked after.
  const asked = standings
    .filter(
      ({ said, relation }) => said.status !== 'offline' && (relation === 'self' || maySee(said, relation)),
    )
    .map(({ userId }) => userId);
  const connected = await askConnected(asked);
  const busy = new Set(inCalls.map(({ userId }) => userId));
  return standings.map(({ userId, said, relation }) =>
    viewOf(userId, said, relation, { connected: connected.has(userId), inCall: busy.has(userId) }),
  );
}

/**
 * How these people stand, as far as the caller may see it; who is no active member of the organization is left out.
 * @param userIds from 1 to 100
 * @throws AppError `server.unavailable` when the inboxes cannot be asked
 */
export async function readPresence(ctx: Ctx, userIds: readonly string[]): Promise<PresenceView[]> {
  const viewerId = requirePerson(ctx.actor);
  const { organizationId } = ctx;
  return viewsFor(ctx, viewerId, userIds, (asked) => ctx.ports.inboxes.connected(organizationId, asked));
}

/**
 * Has changes of these people's presence shown to the caller's devices from now on, and tells how they stand. They are
 * watched before they are read, so that no change falls in between.
 * @param userIds at most 100
 * @throws AppError `server.unavailable`
 */
export async function followPresence(ctx: Ctx, userIds: readonly string[]): Promise<PresenceView[]> {
  const viewerId = requirePerson(ctx.actor);
  if (userIds.length === 0) return [];
  const { organizationId } = ctx;
  const [members] = await ctx.read((q) => [findActiveMembers(q, organizationId, userIds)]);
  if (members.length === 0) return [];
  const memberIds = members.map(({ userId }) => userId);
  const connected = await ctx.ports.inboxes.watch(organizationId, memberIds, viewerId);
  return viewsFor(ctx, viewerId, memberIds, async () => connected);
}

/** The caller's own presence. @throws AppError `auth.no_organization` or `server.unavailable` */
export async function readOwnPresence(ctx: Ctx): Promise<OwnPresence> {
  const userId = requirePerson(ctx.actor);
  const { organizationId } = ctx;
  const [[row], inCalls] = await ctx.read((q) => [
    findSaid(q, organizationId, userId),
    findInCalls(q, organizationId, [userId]),
  ]);
  const said = saidAt(row, ctx.clock.now());
  const connected = (await ctx.ports.inboxes.connected(organizationId, [userId])).has(userId);
  return { said, known: { connected, inCall: inCalls.length > 0 } };
}

/** The caller's settings, with the defaults of who never set them. @throws AppError `auth.no_organization` */
export async function readPresenceSettings(ctx: Ctx): Promise<Said> {
  const userId = requirePerson(ctx.actor);
  const [[said]] = await ctx.read((q) => [findSaid(q, ctx.organizationId, userId)]);
  return said ?? UNSAID;
}
