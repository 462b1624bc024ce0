import type { Ctx } from '../../kernel/context/index.ts';
import { type FieldError, requestErrors, requirePermission } from '../../kernel/core/index.ts';
import { type OwnMeterRow, selectOwnMeters } from '../meters/index.ts';
import { recordReceivedEvents, type ReceivedEvent, selectRecordedKeys } from './record.queries.ts';
import { usageRecorded } from './usage.events.ts';
import { MAX_AHEAD_MS, type ReceivedView, type UsageEvent } from './usage-events.schemas.ts';

/** Unambiguous, because neither has a space. */
const keyOf = ({ source, id }: UsageEvent) => `${source} ${id}`;

function findFaults(
  event: UsageEvent,
  meters: ReadonlyMap<string, OwnMeterRow>,
  nowMs: number,
): FieldError[] {
  const meter = meters.get(event.type);
  if (!meter) return [{ pointer: '/type', message: 'is not a meter that the organization created' }];
  const unknown = Object.keys(event.data.dimensions).filter((name) => !meter.dimensions.includes(name));
  const isAhead = event.time !== undefined && Date.parse(event.time) > nowMs + MAX_AHEAD_MS;
  return [
    ...unknown.map((name) => ({
      pointer: `/data/dimensions/${name}`,
      message: 'is not a dimension of the meter',
    })),
    ...(isAhead ? [{ pointer: '/time', message: 'must be at most five minutes in the future' }] : []),
  ];
}

/**
 * Records events of the organization's own meters, all or none. Each counts once, by its source and id, for ever.
 * @throws AppError `auth.forbidden`, or `request.invalid` naming the fields that do not match the meter
 */
export async function receiveUsageEvents(ctx: Ctx, input: UsageEvent | UsageEvent[]): Promise<ReceivedView> {
  requirePermission(ctx.actor, 'usage:write');
  const { organizationId } = ctx;
  const events = [input].flat();
  const nowMs = ctx.clock.now();
  const byKey = new Map(events.map((event) => [keyOf(event), event]).toReversed() as [string, UsageEvent][]);
  const [own, { rows: recorded }] = await ctx.read((q) => [
    selectOwnMeters(q, organizationId),
    selectRecordedKeys(q, organizationId, [...byKey.keys()]),
  ]);
  const meters = new Map(own.map((meter) => [meter.name, meter]));
  const faults = events.flatMap((event, at) =>
    findFaults(event, meters, nowMs).map(({ pointer, message }) => ({
      pointer: Array.isArray(input) ? `/${at}${pointer}` : pointer,
      message,
    })),
  );
  if (faults.length > 0) throw requestErrors.invalid({ errors: faults.slice(0, 50) });
  const known = new Set(recorded.map(({ key }) => key));
  const rows = [...byKey]
    .filter(([key]) => !known.has(key))
    .map(([key, { type, source, time, data }]): ReceivedEvent => ({
      id: ctx.ids.create('usageEvent'),
      key,
      meter: type,
      source,
      occurredAtMs: time === undefined ? nowMs : Date.parse(time),
      ...data,
    }));
  const result = { received: events.length, duplicates: events.length - rows.length };
  if (rows.length === 0) return result;
  const counted = [...new Set(rows.map((row) => row.meter))];
  return ctx.commit({
    write: (q) => [recordReceivedEvents(q, organizationId, rows, nowMs)],
    events: counted.map((meter) => usageRecorded.of({ meter, keys: [] })),
    result,
  });
}
