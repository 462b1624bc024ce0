import type { Ctx } from '../../kernel/context/index.ts';
import { type Delivery, subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import type { Meter } from '../../kernel/modules/index.ts';
import { recordFacts } from './record.queries.ts';
import { usageRecorded } from './usage.events.ts';

/** Records the changes in the facts of an event's source. Repeated, late and corrected events count once. */
async function recordUsage(ctx: Ctx, meter: Meter, payload: never, { eventId }: Delivery): Promise<void> {
  const facts = await meter.read(ctx, payload);
  if (facts.length === 0) return;
  const withIds = facts.map((fact) => ({
    ...fact,
    reversalId: ctx.ids.create('usageEvent'),
    id: ctx.ids.create('usageEvent'),
  }));
  await ctx.commit({
    write: (q) => [
      recordFacts(q, ctx.organizationId, {
        meter: meter.name,
        facts: withIds,
        cause: eventId,
        nowMs: ctx.clock.now(),
      }),
    ],
    events: [usageRecorded.of({ meter: meter.name, keys: facts.map(({ key }) => key) })],
    result: undefined,
  });
}

/** One subscriber for each meter of the product. */
export const createUsageSubscriptions = (meters: readonly Meter[]): Subscription[] =>
  meters.map((meter) =>
    subscribe(meter.event, `usage.${meter.name}`, (ctx, payload, delivery) =>
      recordUsage(ctx, meter, payload as never, delivery),
    ),
  );
