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

/** Ends one that nobody works on any more; one that moved meanwhile is left alone. */
async function abandonOperation(
  { database, clock, log, ports }: Services,
  operation: Operation,
): Promise<void> {
  const failure = { code: operationErrors.abandoned.definition.code };
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
 * Gives up what stands still, removes results that have expired, and forgets what is long over. In the system's scope:
 * it goes through all organizations.
 */
export async function sweepOperations(services: Services): Promise<OperationSweepReport> {
  const { database, clock, ports } = services;
  const now = clock.now();
  const [abandoned, expired] = await database.read(systemScope, (q) => [
    selectAbandonedOperations(q, new Date(now - ABANDONED_HOURS * HOUR_MS), BATCH),
    selectExpiredResults(q, new Date(now), BATCH),
  ]);
  for (const operation of abandoned) await abandonOperation(services, operation);
  // The bytes first: a row that still names them finds them again when this is cut short.
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
