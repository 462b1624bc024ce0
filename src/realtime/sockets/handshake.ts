import type { z } from '@hono/zod-openapi';
import type { Ctx } from '../../kernel/context/index.ts';
import { authErrors, requestErrors } from '../../kernel/core/index.ts';
import type { handshakeHeadersSchema, handshakeQuerySchema } from './handshake.schemas.ts';
import { socketErrors } from './sockets.errors.ts';

/** Begins the subprotocol that carries a ticket: a browser can send nothing else with a handshake. */
const TICKET_PREFIX = 'ticket.';

/** The handshake of a socket, parsed; `request` is the upgrade itself. */
export interface SocketHandshake {
  headers: z.output<typeof handshakeHeadersSchema>;
  query: z.output<typeof handshakeQuerySchema>;
  request: Request;
}

const splitProtocols = (protocols: string): string[] => protocols.split(',').map((each) => each.trim());

/**
 * Any web page can make a browser open a socket, so pages must come from an allowed origin. Other clients send no
 * `Origin`.
 * @throws AppError `realtime.origin_not_allowed`
 */
function requireAllowedOrigin({ config }: Pick<Ctx, 'config'>, origin: string | undefined): void {
  if (origin === undefined) return;
  const allowed = [...config.CORS_ORIGINS, new URL(config.PUBLIC_URL).origin];
  if (!allowed.includes(origin)) throw socketErrors.originNotAllowed();
}

/** @throws AppError `auth.required`, or `request.invalid` when only other subprotocols are offered */
function requireTicket({ headers, query }: SocketHandshake, subprotocol: string): string {
  const protocols = headers['sec-websocket-protocol'];
  const offered = protocols === undefined ? [] : splitProtocols(protocols);
  if (offered.length > 0 && !offered.includes(subprotocol))
    throw requestErrors.invalid({
      errors: [{ pointer: '#/header/sec-websocket-protocol', message: `must offer ${subprotocol}` }],
    });
  const ticketProtocol = offered.find((each) => each.startsWith(TICKET_PREFIX));
  const ticket = ticketProtocol?.slice(TICKET_PREFIX.length) ?? query.ticket;
  if (ticket === undefined) throw authErrors.required({ detail: 'a ticket is required' });
  return ticket;
}

/**
 * Checks what every socket's handshake has in common.
 * @param subprotocol the one that the socket speaks
 * @returns the ticket, not yet verified
 * @throws AppError `realtime.upgrade_required`, `realtime.origin_not_allowed`, `auth.required` or `request.invalid`
 */
export function requireHandshake(
  ctx: Pick<Ctx, 'config'>,
  handshake: SocketHandshake,
  subprotocol: string,
): string {
  if (handshake.headers.upgrade?.toLowerCase() !== 'websocket') throw socketErrors.upgradeRequired();
  requireAllowedOrigin(ctx, handshake.headers.origin);
  return requireTicket(handshake, subprotocol);
}

/**
 * The subprotocol that the answer names: the socket's own when it was offered, otherwise none. A browser that offered
 * none would treat an answer with one as a failure.
 * @param offered the `Sec-WebSocket-Protocol` header
 */
export const chooseSubprotocol = (offered: string | null, subprotocol: string): string | undefined =>
  offered !== null && splitProtocols(offered).includes(subprotocol) ? subprotocol : undefined;
