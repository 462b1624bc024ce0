import { type Actor, actorId, type ErrorFactory, requireFuture } from '../../kernel/core/index.ts';
import { managementRoleOf, outranks, type RoomAccessFacts } from '../access/index.ts';
import type { Room, RoomPerson, RoomRole } from '../rooms/index.ts';
import { linkErrors } from './links.errors.ts';
import type { UpdateLink } from './links.schemas.ts';
import type { links } from './links.tables.ts';

export type Link = typeof links.$inferSelect;

/** Crockford's base 32: no two characters are mistaken for each other when a code is read out or typed. */
const CODE_ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
/** 60 random bits: trying a million codes a second finds one of a million links after weeks. */
export const CODE_LENGTH = 12;

/** Makes a code. @param random as many bytes as the code has characters */
export const encodeCode = (random: Uint8Array): string =>
  Array.from(random, (byte) => CODE_ALPHABET[byte & 31]).join('');

/** The stored form of a code as people write it: in either case, with spaces or hyphens, `o` for 0, `i` or `l` for 1. */
export const normalizeCode = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^0-9a-z]/g, '')
    .replaceAll('o', '0')
    .replaceAll(/[il]/g, '1');

export type LinkStatus = 'active' | 'inactive' | 'expired' | 'exhausted';

/** Whether newcomers can join through the link, or why not. */
export function linkStatusAt(
  { isActive, expiresAt, maxUses, uses }: Pick<Link, 'isActive' | 'expiresAt' | 'maxUses' | 'uses'>,
  nowMs: number,
): LinkStatus {
  if (!isActive) return 'inactive';
  if (expiresAt && expiresAt.getTime() <= nowMs) return 'expired';
  return maxUses !== null && uses >= maxUses ? 'exhausted' : 'active';
}

/**
 * Whether a guest who has not been in the room may still join through the link by which they came: it is not deleted, only for
 * members, inactive or expired. The use of the link was counted when they came.
 */
export function isOpenToGuest(
  link: Pick<Link, 'isActive' | 'expiresAt' | 'deletedAt' | 'access'>,
  nowMs: number,
): boolean {
  const status = linkStatusAt({ ...link, maxUses: null, uses: 0 }, nowMs);
  return link.deletedAt === null && link.access !== 'restricted' && status === 'active';
}

const STATUS_ERRORS: Readonly<Record<Exclude<LinkStatus, 'active'>, ErrorFactory>> = {
  inactive: linkErrors.inactive,
  expired: linkErrors.expired,
  exhausted: linkErrors.exhausted,
};

/** A link with its status at one moment, because it expires. */
export interface LinkWithStatus extends Link {
  status: LinkStatus;
  /** Address of the join page. */
  url: string;
}

export const withStatus = (link: Link, publicUrl: string, nowMs: number): LinkWithStatus => ({
  ...link,
  status: linkStatusAt(link, nowMs),
  url: `${publicUrl}/join/${link.code}`,
});

/** Whether the plan's limit of links counts the link. */
export const countsAsLink = (
  { isActive, expiresAt }: Pick<Link, 'isActive' | 'expiresAt'>,
  nowMs: number,
): boolean => isActive && (expiresAt === null || expiresAt.getTime() > nowMs);

/**
 * Refuses a link that cannot be used.
 * @param usage `isReturning` for people who came through the link before: they can still use one that is exhausted
 * @throws AppError `links.inactive`, `links.expired`, `links.exhausted` or `links.call_ended`
 */
export function requireUsableLink(
  link: Link,
  { openCallId, isReturning, nowMs }: { openCallId: string | null; isReturning: boolean; nowMs: number },
): void {
  const status = linkStatusAt(link, nowMs);
  if (status !== 'active' && !(isReturning && status === 'exhausted')) throw STATUS_ERRORS[status]();
  if (link.callId !== null && link.callId !== openCallId) throw linkErrors.callEnded();
}

/** What the caller can do with a link: `all`, only `restrict` it, or `none`: it does not exist for them. */
export function resolveLinkAuthority(
  actor: Actor,
  link: Pick<Link, 'createdBy'>,
  room: Room,
  personInRoom: RoomAccessFacts,
): 'all' | 'restrict' | 'none' {
  if (managementRoleOf(actor, room, personInRoom) === 'host') return 'all';
  return actorId(actor) === link.createdBy ? 'restrict' : 'none';
}

/** Fields of an update that give nobody more access. */
const NON_WIDENING_FIELDS = new Set(['title', 'description', 'metadata', 'isActive']);

/** @param input the update, if there is one. @throws AppError `links.not_found` or `links.not_yours` */
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
 * When the link expires; null for never, undefined when the input does not set it.
 * @throws AppError `links.expiry_in_past`
 */
export function resolveExpiry(
  { expiresAt, expiresInSeconds }: { expiresAt?: string | null; expiresInSeconds?: number },
  nowMs: number,
): Date | null | undefined {
  if (expiresInSeconds !== undefined) return new Date(nowMs + expiresInSeconds * 1000);
  if (expiresAt === undefined || expiresAt === null) return expiresAt;
  const moment = new Date(expiresAt);
  requireFuture(moment, nowMs, linkErrors.expiryInPast);
  return moment;
}

/**
 * The role of a member who joins through a link: the one given to them in the room, else the higher of their own and the link's.
 */
export function resolveRoleByLink(
  ownRole: RoomRole | null,
  link: Pick<Link, 'defaultRole'>,
  person: Pick<RoomPerson, 'role'> | undefined,
): RoomRole {
  if (person?.role) return person.role;
  return ownRole !== null && !outranks(link.defaultRole, ownRole) ? ownRole : link.defaultRole;
}
