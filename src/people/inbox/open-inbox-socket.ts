import { z } from '@hono/zod-openapi';
import type { Ctx } from '../../kernel/context/index.ts';
import { type Actor, authErrors, idSchema } from '../../kernel/core/index.ts';
import type { Signer } from '../../kernel/crypto/index.ts';
import { selectNothing } from '../../kernel/db/index.ts';
import { requireHandshake, type SocketHandshake } from '../../realtime/sockets/index.ts';
import { INBOX_SUBPROTOCOL } from './inbox-frames.schemas.ts';
import type { InboxClaims } from './inbox.ports.ts';
import type { InboxTicketView } from './inbox.schemas.ts';

export const INBOX_SOCKET_PATH = '/api/v1/me/socket';

const TICKET_TYPE = 'inbox-ticket+jwt';

/** Long enough to open the socket that it was created for. */
const INBOX_TICKET_SECONDS = 60;

const claimsSchema = z.object({
  sub: idSchema('user'),
  org: idSchema('organization'),
  sid: idSchema('session'),
  role: z.string().nullable(),
  plan: z.string().nullable(),
});

/** @throws AppError `auth.forbidden` for callers other than users, `auth.no_organization` */
async function signInboxTicket(signer: Signer, actor: Actor): Promise<string> {
  if (actor.kind !== 'user') throw authErrors.forbidden({ detail: 'only users have an inbox' });
  const { userId, sessionId, organizationId, role, plan } = actor;
  if (organizationId === null) throw authErrors.noOrganization();
  const claims = { sub: userId, org: organizationId, sid: sessionId, role, plan };
  return signer.sign(claims, { type: TICKET_TYPE, lifeSeconds: INBOX_TICKET_SECONDS });
}

/** @throws AppError `auth.expired_token` or `auth.invalid_token` */
async function verifyInboxTicket(signer: Signer, ticket: string): Promise<InboxClaims> {
  const parsed = claimsSchema.safeParse(await signer.verify(ticket, TICKET_TYPE));
  if (!parsed.success) throw authErrors.invalidToken({ cause: parsed.error });
  const { sub: userId, org: organizationId, sid: sessionId, role, plan } = parsed.data;
  return { userId, organizationId, sessionId, role, plan };
}

/**
 * Creates a ticket for the caller's own inbox. Nothing is stored; the one round trip proves the caller's credential.
 * @throws AppError `auth.forbidden` or `auth.no_organization`
 */
export async function createInboxTicket(ctx: Ctx): Promise<InboxTicketView> {
  const { actor, signer, config, clock } = ctx;
  const ticket = await signInboxTicket(signer, actor);
  await ctx.read((q) => [selectNothing(q)]);
  const url = new URL(INBOX_SOCKET_PATH, config.PUBLIC_URL);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return {
    ticket,
    url: url.href,
    protocols: [INBOX_SUBPROTOCOL, `ticket.${ticket}`],
    expiresAt: new Date(clock.now() + INBOX_TICKET_SECONDS * 1000).toISOString(),
  };
}

/**
 * Opens the socket that a ticket is for.
 * @returns the answer to the upgrade
 * @throws AppError `realtime.upgrade_required`, `realtime.origin_not_allowed`, `auth.*` or `server.unavailable`
 */
export async function openInboxSocket(ctx: Ctx, handshake: SocketHandshake): Promise<Response> {
  const ticket = requireHandshake(ctx, handshake, INBOX_SUBPROTOCOL);
  return ctx.ports.inboxes.connect(handshake.request, await verifyInboxTicket(ctx.signer, ticket));
}
