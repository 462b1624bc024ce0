import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import { deleteGlossaryRow, selectGlossaries, upsertGlossary } from './translations.queries.ts';
import type { GlossaryPair, SetGlossary } from './translations.schemas.ts';
import type { GlossaryRow } from './translations.tables.ts';

const auditOf = (ctx: Ctx, action: string, pair: GlossaryPair) => ({
  action,
  target: { type: 'organization', id: ctx.organizationId },
  after: { ...pair },
});

/** @throws AppError `auth.forbidden` without `ai:read` */
export async function listGlossaries(ctx: Ctx): Promise<GlossaryRow[]> {
  requirePermission(ctx.actor, 'ai:read');
  const [rows] = await ctx.read((q) => [selectGlossaries(q, ctx.organizationId)]);
  return rows;
}

/** Replaces the terms for two languages. @throws AppError `auth.forbidden` without `ai-settings:write` */
export async function setGlossary(
  ctx: Ctx,
  pair: GlossaryPair,
  { terms }: SetGlossary,
): Promise<GlossaryRow> {
  requirePermission(ctx.actor, 'ai-settings:write');
  const row: GlossaryRow = {
    id: ctx.ids.create('glossary'),
    organizationId: ctx.organizationId,
    fromLanguage: pair.from,
    toLanguage: pair.to,
    terms,
    updatedAt: new Date(ctx.clock.now()),
    version: 1,
  };
  return ctx.commit({
    write: (q) => [upsertGlossary(q, row)],
    audit: { ...auditOf(ctx, 'glossary.set', pair), after: { ...pair, terms: terms.length } },
    result: row,
  });
}

/** @throws AppError `translations.glossary_not_found`, `auth.forbidden` without `ai-settings:write` */
export async function deleteGlossary(ctx: Ctx, pair: GlossaryPair): Promise<void> {
  requirePermission(ctx.actor, 'ai-settings:write');
  await ctx.commit({
    write: (q) => [deleteGlossaryRow(q, ctx.organizationId, pair)],
    audit: auditOf(ctx, 'glossary.deleted', pair),
    result: undefined,
  });
}
