import { type Ctx, requireUser, systemScope } from '../../kernel/context/index.ts';
import { type OrderedPageQuery, type Page, pageOf, readPageRange } from '../../kernel/core/index.ts';
import { selectReopenableOrganizations } from './deleted-organizations.queries.ts';
import { reopenableSince, erasesAt } from './deleted-organizations.rules.ts';
import type { DeletedOrganizationView } from './deleted-organizations.schemas.ts';

/** The deleted organizations that the caller can reopen. In the system's scope: no credential is for a deleted organization. */
export async function listDeletedOrganizations(
  ctx: Ctx,
  page: OrderedPageQuery,
): Promise<Page<DeletedOrganizationView>> {
  const { userId } = requireUser(ctx);
  const since = reopenableSince(ctx.clock.now());
  const range = readPageRange(page);
  const [rows] = await ctx.read((q) => [selectReopenableOrganizations(q, userId, since, range)], systemScope);
  const views = rows.map(({ organization: { id, name, slug, deletedAt } }) => ({
    id,
    name,
    slug,
    deletedAt: deletedAt!.toISOString(),
    erasesAt: erasesAt(deletedAt!).toISOString(),
  }));
  return pageOf(views, page.limit, ({ id }) => id);
}
