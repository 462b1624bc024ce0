import { z } from '@hono/zod-openapi';
import { type Actor, authErrors, idSchema } from '../../kernel/core/index.ts';
import type { Signer } from '../../kernel/crypto/index.ts';

const TOKEN_TYPE = 'guest+jwt';
/** Begins every guest's ticket, so that the door knows whose it is without looking into it. */
export const GUEST_TICKET_PREFIX = 'guest.';

type GuestActor = Extract<Actor, { kind: 'guest' }>;

const claimsSchema = z.object({
  sub: idSchema('guest'),
  org: idSchema('organization'),
  room: idSchema('room'),
  lnk: idSchema('link'),
  name: z.string().min(1).max(100),
});

/** The credential of a guest: opens what one room offers its guests, and nothing else. */
export async function signGuestTicket(
  signer: Signer,
  { guestId, organizationId, roomId, linkId, name }: Omit<GuestActor, 'kind'>,
  lifeSeconds: number,
): Promise<string> {
  const claims = { sub: guestId, org: organizationId, room: roomId, lnk: linkId, name };
  return GUEST_TICKET_PREFIX + (await signer.sign(claims, { type: TOKEN_TYPE, lifeSeconds }));
}

/** Verifies guests' tickets. Whether a guest is kept out of the room by now is for the room to say. */
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
