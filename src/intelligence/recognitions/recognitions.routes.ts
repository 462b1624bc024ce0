import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { created, defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import {
  handshakeErrors,
  handshakeHeadersSchema,
  handshakeQuerySchema,
} from '../../realtime/sockets/index.ts';
import { speechErrors } from '../speech-usage/index.ts';
import {
  createRecognition,
  createRecognitionTicket,
  endRecognition,
  openRecognitionSocket,
  RECOGNITIONS_PATH,
} from './manage-recognitions.ts';
import { RECOGNITION_SUBPROTOCOL } from './recognition-frames.schemas.ts';
import { recognitionErrors } from './recognitions.errors.ts';
import {
  createRecognitionSchema,
  recognitionParamsSchema,
  recognitionTicketExample,
  recognitionTicketSchema,
} from './recognitions.schemas.ts';

const tag = 'Speech';
const access = { kind: 'permission', permission: 'ai:write' } as const;
const path = `${RECOGNITIONS_PATH}/{recognitionId}`;
const ticket = (description: string) => ({
  description,
  schema: recognitionTicketSchema,
  example: recognitionTicketExample,
});

export const recognitionRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: RECOGNITIONS_PATH,
    operationId: 'createRecognition',
    tag,
    summary: 'Recognize live speech',
    description:
      'Starts live recognition of speech: send sound to the socket, and receive sentences, with first ' +
      'versions while they are spoken. The socket is described in `/asyncapi.json`. The plan must ' +
      'include the feature `speech`. Sound, also silence, is counted as `recognized_minutes`, and ' +
      'each minute is reserved from the budget for AI. Neither sound nor text is kept after the end.',
    access,
    limit: 'ai',
    body: { schema: createRecognitionSchema, example: { language: 'en', encoding: 'pcm16' } },
    success: { 201: ticket('The recognition, and a ticket for its socket') },
    errors: [entitlementErrors.featureNotIncluded, speechErrors.degraded],
    handle: (ctx, { body }) => createRecognition(ctx, body),
    respond: (view) => created(view, `${RECOGNITIONS_PATH}/${view.id}`),
  }),
  defineRoute({
    method: 'post',
    path: `${path}/tickets`,
    operationId: 'createRecognitionTicket',
    tag,
    summary: 'Create a recognition ticket',
    description:
      'Returns another ticket for a recognition that the caller has begun, to continue it after a ' +
      'lost connection. A recognition waits for one minute.',
    access,
    limit: 'socket',
    params: recognitionParamsSchema,
    success: { 200: ticket('The ticket') },
    errors: [recognitionErrors.notFound],
    handle: (ctx, { params }) => createRecognitionTicket(ctx, params.recognitionId),
    respond: (view) => ok(view),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'endRecognition',
    tag,
    summary: 'End a recognition',
    description:
      'Ends a recognition that the caller has begun, at once: sound that has no result yet gets none. ' +
      'To get all results, send `close` to the socket instead.',
    access,
    limit: 'api',
    params: recognitionParamsSchema,
    success: { 204: { description: 'It is over' } },
    errors: [recognitionErrors.notFound],
    handle: (ctx, { params }) => endRecognition(ctx, params.recognitionId),
    respond: noContent,
  }),
  defineRoute({
    method: 'get',
    path: `${path}/socket`,
    operationId: 'openRecognitionSocket',
    tag,
    summary: 'Open the recognition socket',
    description:
      `Opens the WebSocket of a recognition. Offer the subprotocol \`${RECOGNITION_SUBPROTOCOL}\` and, as a second one, \`ticket.<ticket>\`. Frames are ` +
      'described in `/asyncapi.json`. Browsers must come from an allowed origin.',
    access: {
      kind: 'public',
      reason: 'the ticket is the credential: a browser can send no other with a handshake',
    },
    limit: 'socket',
    params: recognitionParamsSchema,
    query: handshakeQuerySchema,
    headers: handshakeHeadersSchema,
    success: { 101: { description: 'The socket is open' } },
    errors: [...handshakeErrors, recognitionErrors.notFound],
    handle: (ctx, { request, params, query, headers }) =>
      openRecognitionSocket(ctx, params.recognitionId, { query, headers, request }),
    respond: (passthrough) => ({ status: 101, passthrough }),
  }),
];
