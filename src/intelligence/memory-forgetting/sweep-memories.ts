import { type Ctx, type Services, systemScope } from '../../kernel/context/index.ts';
import { runSweep } from '../../kernel/delivery/index.ts';
import { forgetOver, selectOrganizationsWithOver } from '../memory/index.ts';
import { forgetLostSources, selectLostSources } from './memory-forgetting.queries.ts';

const MAX_ORGANIZATIONS = 100;
const MAX_MEMORIES = 1_000;
const MAX_SOURCES = 5_000;

/** Scheduled: forgets memories that have expired, or that belong to a deleted room. */
export async function sweepMemories(services: Services) {
  const now = new Date(services.clock.now());
  const [due] = await services.database.read(systemScope, (q) => [
    selectOrganizationsWithOver(q, now, MAX_ORGANIZATIONS),
  ]);
  return runSweep(services, 'memory_forgetting.expire', due.rows, (ctx) =>
    ctx.commit({
      write: (q) => [forgetOver(q, ctx.organizationId, now, MAX_MEMORIES)],
      scope: systemScope,
      result: undefined,
    }),
  );
}

/**
 * Scheduled: forgets memories whose sources were deleted without an event, such as the messages of an erased person.
 */
export async function sweepLostSources(services: Services) {
  const [lost] = await services.database.read(systemScope, (q) => [selectLostSources(q, MAX_SOURCES)]);
  return runSweep(services, 'memory_forgetting.lost_sources', lost.rows, (ctx: Ctx, { kind, ids }) =>
    ctx.commit({
      write: (q) => [forgetLostSources(q, ctx.organizationId, kind, ids)],
      result: undefined,
    }),
  );
}
