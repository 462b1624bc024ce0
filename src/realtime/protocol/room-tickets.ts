import { z } from '@hono/zod-openapi';
import { type Actor, authErrors, idSchema } from '../../kernel/core/index.ts';
import type { Signer } from '../../kernel/crypto/index.ts';
import type { RoomTicket, RoomTicketClaims } from './protocol.ports.ts';
import { CALLER_KINDS } from './protocol.enums.ts';
import {
  featuresSchema,
  identitySchema,
  nameSchema,
  roomIdSchema,
  roomRoleSchema,
} from './protocol.schemas.ts';

const TICKET_TYPE = 'room-ticket+jwt';

/** Long enough to reconnect after a network failure; the socket sends new ones. */
export const ROOM_TICKET_SECONDS = 600;

/** How long a socket can renew its ticket, in milliseconds, before the API has to admit its holder again. */
export const MAX_SOCKET_SESSION_MS = 86_400_000;

const claimsSchema = z.object({
  sub: identitySchema,
  organizationId: idSchema('organization'),
  roomId: roomIdSchema,
  participantId: idSchema('participant').nullable(),
  callId: idSchema('call').nullable(),
  name: nameSchema,
  role: roomRoleSchema,
  kind: z.enum(CALLER_KINDS),
  userId: idSchema('user').nullable(),
  linkId: idSchema('link').nullable(),
  /** Tickets issued before it was stored have none. */
  credential: z
    .union([idSchema('session'), idSchema('apiKey')])
    .nullable()
    .default(null),
  lobbyEntryId: idSchema('lobbyEntry').nullable(),
  features: featuresSchema,
  /** Seconds since the epoch: when the first ticket of the chain was issued. Only in those that continue it. */
  since: z.number().int().optional(),
  iat: z.number().int(),
  /** Milliseconds since the epoch: a room that ended may be open again within the same second. Earlier tickets have none. */
  iatMs: z.number().int().optional(),
  exp: z.number().int(),
});

/**
 * Signs a ticket that opens one room's socket for one identity.
 * @param sinceMs when the chain of tickets began, for one that continues another
 */
export function signRoomTicket(
  signer: Signer,
  { identity, ...claims }: RoomTicketClaims,
  lifeSeconds = ROOM_TICKET_SECONDS,
  sinceMs?: number,
): Promise<string> {
  const since = sinceMs === undefined ? {} : { since: Math.floor(sinceMs / 1000) };
  const options = { type: TICKET_TYPE, lifeSeconds, toMillisecond: true };
  return signer.sign({ ...claims, ...since, sub: identity }, options);
}

/** Verifies a room ticket and returns its claims. @throws AppError `auth.expired_token` or `auth.invalid_token` */
export async function verifyRoomTicket(signer: Signer, token: string): Promise<RoomTicket> {
  const parsed = claimsSchema.safeParse(await signer.verify(token, TICKET_TYPE));
  if (!parsed.success) throw authErrors.invalidToken({ cause: parsed.error });
  const { sub, iat, iatMs = iat * 1000, exp, since = iat, ...claims } = parsed.data;
  return {
    ...claims,
    identity: sub,
    issuedAtMs: iatMs,
    expiresAtMs: exp * 1000,
    sinceMs: since * 1000,
  };
}

/** The holder of the ticket, and the credential behind it. */
export type TicketHolder = Pick<
  RoomTicketClaims,
  'kind' | 'organizationId' | 'roomId' | 'identity' | 'userId' | 'linkId' | 'credential' | 'name'
>;

/**
 * The actor behind a ticket: each batch that it sends proves the credential behind the ticket. It has no permissions of
 * the organization, because in a socket a person has only their role in the room. Null for a service whose ticket is
 * from before API keys were stored in it.
 */
export function actorOfTicket(holder: TicketHolder): Actor | null {
  const { kind, organizationId, roomId, identity, userId, linkId, credential, name } = holder;
  if (kind === 'guest' && linkId !== null)
    return { kind: 'guest', guestId: identity, organizationId, roomId, linkId, name };
  if (kind === 'user' && userId !== null) {
    const sessionId = credential ?? undefined;
    return { kind: 'user', userId, sessionId, organizationId, role: null, plan: null, permissions: [] };
  }
  if (credential === null) return null;
  const limits = { plan: '', requestsPerMinute: 0 };
  return { kind: 'apiKey', apiKeyId: credential, organizationId, ...limits, permissions: [] };
}
