import { connectionTimesChanged } from '../../calls/calls/index.ts';
import { defineMeter } from '../../kernel/modules/index.ts';
import { selectIngressConnections } from './ingresses.queries.ts';

/** Time that a worker of the cluster transcoded for a call, beside that of the participant that it makes. */
export const ingressMinutes = defineMeter({
  name: 'ingress_minutes',
  feature: 'ingresses',
  unit: 'milliseconds',
  unitQuantity: 60_000,
  description:
    'Time that ingresses were connected to calls: each connection from its beginning to its end, once it has ended.',
  dimensions: ['room', 'call', 'ingress'],
  event: connectionTimesChanged,
  read: async (ctx, { callId, roomId, connectionSids }) => {
    const [rows] = await ctx.read((q) => [
      selectIngressConnections(q, ctx.organizationId, callId, connectionSids),
    ]);
    return rows.map(({ sid, identity, joinedAt, leftAt, connected, version }) => ({
      key: `${callId}/${sid}`,
      occurredAtMs: joinedAt.getTime(),
      quantity: connected && leftAt ? leftAt.getTime() - joinedAt.getTime() : 0,
      version,
      dimensions: { room: roomId, call: callId, ingress: identity },
      userId: null,
    }));
  },
});
