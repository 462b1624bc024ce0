import { z } from '@hono/zod-openapi';
import { type Actor, authErrors, idSchema } from '../../platform/core/index.ts';
import type { Signer } from '../../platform/crypto/index.ts';
import type { InboxClaims } from './inbox.ports.ts';

const TYPE = 'inbox-ticket+jwt';

/** Seconds: long enough to open the socket it was asked for. */
export const INBOX_TICKET_SECONDS = 60;

const claimsSchema = z.object({
  sub: idSchema('user'),
  org: idSchema('organization'),
  sid: idSchema('session'),
  role: z.string().nullable(),
  plan: z.string().nullable(),
});

/**
 * A ticket that opens the caller's own inbox and nothing else.
 * @throws AppError `auth.forbidden` for who is no person, `auth.no_organization`
 */
export async function signInboxTicket(signer: Signer, actor: Actor): Promise<string> {
  if (actor.kind !== 'user') throw authErrors.forbidden({ detail: 'this is for a signed-in person' });
  const { userId, sessionId, organizationId, role, plan } = actor;
  if (organizationId === null) throw authErrors.noOrganization();
  const claims = { sub: userId, org: organizationId, sid: sessionId, role, plan };
  return signer.sign(claims, { type: TYPE, lifeSeconds: INBOX_TICKET_SECONDS });
}

/** @throws AppError `auth.expired_token` or `auth.invalid_token` */
export async function verifyInboxTicket(signer: Signer, ticket: string): Promise<InboxClaims> {
  const parsed = claimsSchema.safeParse(await signer.verify(ticket, TYPE));
  if (!parsed.success) throw authErrors.invalidToken({ cause: parsed.error });
  const { sub: userId, org: organizationId, sid: sessionId, role, plan } = parsed.data;
  return { userId, organizationId, sessionId, role, plan };
}
