import { type Services, systemScope } from '../../kernel/context/index.ts';
import { requestErrors } from '../../kernel/core/index.ts';
import { mustChange, type Queries } from '../../kernel/db/index.ts';
import { runSweep } from '../../kernel/delivery/index.ts';
import { eraseObjectsOf } from '../../platform/objects/index.ts';
import { deleteErasable } from '../organizations/index.ts';
import { selectErasableOrganizations } from './deleted-organizations.queries.ts';
import { reopenableSince } from './deleted-organizations.rules.ts';

/** Each takes a while: all that belongs to it goes with it. The rest is left to the next run. */
const MAX_ORGANIZATIONS_PER_RUN = 10;

/**
 * Scheduled each hour: erases organizations that can no longer be reopened, each with all rows that belong to it, and then their
 * bytes; those of files that a failure leaves are collected later. Its audit log and the chain over it stay, as evidence.
 */
export async function eraseDeletedOrganizations(services: Services): Promise<void> {
  const since = reopenableSince(services.clock.now());
  const [due] = await services.database.read(systemScope, (q) => [
    selectErasableOrganizations(q, since, MAX_ORGANIZATIONS_PER_RUN),
  ]);
  const items = due.map(({ id }) => ({ id, organizationId: null }));
  await runSweep(services, 'organizations.erase_deleted', items, async (ctx, { id }) => {
    // An organization that was reopened in the meantime keeps its bytes, too.
    const write = (q: Queries) => [mustChange(q, deleteErasable(q, id, since), requestErrors.stale)];
    await ctx.commit({ scope: systemScope, write, result: undefined });
    await eraseObjectsOf(ctx.ports.objects, id);
  });
}
