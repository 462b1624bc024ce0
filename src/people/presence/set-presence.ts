import type { Ctx } from '../../kernel/context/index.ts';
import { type IfMatch, requireFuture, requireVersion } from '../../kernel/core/index.ts';
import type { PresenceUpdate } from '../inbox/index.ts';
import { requirePerson } from '../contacts/index.ts';
import { upsertStatus, upsertPresenceSettings } from './presence.queries.ts';
import { presenceErrors } from './presence.errors.ts';
import type { StoredPresence } from './presence.rules.ts';
import type { UpdatePresenceSettings } from './presence.schemas.ts';
import { type OwnPresence, getOwnPresence, getPresenceSettings } from './read-presence.ts';
import { presenceChanged } from './presence.events.ts';

/** Notifies watchers at once; if that fails, the subscriber of `presence.changed` does it again. */
function notifyWatchersAfterResponse(ctx: Ctx, organizationId: string, userId: string) {
  ctx.after('presence.publish', () => ctx.ports.inboxes.publishPresence(organizationId, userId));
}

const buildPresenceChangedEvents = (organizationId: string, userId: string) => [
  presenceChanged.of({ organizationId, userId }),
];

/**
 * Sets the caller's status and message. `online` is automatic (busy during a call), `offline` hides the caller.
 * @throws AppError `presence.expiry_in_past`, `auth.no_organization` or `server.unavailable`
 */
export async function setPresence(ctx: Ctx, input: PresenceUpdate): Promise<OwnPresence> {
  const userId = requirePerson(ctx.actor);
  const { organizationId } = ctx;
  const nowMs = ctx.clock.now();
  const expiresAt = input.expiresAt === null ? null : new Date(input.expiresAt);
  requireFuture(expiresAt, nowMs, presenceErrors.expiryInPast);
  const { storedPresence, livePresence } = await getOwnPresence(ctx);
  const statusUpdate = { status: input.status, message: input.message, expiresAt };
  const result = await ctx.commit({
    write: (q) => [upsertStatus(q, organizationId, userId, statusUpdate, new Date(nowMs))],
    events: buildPresenceChangedEvents(organizationId, userId),
    result: { storedPresence: { ...storedPresence, ...statusUpdate }, livePresence },
  });
  notifyWatchersAfterResponse(ctx, organizationId, userId);
  return result;
}

/**
 * Changes the visibility of the caller's presence, and the settings for rings.
 * @throws AppError `auth.no_organization` or `request.stale`
 */
export async function updatePresenceSettings(
  ctx: Ctx,
  { visibility, screenUnknownCallers, favouritesRingThrough }: UpdatePresenceSettings,
  ifMatch: IfMatch,
): Promise<StoredPresence> {
  const userId = requirePerson(ctx.actor);
  const { organizationId } = ctx;
  const storedPresence = await getPresenceSettings(ctx);
  requireVersion(storedPresence, ifMatch);
  const settings = {
    visibility: visibility ?? storedPresence.visibility,
    screenUnknown: screenUnknownCallers ?? storedPresence.screenUnknown,
    favouritesRing: favouritesRingThrough ?? storedPresence.favouritesRing,
  };
  const result = await ctx.commit({
    write: (q) => [
      upsertPresenceSettings(
        q,
        organizationId,
        userId,
        settings,
        storedPresence.version,
        new Date(ctx.clock.now()),
      ),
    ],
    events: buildPresenceChangedEvents(organizationId, userId),
    result: { ...storedPresence, ...settings, version: storedPresence.version + 1 },
  });
  notifyWatchersAfterResponse(ctx, organizationId, userId);
  return result;
}
