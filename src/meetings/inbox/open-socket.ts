import type { Ctx } from '../../platform/context/index.ts';
import { authErrors } from '../../platform/core/index.ts';
import { type Handshake, requireHandshake } from '../realtime/index.ts';
import { INBOX_PROTOCOL } from './inbox.protocol.ts';
import type { SocketTicketView } from './inbox.schemas.ts';
import { INBOX_TICKET_SECONDS, signInboxTicket, verifyInboxTicket } from './inbox-tickets.ts';

export const SOCKET_PATH = '/api/v1/me/socket';

/**
 * A ticket for the caller's own inbox; nothing is stored.
 * @throws AppError `auth.forbidden` or `auth.no_organization`
 */
export async function createSocketTicket({ actor, signer, config, clock }: Ctx): Promise<SocketTicketView> {
  if (actor.kind !== 'user') throw authErrors.forbidden({ detail: 'this is for a signed-in person' });
  const ticket = await signInboxTicket(signer, actor);
  const url = new URL(SOCKET_PATH, config.PUBLIC_URL);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return {
    ticket,
    url: url.href,
    protocols: [INBOX_PROTOCOL, `ticket.${ticket}`],
    expiresAt: new Date(clock.now() + INBOX_TICKET_SECONDS * 1000).toISOString(),
  };
}

/**
 * Opens the socket that a ticket is for.
 * @throws AppError `realtime.upgrade_required`, `realtime.origin_not_allowed`, `auth.*` or `server.unavailable`
 */
export async function openSocket(ctx: Ctx, handshake: Handshake): Promise<Response> {
  const ticket = requireHandshake(ctx, handshake, INBOX_PROTOCOL);
  return ctx.ports.inboxes.connect(handshake.request, await verifyInboxTicket(ctx.signer, ticket));
}
