import type { Services } from '../../kernel/context/index.ts';
import { runAsSystem } from '../../kernel/delivery/index.ts';
import { deleteOldProviderEvents } from './provider-events.queries.ts';

/** Longer than any provider repeats an event. */
const RETENTION_MS = 90 * 86_400_000;
const BATCH = 5_000;

/** Scheduled each hour: deletes events that were received more than 90 days ago. */
export function sweepProviderEvents(services: Services): Promise<void> {
  return runAsSystem(services, 'provider_events.sweep', null, (ctx) =>
    ctx.commit({
      write: (q) => [deleteOldProviderEvents(q, new Date(ctx.clock.now() - RETENTION_MS), BATCH)],
      result: undefined,
    }),
  );
}
