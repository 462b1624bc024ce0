import { type AuditEntry, auditStatement } from '../../kernel/audit/index.ts';
import { type Ctx, type Services, systemScope } from '../../kernel/context/index.ts';
import { type Page, pageOf, readCursor } from '../../kernel/core/index.ts';
import { publish, reopenDeliveries } from '../../kernel/delivery/index.ts';
import { deadLetterErrors } from './dead-letters.errors.ts';
import {
  countDeadLetters,
  type DeadLetter,
  selectDeadLetter,
  selectDeadLetters,
  selectOldestDeadLetters,
  selectOutboxStats,
} from './dead-letters.queries.ts';
import type { DeadLetterQuery, OutboxStats, ReplayRequest, ReplayResult } from './dead-letters.schemas.ts';

// Dead letters belong to many organizations: all of this is the operator's, in the system's scope.

/** How many one replay takes: each brings an audit entry of its own. */
const REPLAY_LIMIT = 200;

/** The newest first. */
export async function listDeadLetters(ctx: Ctx, query: DeadLetterQuery): Promise<Page<DeadLetter>> {
  const before = readCursor(query.cursor);
  const [rows] = await ctx.read((q) => [selectDeadLetters(q, query, before, query.limit)], systemScope);
  return pageOf(rows, query.limit, ({ delivery }) => delivery.id);
}

/** @throws AppError `dead_letters.not_found` */
export async function getDeadLetter(ctx: Ctx, id: string): Promise<DeadLetter> {
  const [found] = await ctx.read((q) => [selectDeadLetter(q, id)], systemScope);
  const exact = found.find(({ delivery }) => delivery.id === id);
  const [deadLetter] = exact ? [exact] : found.length === 1 ? found : [];
  if (!deadLetter) throw deadLetterErrors.notFound();
  return deadLetter;
}

/** One audit entry for each, in the log of the organization it belongs to. */
function auditStatements(ctx: Ctx, deadLetters: readonly DeadLetter[]) {
  const { requestId, ip, userAgent } = ctx.origin;
  const byOrganization = Map.groupBy(deadLetters, ({ delivery }) => delivery.organizationId);
  byOrganization.delete(null);
  return Promise.all(
    [...byOrganization].map(([organizationId, own]) => {
      const entries = own.map(({ delivery: { id, type, subscriber, lastError } }): AuditEntry => ({
        action: 'dead_letter.replayed',
        target: { type: 'dead_letter', id },
        before: { type, subscriber, reason: lastError },
      }));
      const nowMs = ctx.clock.now();
      const source = { organizationId: organizationId!, requestId, ip, userAgent, nowMs };
      return auditStatement(entries, { ...source, actor: ctx.actor, ids: ctx.ids });
    }),
  );
}

async function replay(ctx: Ctx, deadLetters: readonly DeadLetter[]): Promise<void> {
  const audit = await auditStatements(ctx, deadLetters);
  const ids = deadLetters.map(({ delivery }) => delivery.id);
  await ctx.commit({
    scope: systemScope,
    write: (q) => [
      reopenDeliveries(q, ids, new Date(ctx.clock.now())),
      ...audit.map((statement) => statement(q)),
    ],
    result: undefined,
  });
  const partitions = new Set(deadLetters.map(({ delivery }) => delivery.partition));
  ctx.after('outbox.publish', () => publish(ctx, [...partitions]));
}

/**
 * Delivers one again, with all its attempts.
 * @throws AppError `dead_letters.not_found`
 */
export async function replayDeadLetter(ctx: Ctx, id: string): Promise<ReplayResult> {
  await replay(ctx, [await getDeadLetter(ctx, id)]);
  return { matched: 1, replayed: 1 };
}

/**
 * Delivers the oldest of those that match the filter again, at most 200 in one call; with `dryRun` it only counts.
 * @throws AppError `request.stale` when another replay was faster
 */
export async function replayDeadLetters(
  ctx: Ctx,
  { dryRun, ...filter }: ReplayRequest,
): Promise<ReplayResult> {
  const [[counted], deadLetters] = await ctx.read(
    (q) => [countDeadLetters(q, filter), selectOldestDeadLetters(q, filter, REPLAY_LIMIT)],
    systemScope,
  );
  const matched = counted?.matched ?? 0;
  if (dryRun || deadLetters.length === 0) return { matched, replayed: 0 };
  await replay(ctx, deadLetters);
  return { matched, replayed: deadLetters.length };
}

/** How much waits, is in flight and has failed, and how old the oldest is. */
export async function readOutboxStats({ database, clock }: Services): Promise<OutboxStats> {
  const [{ rows }] = await database.read(systemScope, (q) => [selectOutboxStats(q, clock.now())]);
  return rows[0]!;
}
