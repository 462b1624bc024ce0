import { INCLUDED_UNITS } from '../../identity/entitlements/index.ts';
import { defineMeter } from '../../kernel/modules/index.ts';
import { phoneCallChanged } from './phone-calls.events.ts';
import { selectPhoneCall } from './phone-calls.queries.ts';
import { isOver } from './phone-calls.rules.ts';

/** Time on the telephone, beside that of the participant: providers charge for it by where the number is. */
export const phoneMinutes = defineMeter({
  name: 'phone_minutes',
  feature: 'telephony',
  unit: 'milliseconds',
  unitQuantity: INCLUDED_UNITS.phone_minutes,
  description:
    'Time of telephone calls from the answer to the end, once they have ended. `direction` is `out` or `in`. `prefix` is ' +
    'the allowed prefix of the number that was called, or the whole number for a call that came in.',
  dimensions: ['room', 'call', 'phone_call', 'direction', 'prefix'],
  event: phoneCallChanged,
  read: async (ctx, { phoneCallId }) => {
    const [rows] = await ctx.read((q) => [selectPhoneCall(q, ctx.organizationId, null, phoneCallId)]);
    return rows.filter(isOver).map(({ id, answeredAt, endedAt, createdAt, version, ...row }) => ({
      key: id,
      occurredAtMs: (answeredAt ?? createdAt).getTime(),
      quantity: answeredAt && endedAt ? Math.max(0, endedAt.getTime() - answeredAt.getTime()) : 0,
      version,
      dimensions: {
        room: row.roomId,
        call: row.callId,
        phone_call: id,
        direction: row.direction,
        prefix: row.prefix,
      },
      userId: row.requestedBy.startsWith('usr_') ? row.requestedBy : null,
    }));
  },
});
