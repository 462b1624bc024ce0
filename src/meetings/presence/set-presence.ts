import type { Ctx } from '../../platform/context/index.ts';
import { requireVersion } from '../../platform/core/index.ts';
import type { SetPresence } from '../inbox/index.ts';
import { requirePerson } from '../contacts/index.ts';
import { putSaying, putSettings } from './presence.queries.ts';
import { requireFuture, type Said } from './presence.rules.ts';
import type { UpdatePresenceSettings } from './presence.schemas.ts';
import { type OwnPresence, readOwnPresence, readPresenceSettings } from './read-presence.ts';

/** Those who follow the person are told at once; the effect tells them again should that fail. */
function announced(ctx: Ctx, organizationId: string, userId: string) {
  ctx.after('presence.announce', () => ctx.ports.inboxes.announce(organizationId, userId));
}

const changed = (organizationId: string, userId: string) => [
  { type: 'presence.changed', key: userId, payload: { organizationId, userId } },
];

/**
 * Says how the caller stands. `online` leaves it to what is known, `offline` hides them.
 * @throws AppError `presence.expiry_in_past`, `auth.no_organization` or `server.unavailable`
 */
export async function setPresence(ctx: Ctx, input: SetPresence): Promise<OwnPresence> {
  const userId = requirePerson(ctx.actor);
  const { organizationId } = ctx;
  const nowMs = ctx.clock.now();
  const expiresAt = input.expiresAt === null ? null : new Date(input.expiresAt);
  requireFuture(expiresAt, nowMs);
  const { said, known } = await readOwnPresence(ctx);
  const saying = { status: input.status, message: input.message, expiresAt };
  const result = await ctx.commit({
    write: (q) => [putSaying(q, organizationId, userId, saying, new Date(nowMs))],
    effects: changed(organizationId, userId),
    result: { said: { ...said, ...saying }, known },
  });
  announced(ctx, organizationId, userId);
  return result;
}

/**
 * Changes who sees the caller's presence and who rings them.
 * @throws AppError `auth.no_organization` or `request.stale`
 */
export async function updatePresenceSettings(
  ctx: Ctx,
  { visibility, screenUnknownCallers, favouritesRingThrough }: UpdatePresenceSettings,
  ifMatch: number | undefined,
): Promise<Said> {
  const userId = requirePerson(ctx.actor);
  const { organizationId } = ctx;
  const said = await readPresenceSettings(ctx);
  requireVersion(said, ifMatch);
  const settings = {
    visibility: visibility ?? said.visibility,
    screenUnknown: screenUnknownCallers ?? said.screenUnknown,
    favouritesRing: favouritesRingThrough ?? said.favouritesRing,
  };
  const result = await ctx.commit({
    write: (q) => [putSettings(q, organizationId, userId, settings, said.version, new Date(ctx.clock.now()))],
    effects: changed(organizationId, userId),
    result: { ...said, ...settings, version: said.version + 1 },
  });
  announced(ctx, organizationId, userId);
  return result;
}
