import { type AuditEntry, auditStatement } from '../audit/index.ts';
import { type Ctx, type Services, systemScope } from '../context/index.ts';
import { type Page, pageOf, readCursor } from '../core/index.ts';
import {
  countDeadLetters,
  selectDeadLetter,
  selectDeadLetters,
  selectOldestDeadLetters,
  selectOutboxStats,
  reopenDeliveries,
} from './dead-letters.queries.ts';
import { deadLetterErrors } from './delivery.errors.ts';
import type { DeliveryRow } from './delivery.queries.ts';
import type { DeadLetterQuery, OutboxStats, ReplayRequest, ReplayResult } from './delivery.schemas.ts';
import { publish } from './publish.ts';

// Dead letters belong to many organizations: all of this is the operator's, in the system's scope.

/** How many one replay takes: each brings an audit entry of its own. */
const REPLAY_LIMIT = 200;

/** What gave up, the newest first. */
export async function listDeadLetters(ctx: Ctx, query: DeadLetterQuery): Promise<Page<DeliveryRow>> {
  const before = readCursor(query.cursor);
  const [rows] = await ctx.read((q) => [selectDeadLetters(q, query, before, query.limit + 1)], systemScope);
  return pageOf(rows, query.limit, ({ id }) => id);
}

/** @throws AppError `dead_letters.not_found` */
export async function getDeadLetter(ctx: Ctx, id: string): Promise<DeliveryRow> {
  const [[deadLetter]] = await ctx.read((q) => [selectDeadLetter(q, id)], systemScope);
  if (!deadLetter) throw deadLetterErrors.notFound();
  return deadLetter;
}

/** One audit entry for each letter, in the trail of the organization it belongs to. */
function createReplayAudit(ctx: Ctx, deadLetters: readonly DeliveryRow[]) {
  const { requestId, ip, userAgent } = ctx.origin;
  const byOrganization = Map.groupBy(deadLetters, ({ organizationId }) => organizationId);
  byOrganization.delete(null);
  return Promise.all(
    [...byOrganization].map(([organizationId, ofOrganization]) => {
      const entries = ofOrganization.map(({ id, type, lastError }): AuditEntry => ({
        action: 'dead_letter.replayed',
        target: { type: 'dead_letter', id },
        before: { type, reason: lastError },
      }));
      const nowMs = ctx.clock.now();
      const source = { organizationId: organizationId!, requestId, ip, userAgent, nowMs };
      return auditStatement(entries, { ...source, actor: ctx.actor, ids: ctx.ids });
    }),
  );
}

async function replayAll(ctx: Ctx, deadLetters: readonly DeliveryRow[]): Promise<void> {
  const audit = await createReplayAudit(ctx, deadLetters);
  const ids = deadLetters.map(({ id }) => id);
  await ctx.commit({
    scope: systemScope,
    write: (q) => [
      reopenDeliveries(q, ids, new Date(ctx.clock.now())),
      ...audit.map((statement) => statement(q)),
    ],
    result: undefined,
  });
  ctx.after('outbox.publish', () => publish(ctx, [...new Set(deadLetters.map(({ lane }) => lane))]));
}

/**
 * Lets a dead letter begin again with all its attempts.
 * @throws AppError `dead_letters.not_found`
 */
export async function replayDeadLetter(ctx: Ctx, id: string): Promise<ReplayResult> {
  await replayAll(ctx, [await getDeadLetter(ctx, id)]);
  return { matched: 1, replayed: 1 };
}

/**
 * Lets the oldest of those that meet the filter begin again, at most 200 in one call; with `dryRun` it only counts.
 * @throws AppError `request.stale` when another replay was faster
 */
export async function replayDeadLetters(
  ctx: Ctx,
  { dryRun, ...filter }: ReplayRequest,
): Promise<ReplayResult> {
  const [[countRow], deadLetters] = await ctx.read(
    (q) => [countDeadLetters(q, filter), selectOldestDeadLetters(q, filter, REPLAY_LIMIT)],
    systemScope,
  );
  const matched = countRow?.matched ?? 0;
  if (dryRun || deadLetters.length === 0) return { matched, replayed: 0 };
  await replayAll(ctx, deadLetters);
  return { matched, replayed: deadLetters.length };
}

/** How much waits, is under way and gave up, and how old the oldest is. */
export async function readOutboxStats({ database, clock }: Services): Promise<OutboxStats> {
  const [{ rows }] = await database.read(systemScope, (q) => [selectOutboxStats(q, clock.now())]);
  return rows[0]!;
}
