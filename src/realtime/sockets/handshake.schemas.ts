import { z } from '@hono/zod-openapi';
import { authErrors } from '../../kernel/core/index.ts';
import { socketErrors } from './sockets.errors.ts';

const optionalText = (max: number, description: string) =>
  z.string().max(max).optional().describe(description);

/** The headers of a socket's handshake. */
export const handshakeHeadersSchema = z.object({
  upgrade: optionalText(64, 'Must be `websocket`.'),
  origin: optionalText(
    512,
    'The page that opens the socket; browsers send it. It must be an allowed origin.',
  ),
  'sec-websocket-protocol': optionalText(
    8192,
    'The subprotocols offered: the one that the socket speaks and, best, `ticket.<ticket>`.',
  ),
});

/** The query of a socket's handshake. */
export const handshakeQuerySchema = z.strictObject({
  ticket: z
    .string()
    .max(8192)
    .optional()
    .openapi({ example: 'the ticket that the API issued for this socket' })
    .describe('The ticket, for clients that cannot offer it as a subprotocol.'),
});

/** How the handshake of any socket can be refused. */
export const handshakeErrors = [
  socketErrors.upgradeRequired,
  socketErrors.originNotAllowed,
  authErrors.required,
  authErrors.invalidToken,
  authErrors.expiredToken,
];
