import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { INGRESS_REASONS, INGRESS_STATES } from './ingresses.enums.ts';

const ids = {
  ingressId: idSchema('ingress').describe('Id of the ingress.'),
  roomId: idSchema('room').describe('Id of the room.'),
};
const exampleIds = { ingressId: exampleId('ingress'), roomId: exampleId('room') };
const key = ({ ingressId }: { ingressId: string }) => ingressId;

export const ingressChanged = defineEvent({
  type: 'ingress.changed',
  description: 'An ingress was created or changed, or its state changed.',
  payload: z.object({
    ...ids,
    callId: idSchema('call').nullable().describe('Id of the call that it may publish into; null for none.'),
    state: z.enum(INGRESS_STATES).describe('Its state.'),
    reason: z
      .enum(INGRESS_REASONS)
      .nullable()
      .describe('Why it is in this state; null when the state explains itself.'),
  }),
  example: { ...exampleIds, callId: exampleId('call'), state: 'active', reason: null },
  key,
});

export const ingressDeleted = defineEvent({
  type: 'ingress.deleted',
  description: 'An ingress was deleted.',
  payload: z.object(ids),
  example: exampleIds,
  key,
});

/** An ingress that its cluster has to delete, because it was deleted here or got another key. */
export const ingressReleased = defineEvent({
  type: 'ingress.released',
  description: 'A cluster has to delete an ingress and its key.',
  payload: z.object({
    ingressId: ids.ingressId,
    cluster: z.string().describe('Name of the cluster.'),
    clusterIngress: z.string().describe('Its id there.'),
  }),
  example: { ingressId: exampleIds.ingressId, cluster: 'default', clusterIngress: 'IN_8fQ2' },
  key,
  internal: true,
});

/** Brings a report of the cluster, which names no organization, to the organization of the ingress. */
export const ingressFollowed = defineEvent({
  type: 'ingress.followed',
  description: 'Something happened that may change what an ingress has to do.',
  payload: z.object({ ingressId: ids.ingressId }),
  example: { ingressId: exampleIds.ingressId },
  key,
  internal: true,
});

export const ingressEvents = [ingressChanged, ingressDeleted, ingressReleased, ingressFollowed];
