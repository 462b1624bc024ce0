import { z } from '@hono/zod-openapi';
import { defineRoute, noContent, type Route } from '../../platform/http/index.ts';
import { clusterErrors } from '../clusters/index.ts';
import { receiveClusterEvent } from './receive-cluster-event.ts';

/** A cluster takes a refusal for an answer and does not come again: what it may send is taken. */
const MAX_EVENT_BYTES = 1024 * 1024;

const example = JSON.stringify({
  event: 'participant_joined',
  id: 'EV_2uEoYhzDUAxw',
  createdAt: '1767605400',
  room: { sid: 'RM_hycBMAjmt6Ub', name: 'call_01jd3v7q8gf4kr2x6a0w9mznpe' },
  participant: { sid: 'PA_9gZ6DzQxtqVh', identity: 'usr_01jd3v7q8gf4kr2x6a0w9mznpe', state: 'ACTIVE' },
});

export const syncRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/webhooks/livekit',
    operationId: 'receiveLivekitEvent',
    tag: 'Calls',
    summary: 'Take an event of a media cluster',
    description:
      'For the LiveKit clusters. Answered with success once the event is stored; it is worked on afterwards. ' +
      'A cluster repeats what was answered with 5xx or not at all.',
    access: { kind: 'public', reason: 'each event is signed by the cluster with its own key' },
    limit: 'webhook',
    headers: z.object({
      /** A JWT with the hash of the body; without `Bearer`. */
      authorization: z.string().max(8_192).default('').openapi({ example: 'eyJhbGciOiJIUzI1NiJ9.e30.c2ln' }),
    }),
    rawBody: { mediaTypes: ['application/webhook+json', 'application/json'], example },
    bodyLimitBytes: MAX_EVENT_BYTES,
    success: { 204: { description: 'Stored, or none of ours' } },
    errors: [clusterErrors.badSignature],
    handle: (ctx, { raw, headers }) => receiveClusterEvent(ctx, raw, headers.authorization),
    respond: noContent,
  }),
];
