import { type AuditEntry, auditStatement } from '../audit/index.ts';
import { type Ctx, type Services, systemScope } from '../context/index.ts';
import { type Page, pageOf, readCursor } from '../core/index.ts';
import {
  countDead,
  findDead,
  listDead,
  oldestDead,
  outboxDepth,
  reopenDead,
} from './dead-letters.queries.ts';
import { deadLetterErrors } from './delivery.errors.ts';
import type { Letter } from './delivery.queries.ts';
import type { DeadLetterQuery, OutboxStats, Replay, Replayed } from './delivery.schemas.ts';
import { publish } from './publish.ts';

// Dead letters belong to many organizations: all of this is the operator's, in the system's scope.

/** How many one replay takes: each brings an audit entry of its own. */
const REPLAY_LIMIT = 200;

/** What gave up, the newest first. */
export async function listDeadLetters(ctx: Ctx, query: DeadLetterQuery): Promise<Page<Letter>> {
  const before = readCursor(query.cursor);
  const [rows] = await ctx.read((q) => [listDead(q, query, before, query.limit + 1)], systemScope);
  return pageOf(rows, query.limit, ({ id }) => id);
}

/** @throws AppError `dead_letters.not_found` */
export async function getDeadLetter(ctx: Ctx, id: string): Promise<Letter> {
  const [[letter]] = await ctx.read((q) => [findDead(q, id)], systemScope);
  if (!letter) throw deadLetterErrors.notFound();
  return letter;
}

/** One audit entry for each letter, in the trail of the organization it belongs to. */
function auditOf(ctx: Ctx, letters: readonly Letter[]) {
  const { requestId, ip, userAgent } = ctx.origin;
  const byOrganization = Map.groupBy(letters, ({ organizationId }) => organizationId);
  byOrganization.delete(null);
  return Promise.all(
    [...byOrganization].map(([organizationId, own]) => {
      const entries = own.map(({ id, type, lastError }): AuditEntry => ({
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

async function replay(ctx: Ctx, letters: readonly Letter[]): Promise<void> {
  const audit = await auditOf(ctx, letters);
  const ids = letters.map(({ id }) => id);
  await ctx.commit({
    scope: systemScope,
    write: (q) => [reopenDead(q, ids, new Date(ctx.clock.now())), ...audit.map((statement) => statement(q))],
    result: undefined,
  });
  ctx.after('outbox.publish', () => publish(ctx, [...new Set(letters.map(({ lane }) => lane))]));
}

/**
 * Lets a dead letter begin again with all its attempts.
 * @throws AppError `dead_letters.not_found`
 */
export async function replayDeadLetter(ctx: Ctx, id: string): Promise<Replayed> {
  await replay(ctx, [await getDeadLetter(ctx, id)]);
  return { matched: 1, replayed: 1 };
}

/**
 * Lets the oldest of those that meet the filter begin again, at most 200 in one call; with `dryRun` it only counts.
 * @throws AppError `request.stale` when another replay was faster
 */
export async function replayDeadLetters(ctx: Ctx, { dryRun, ...filter }: Replay): Promise<Replayed> {
  const [[counted], letters] = await ctx.read(
    (q) => [countDead(q, filter), oldestDead(q, filter, REPLAY_LIMIT)],
    systemScope,
  );
  const matched = counted?.matched ?? 0;
  if (dryRun || letters.length === 0) return { matched, replayed: 0 };
  await replay(ctx, letters);
  return { matched, replayed: letters.length };
}

/** How much waits, is under way and gave up, and how old the oldest is. */
export async function readOutboxStats({ database, clock }: Services): Promise<OutboxStats> {
  const [{ rows }] = await database.read(systemScope, (q) => [outboxDepth(q, clock.now())]);
  return rows[0]!;
}
