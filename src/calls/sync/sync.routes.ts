import { z } from '@hono/zod-openapi';
import { defineRoute, noContent, type Route } from '../../platform/http/index.ts';
import { clusterErrors } from '../clusters/index.ts';
import { receiveClusterEvent } from './receive-cluster-event.ts';

/** LiveKit does not repeat a refused webhook, so the limit is above every event that it may send. */
const MAX_EVENT_BYTES = 1024 * 1024;

const example = JSON.stringify({
  event: 'participant_left',
  id: 'EV_2uEoYhzDUAxw',
  createdAt: '1767605400',
  room: { sid: 'RM_hycBMAjmt6Ub', name: 'call_01jd3v7q8gf4kr2x6a0w9mznpe' },
  participant: { sid: 'PA_9gZ6DzQxtqVh', identity: 'usr_01jd3v7q8gf4kr2x6a0w9mznpe', state: 'DISCONNECTED' },
});

export const syncRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/webhooks/livekit',
    operationId: 'receiveLivekitEvent',
    tag: 'Calls',
    summary: 'Receive a LiveKit event',
    description:
      'Webhook for the LiveKit clusters of this deployment. Each event must be signed with the API key of its ' +
      'cluster. The answer is 204 once the event is stored; call history, participants and tracks follow within ' +
      'seconds. LiveKit repeats an event that was answered with 5xx or not at all, and an event that is received ' +
      'twice counts once. Events about LiveKit rooms that are not calls are accepted and dropped.',
    access: { kind: 'public', reason: 'each event is signed with the key of its cluster' },
    limit: 'webhook',
    headers: z.object({
      authorization: z
        .string()
        .max(8_192)
        .default('')
        .openapi({
          description:
            'JWT that carries the SHA-256 hash of the body, signed with the API secret of the cluster; up to 8,192 ' +
            'characters. LiveKit sends it without the word `Bearer`.',
          example: 'eyJhbGciOiJIUzI1NiJ9.e30.c2ln',
        }),
    }),
    rawBody: { mediaTypes: ['application/webhook+json', 'application/json'], example },
    bodyLimitBytes: MAX_EVENT_BYTES,
    success: { 204: { description: 'The event is stored, or it is not about a call' } },
    errors: [clusterErrors.badSignature],
    handle: (ctx, { raw, headers }) => receiveClusterEvent(ctx, raw, headers.authorization),
    respond: noContent,
  }),
];
