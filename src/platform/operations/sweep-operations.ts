import { type Services, systemScope } from '../../kernel/context/index.ts';
import { operationErrors } from './operations.errors.ts';
import {
  changeOperation,
  deleteExpiredOperations,
  clearResults,
  selectAbandonedOperations,
  selectExpiredResults,
} from './operations.queries.ts';
import { ABANDONED_HOURS, applyOperationEvent, RETENTION_DAYS, resultKeyOf } from './operations.rules.ts';
import type { Operation } from './operations.tables.ts';

const BATCH = 500;
const HOUR_MS = 3_600_000;

/** Ends an operation without progress; one that made progress meanwhile is left unchanged. */
async function abandonOperation(
  { database, clock, log, ports }: Services,
  operation: Operation,
): Promise<void> {
  const failure = { code: operationErrors.abandoned().code };
  const set = applyOperationEvent(operation, { type: 'failed', failure }, clock.now());
  try {
    await database.commit(systemScope, (q) => [changeOperation(q, operation, set)]);
    await ports.objects.delete([resultKeyOf(operation)]);
  } catch (error) {
    log.warn('operation.not_given_up', { operationId: operation.id, error });
  }
}

export interface OperationSweepReport {
  abandoned: number;
  expired: number;
}

/**
 * Abandons operations without progress, deletes expired results, and deletes old operations. Runs in the system scope,
 * because it covers all organizations.
 */
export async function sweepOperations(services: Services): Promise<OperationSweepReport> {
  const { database, clock, ports } = services;
  const now = clock.now();
  const [abandoned, expired] = await database.read(systemScope, (q) => [
    selectAbandonedOperations(q, new Date(now - ABANDONED_HOURS * HOUR_MS), BATCH),
    selectExpiredResults(q, new Date(now), BATCH),
  ]);
  for (const operation of abandoned) await abandonOperation(services, operation);
  // Objects before rows: after a crash the rows still name the objects that remain.
  if (expired.length > 0) await ports.objects.delete(expired.map(({ resultKey }) => resultKey));
  await database.commit(systemScope, (q) => [
    ...(expired.length > 0
      ? [
          clearResults(
            q,
            expired.map(({ id }) => id),
            new Date(now),
          ),
        ]
      : []),
    deleteExpiredOperations(q, new Date(now - RETENTION_DAYS * 24 * HOUR_MS), BATCH),
  ]);
  return { abandoned: abandoned.length, expired: expired.length };
}
