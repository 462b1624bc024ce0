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

/** A user's presence as the user sees it. */
export interface OwnPresence {
  storedPresence: StoredPresence;
  livePresence: LivePresence;
}

/** Looks up which of these users have a device connected. */
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
  // An inbox is not asked where the answer would be `offline` either way.
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
 * The presence of these users, as far as the caller may see it. Users who are no active members are left out.
 * @param userIds 1 to 100
 * @throws AppError `server.unavailable` when an inbox cannot be reached
 */
export async function listPresence(ctx: Ctx, userIds: readonly string[]): Promise<PresenceView[]> {
  const viewerId = requirePerson(ctx.actor);
  const { organizationId } = ctx;
  return readPresenceViews(ctx, viewerId, userIds, (visibleUserIds) =>
    ctx.ports.inboxes.connected(organizationId, visibleUserIds),
  );
}

/**
 * Subscribes the caller's devices to the presence of these users. They are watched before they are read, so that no
 * change is missed in between.
 * @param userIds at most 100
 * @returns their presence now
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

/** The caller's settings, or the defaults if they never set any. @throws AppError `auth.no_organization` */
export async function getPresenceSettings(ctx: Ctx): Promise<StoredPresence> {
  const userId = requirePerson(ctx.actor);
  const [[storedPresence]] = await ctx.read((q) => [selectPresence(q, ctx.organizationId, userId)]);
  return storedPresence ?? DEFAULT_PRESENCE;
}
