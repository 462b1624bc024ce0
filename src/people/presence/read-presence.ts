import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { requirePerson } from '../contacts/index.ts';
import type { PresenceView } from '../inbox/index.ts';
import {
  selectActiveMembers,
  selectUsersInCalls,
  selectPresence,
  selectPresencesForViewer,
} from './presence.queries.ts';
import {
  type LivePresence,
  canSeePresence,
  type StoredPresence,
  presenceAt,
  DEFAULT_PRESENCE,
  presentPresence,
} from './presence.rules.ts';

/** What a person sees of themselves. */
export interface OwnPresence {
  storedPresence: StoredPresence;
  livePresence: LivePresence;
}

/** Tells which of these people have a device connected. */
type ConnectedLookup = (userIds: readonly string[]) => Promise<ReadonlySet<string>>;

async function readPresenceViews(
  ctx: Ctx,
  viewerId: string,
  userIds: readonly string[],
  lookUpConnected: ConnectedLookup,
): Promise<PresenceView[]> {
  const { organizationId } = ctx;
  const nowMs = ctx.clock.now();
  const [rows, inCalls] = await ctx.read(
    (q) => [
      selectPresencesForViewer(q, organizationId, viewerId, userIds),
      selectUsersInCalls(q, organizationId, userIds),
    ],
    systemScope,
  );
  const presences = rows.map(({ userId, storedPresence, ...relation }) => ({
    userId,
    storedPresence: presenceAt(storedPresence, nowMs),
    relation: userId === viewerId ? ('self' as const) : relation,
  }));
  // Who is hidden or looks offline anyway is not asked after.
  const visibleUserIds = presences
    .filter(
      ({ storedPresence, relation }) =>
        storedPresence.status !== 'offline' &&
        (relation === 'self' || canSeePresence(storedPresence, relation)),
    )
    .map(({ userId }) => userId);
  const connected = await lookUpConnected(visibleUserIds);
  const inCallUserIds = new Set(inCalls.map(({ userId }) => userId));
  return presences.map(({ userId, storedPresence, relation }) =>
    presentPresence(userId, storedPresence, relation, {
      connected: connected.has(userId),
      inCall: inCallUserIds.has(userId),
    }),
  );
}

/**
 * How these people stand, as far as the caller may see it; who is no active member of the organization is left out.
 * @param userIds from 1 to 100
 * @throws AppError `server.unavailable` when the inboxes cannot be asked
 */
export async function listPresence(ctx: Ctx, userIds: readonly string[]): Promise<PresenceView[]> {
  const viewerId = requirePerson(ctx.actor);
  const { organizationId } = ctx;
  return readPresenceViews(ctx, viewerId, userIds, (visibleUserIds) =>
    ctx.ports.inboxes.connected(organizationId, visibleUserIds),
  );
}

/**
 * Has changes of these people's presence shown to the caller's devices from now on, and tells how they stand. They are
 * watched before they are read, so that no change falls in between.
 * @param userIds at most 100
 * @throws AppError `server.unavailable`
 */
export async function subscribeToPresence(ctx: Ctx, userIds: readonly string[]): Promise<PresenceView[]> {
  const viewerId = requirePerson(ctx.actor);
  if (userIds.length === 0) return [];
  const { organizationId } = ctx;
  const [members] = await ctx.read((q) => [selectActiveMembers(q, organizationId, userIds)]);
  if (members.length === 0) return [];
  const memberIds = members.map(({ userId }) => userId);
  const connected = await ctx.ports.inboxes.watch(organizationId, memberIds, viewerId);
  return readPresenceViews(ctx, viewerId, memberIds, async () => connected);
}

/** The caller's own presence. @throws AppError `auth.no_organization` or `server.unavailable` */
export async function getOwnPresence(ctx: Ctx): Promise<OwnPresence> {
  const userId = requirePerson(ctx.actor);
  const { organizationId } = ctx;
  const [[row], inCalls] = await ctx.read((q) => [
    selectPresence(q, organizationId, userId),
    selectUsersInCalls(q, organizationId, [userId]),
  ]);
  const storedPresence = presenceAt(row, ctx.clock.now());
  const connected = (await ctx.ports.inboxes.connected(organizationId, [userId])).has(userId);
  return { storedPresence, livePresence: { connected, inCall: inCalls.length > 0 } };
}

/** The caller's settings, with the defaults of who never set them. @throws AppError `auth.no_organization` */
export async function getPresenceSettings(ctx: Ctx): Promise<StoredPresence> {
  const userId = requirePerson(ctx.actor);
  const [[storedPresence]] = await ctx.read((q) => [selectPresence(q, ctx.organizationId, userId)]);
  return storedPresence ?? DEFAULT_PRESENCE;
}
