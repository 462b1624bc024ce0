import { type Ctx, type Services, systemScope, systemScopeOf } from '../../kernel/context/index.ts';
import { runSweep, type SweepOutcome } from '../../kernel/delivery/index.ts';
import { isError } from '../../kernel/core/index.ts';
import { hashesOf, memoryErrors, requireSwitchedOn } from '../memory/index.ts';
import { mergeSame } from '../memory-merging/index.ts';
import {
  forgetUnused,
  markDue,
  selectDueSpaces,
  selectSettings,
  selectUnhashed,
  selectUnused,
  settleDue,
  storeWordHashes,
} from './memory-consolidation.queries.ts';
import { DEFAULTS, type EffectiveSettings, nextLookAt, unusedSince } from './memory-consolidation.rules.ts';
import type { DueSpace } from './memory-consolidation.tables.ts';

const MAX_SPACES = 100;
const MAX_HASHED = 200;
const MAX_FORGOTTEN = 500;
/** A space is processed this long after a change, so that many changes are processed together. */
const QUIET_MS = 5 * 60_000;

/** Hashes the words of memories from before such hashes existed. @returns whether there may be more */
async function hashWords(ctx: Ctx, { organizationId, space }: DueSpace): Promise<boolean> {
  const scope = systemScopeOf(organizationId);
  const [rows] = await ctx.read((q) => [selectUnhashed(q, organizationId, space, MAX_HASHED)], scope);
  if (rows.length === 0) return false;
  const hashes = await Promise.all(
    rows.map(async ({ id, content }) => ({ id, ...(await hashesOf(ctx.hasher, space, content)) })),
  );
  await ctx.commit({
    write: (q) => [storeWordHashes(q, organizationId, hashes)],
    scope,
    result: undefined,
  });
  return rows.length === MAX_HASHED;
}

/** Forgets unused or surplus memories. @returns whether there may be more */
async function forget(ctx: Ctx, due: DueSpace, settings: EffectiveSettings): Promise<boolean> {
  const { organizationId, userId, space } = due;
  const since = unusedSince(settings, ctx.clock.now());
  const { mostMemories } = settings;
  if (since === null && mostMemories === null) return false;
  const scope = systemScopeOf(organizationId);
  const isAny = async () => {
    const [{ rows }] = await ctx.read((q) => [selectUnused(q, due, { since, mostMemories })], scope);
    return rows[0]!.isAny;
  };
  if (!(await isAny())) return false;
  await ctx.commit({
    write: (q) => [
      ...(userId === null ? [] : [requireSwitchedOn(q, organizationId, userId)]),
      forgetUnused(q, due, { since, mostMemories, limit: MAX_FORGOTTEN }),
    ],
    audit:
      userId === null
        ? [
            {
              action: 'memory.unused_forgotten',
              target: { type: 'organization', id: organizationId },
              after: { space },
            },
          ]
        : [],
    scope,
    result: undefined,
  });
  return isAny();
}

async function doWork(ctx: Ctx, due: DueSpace, settings: EffectiveSettings): Promise<boolean> {
  try {
    if (await hashWords(ctx, due)) return true;
    const isMoreSame = settings.mergeSame && (await mergeSame(ctx, due));
    return (await forget(ctx, due, settings)) || isMoreSame;
  } catch (error) {
    // Nothing changes while a person has their memory switched off; switching it on counts as a change.
    if (isError(error, memoryErrors.switchedOff)) return false;
    throw error;
  }
}

/** Merges and forgets in one space, in commits of their own; when it is repeated, each finds nothing left to do. */
export async function consolidateSpace(ctx: Ctx, due: DueSpace): Promise<void> {
  const { organizationId } = ctx;
  const scope = systemScopeOf(organizationId);
  const settingsOf = due.userId === null ? 'organization' : due.space;
  const [[stored]] = await ctx.read((q) => [selectSettings(q, organizationId, settingsOf)], scope);
  const settings = stored ?? DEFAULTS;
  const isMore = await doWork(ctx, due, settings);
  await ctx.commit({
    write: (q) => [settleDue(q, due, nextLookAt(settings, isMore, ctx.clock.now()))],
    scope,
    result: undefined,
  });
}

/** Scheduled: keeps the memories of due spaces in order. */
export async function sweepConsolidations(services: Services): Promise<SweepOutcome> {
  const now = new Date(services.clock.now());
  const [due] = await services.database.read(systemScope, (q) => [selectDueSpaces(q, now, MAX_SPACES)]);
  const spaces = due.map(({ space }) => space);
  return runSweep(services, 'memory_consolidation.consolidate', spaces, consolidateSpace);
}

/** After memories were stored or corrected: their space becomes due once it is quiet. */
export async function noteChange(ctx: Ctx, { space }: { space?: string | undefined }): Promise<void> {
  if (space === undefined) return;
  const { organizationId } = ctx;
  await ctx.commit({
    write: (q) => [markDue(q, { organizationId, space }, new Date(ctx.clock.now() + QUIET_MS))],
    scope: systemScopeOf(organizationId),
    result: undefined,
  });
}
