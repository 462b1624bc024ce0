import { INCLUDED_UNITS } from '../../identity/entitlements/index.ts';
import { defineMeter } from '../../kernel/modules/index.ts';
import { connectionTimesChanged } from './calls.events.ts';
import { selectConnectionTimes } from './ledger.queries.ts';

/** Time that people and agents were connected to calls. */
export const participantMinutes = defineMeter({
  name: 'participant_minutes',
  feature: 'calls',
  unit: 'milliseconds',
  unitQuantity: INCLUDED_UNITS.participant_minutes,
  description:
    'Time that participants were connected to calls: each connection from its beginning to its end, once it has ended.',
  dimensions: ['room', 'call', 'kind', 'role', 'region'],
  event: connectionTimesChanged,
  read: async (ctx, { callId, roomId, connectionSids }) => {
    const [rows] = await ctx.read((q) => [
      selectConnectionTimes(q, ctx.organizationId, callId, connectionSids),
    ]);
    return rows.map(({ sid, joinedAt, leftAt, connected, version, userId, kind, role, region }) => ({
      key: `${callId}/${sid}`,
      occurredAtMs: joinedAt.getTime(),
      quantity: connected && leftAt ? leftAt.getTime() - joinedAt.getTime() : 0,
      version,
      dimensions: { room: roomId, call: callId, kind, role, region: region ?? 'unknown' },
      userId,
    }));
  },
});

export const callMeters = [participantMinutes];
