import { type Actor, actorId, type ErrorFactory } from '../../kernel/core/index.ts';
import { managementRoleOf, outranks, type RoomAccessFacts } from '../access/index.ts';
import type { Room, RoomPerson, RoomRole } from '../rooms/index.ts';
import { linkErrors } from './links.errors.ts';
import type { UpdateLink } from './links.schemas.ts';
import type { links } from './links.tables.ts';

export type Link = typeof links.$inferSelect;

/** Crockford's: nothing in it is taken for something else when it is read out or typed. */
const CODE_ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
/** 60 random bits: whoever tries a million codes a second finds one of a million links after weeks. */
export const CODE_LENGTH = 12;

/** @param random as many bytes as the code has characters */
export const encodeCode = (random: Uint8Array): string =>
  Array.from(random, (byte) => CODE_ALPHABET[byte & 31]).join('');

/** The code as it is stored, out of how people write it: any case, spaced or hyphenated, `o` for 0, `i` and `l` for 1. */
export const normalizeCode = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^0-9a-z]/g, '')
    .replaceAll('o', '0')
    .replaceAll(/[il]/g, '1');

export type LinkStatus = 'active' | 'inactive' | 'expired' | 'exhausted';

/** Whether newcomers get in by the link, or why not. */
export function linkStatusAt(
  { isActive, expiresAt, maxUses, uses }: Pick<Link, 'isActive' | 'expiresAt' | 'maxUses' | 'uses'>,
  nowMs: number,
): LinkStatus {
  if (!isActive) return 'inactive';
  if (expiresAt && expiresAt.getTime() <= nowMs) return 'expired';
  return maxUses !== null && uses >= maxUses ? 'exhausted' : 'active';
}

const STATUS_ERRORS: Readonly<Record<Exclude<LinkStatus, 'active'>, ErrorFactory>> = {
  inactive: linkErrors.inactive,
  expired: linkErrors.expired,
  exhausted: linkErrors.exhausted,
};

/** A link as it is at a moment: the moment decides whether it is still good. */
export interface LinkWithStatus extends Link {
  status: LinkStatus;
  /** Where the page is at which guests join. */
  url: string;
}

export const withStatus = (link: Link, publicUrl: string, nowMs: number): LinkWithStatus => ({
  ...link,
  status: linkStatusAt(link, nowMs),
  url: `${publicUrl}/join/${link.code}`,
});

/**
 * Lets nobody past a link that is not good any more. Who came by it before is not stopped by its being used up.
 * @param openCallId the call that is going on in the link's room
 * @throws AppError `links.inactive`, `links.expired`, `links.exhausted` or `links.call_ended`
 */
export function requireUsableLink(
  link: Link,
  { openCallId, cameBefore, nowMs }: { openCallId: string | null; cameBefore: boolean; nowMs: number },
): void {
  const status = linkStatusAt(link, nowMs);
  if (status !== 'active' && !(cameBefore && status === 'exhausted')) throw STATUS_ERRORS[status]();
  if (link.callId !== null && link.callId !== openCallId) throw linkErrors.callEnded();
}

/** What the caller may do with a link: everything, take from it what it gives, or not even know of it. */
export function resolveLinkAuthority(
  actor: Actor,
  link: Pick<Link, 'createdBy'>,
  room: Room,
  personInRoom: RoomAccessFacts,
): 'all' | 'restrict' | 'none' {
  if (managementRoleOf(actor, room, personInRoom) === 'host') return 'all';
  return actorId(actor) === link.createdBy ? 'restrict' : 'none';
}

/** What gives nobody more than they had. */
const NON_WIDENING_FIELDS = new Set(['title', 'description', 'metadata', 'isActive']);

/** @throws AppError `links.not_found` or `links.not_yours` */
export function requireLinkAuthority(
  authority: ReturnType<typeof resolveLinkAuthority>,
  input?: UpdateLink,
): void {
  if (authority === 'none') throw linkErrors.notFound();
  const widens =
    input && (input.isActive || Object.keys(input).some((field) => !NON_WIDENING_FIELDS.has(field)));
  if (authority === 'restrict' && widens) throw linkErrors.notYours();
}

/**
 * When the link expires; null for never, undefined when nothing was said.
 * @throws AppError `links.expiry_in_past`
 */
export function resolveExpiry(
  { expiresAt, expiresInSeconds }: { expiresAt?: string | null; expiresInSeconds?: number },
  nowMs: number,
): Date | null | undefined {
  if (expiresInSeconds !== undefined) return new Date(nowMs + expiresInSeconds * 1000);
  if (expiresAt === undefined || expiresAt === null) return expiresAt;
  const moment = new Date(expiresAt);
  if (moment.getTime() <= nowMs) throw linkErrors.expiryInPast();
  return moment;
}

/**
 * The role of a member who comes by a link: what the room says of them by name, else the higher of their own and the
 * link's.
 */
export function resolveRoleByLink(
  ownRole: RoomRole | null,
  link: Pick<Link, 'defaultRole'>,
  person: Pick<RoomPerson, 'role'> | undefined,
): RoomRole {
  if (person?.role) return person.role;
  return ownRole !== null && !outranks(link.defaultRole, ownRole) ? ownRole : link.defaultRole;
}
