import { z } from '@hono/zod-openapi';
import { type Actor, authErrors, type Clock, idSchema } from '../../kernel/core/index.ts';
import type { Signer } from '../../kernel/crypto/index.ts';

const TOKEN_TYPE = 'guest+jwt';
/** Every guest ticket starts with it, so that the kind of a credential is known before it is verified. */
export const GUEST_TICKET_PREFIX = 'guest.';
/** How long a guest can return to the room, even if their link has ended. */
const GUEST_TICKET_SECONDS = 12 * 3600;

type GuestActor = Extract<Actor, { kind: 'guest' }>;

const claimsSchema = z.object({
  sub: idSchema('guest'),
  org: idSchema('organization'),
  room: idSchema('room'),
  lnk: idSchema('link'),
  name: z.string().min(1).max(100),
});

/**
 * The credential of a guest: for what one room offers its guests, and nothing else.
 * @param lifeSeconds seconds from now until the ticket expires
 */
export async function signGuestTicket(
  signer: Signer,
  { guestId, organizationId, roomId, linkId, name }: Omit<GuestActor, 'kind'>,
  lifeSeconds: number,
): Promise<string> {
  const claims = { sub: guestId, org: organizationId, room: roomId, lnk: linkId, name };
  return GUEST_TICKET_PREFIX + (await signer.sign(claims, { type: TOKEN_TYPE, lifeSeconds }));
}

/** A guest ticket of the usual life, and when it expires (ISO 8601), as the API shows them. */
export const issueGuestTicket = async (
  { signer, clock }: { signer: Signer; clock: Clock },
  guest: Omit<GuestActor, 'kind'>,
): Promise<{ guestTicket: string; guestTicketExpiresAt: string }> => ({
  guestTicket: await signGuestTicket(signer, guest, GUEST_TICKET_SECONDS),
  guestTicketExpiresAt: new Date(clock.now() + GUEST_TICKET_SECONDS * 1000).toISOString(),
});

/** Verifies guest tickets. Whether the guest is still admitted to the room is for the room to decide. */
export function createGuestTicketVerifier(signer: Signer) {
  /** @throws AppError `auth.expired_token` or `auth.invalid_token` */
  return async (ticket: string): Promise<GuestActor> => {
    const parsed = claimsSchema.safeParse(
      await signer.verify(ticket.slice(GUEST_TICKET_PREFIX.length), TOKEN_TYPE),
    );
    if (!parsed.success) throw authErrors.invalidToken({ cause: parsed.error });
    const { sub, org, room, lnk, name } = parsed.data;
    return { kind: 'guest', guestId: sub, organizationId: org, roomId: room, linkId: lnk, name };
  };
}
