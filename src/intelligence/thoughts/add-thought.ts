import { type Ctx, type Services, systemScope } from '../../kernel/context/index.ts';
import {
  actorId,
  type Page,
  pageOf,
  type PageQuery,
  readCursor,
  requestErrors,
  requirePermission,
} from '../../kernel/core/index.ts';
import { thoughtErrors } from './thoughts.errors.ts';
import {
  type ChainKey,
  deleteOldThoughts,
  insertThought,
  selectOutline,
  selectThoughts,
} from './thoughts.queries.ts';
import { KEPT_MS, placeThought, summarizeChain } from './thoughts.rules.ts';
import type { AddedThought, AddThought } from './thoughts.schemas.ts';
import type { ThoughtOutline, ThoughtRow } from './thoughts.tables.ts';

async function keyOf(ctx: Ctx, chainId: string): Promise<ChainKey> {
  return {
    organizationId: ctx.organizationId,
    chainId,
    holderHash: await ctx.hasher.hash('thoughts', actorId(ctx.actor) ?? ''),
    since: new Date(ctx.clock.now() - KEPT_MS),
  };
}

/**
 * The thoughts of a chain of the caller, in order.
 * @throws AppError `thoughts.chain_not_found`, or `auth.forbidden` without `ai:read`
 */
export async function listThoughts(
  ctx: Ctx,
  chainId: string,
  { cursor, limit }: PageQuery,
): Promise<Page<ThoughtRow>> {
  requirePermission(ctx.actor, 'ai:read');
  const key = await keyOf(ctx, chainId);
  const page = { after: readCursor(cursor), limit };
  const [rows] = await ctx.read((q) => [selectThoughts(q, key, page)]);
  if (rows.length === 0 && page.after === undefined) throw thoughtErrors.chainNotFound();
  return pageOf(rows, limit, ({ ordinal }) => String(ordinal));
}

async function readOutline(ctx: Ctx, key: ChainKey): Promise<ThoughtOutline[]> {
  const [chain] = await ctx.read((q) => [selectOutline(q, key)]);
  if (chain.length === 0) throw thoughtErrors.chainNotFound();
  return chain;
}

/**
 * Adds a thought to a chain of the caller, or begins one.
 * @throws AppError `thoughts.*`, `request.stale` when another thought came first, or `auth.forbidden` without `ai:write`
 */
export async function addThought(ctx: Ctx, input: AddThought): Promise<AddedThought> {
  requirePermission(ctx.actor, 'ai:write');
  const key = await keyOf(ctx, input.chainId ?? ctx.ids.create('thoughtChain'));
  const chain = input.chainId === undefined ? [] : await readOutline(ctx, key);
  const row: ThoughtRow = {
    organizationId: key.organizationId,
    chainId: key.chainId,
    ordinal: placeThought(chain, input),
    holderHash: key.holderHash,
    thought: input.thought,
    thoughtNumber: input.thoughtNumber,
    totalThoughts: Math.max(input.totalThoughts, input.thoughtNumber),
    nextThoughtNeeded: input.nextThoughtNeeded,
    revisesThought: input.revisesThought ?? null,
    branchFromThought: input.branchFromThought ?? null,
    branchId: input.branchId ?? null,
    createdAt: new Date(ctx.clock.now()),
  };
  return ctx.commit({
    write: (q) => insertThought(q, row),
    conflicts: { thoughts_pkey: requestErrors.stale },
    result: summarizeChain(chain, row),
  });
}

const MAX_ROWS_PER_STEP = 10_000;
const MAX_STEPS_PER_RUN = 20;

/** Scheduled each hour: deletes thoughts that are a day old. */
export async function sweepThoughts({ database, clock }: Services): Promise<{ deleted: number }> {
  const before = new Date(clock.now() - KEPT_MS);
  let deleted = 0;
  for (let step = 0; step < MAX_STEPS_PER_RUN; step++) {
    const [rows] = await database.read(systemScope, (q) => [deleteOldThoughts(q, before, MAX_ROWS_PER_STEP)]);
    deleted += rows.length;
    if (rows.length < MAX_ROWS_PER_STEP) break;
  }
  return { deleted };
}
