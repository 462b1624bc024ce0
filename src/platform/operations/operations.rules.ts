import { permits, type Permission, type PermissionGrant } from '../../kernel/core/index.ts';
import { objectKey } from '../objects/index.ts';
import { operationErrors } from './operations.errors.ts';
import type { Operation, OPERATION_STATUSES } from './operations.tables.ts';

export type OperationStatus = (typeof OPERATION_STATUSES)[number];

/** How long a result is kept after the operation finished. */
export const RESULT_HOURS = 24;
/** How long an operation is kept after its result expired. */
export const RETENTION_DAYS = 30;
/** An unfinished operation is abandoned after this time without progress. */
export const ABANDONED_HOURS = 24;

const HOUR_MS = 3_600_000;

export interface OperationResult {
  /** Media type. */
  type: string;
  /** File name of the download. */
  name: string;
}

export interface OperationFailure {
  code: string;
  detail?: string | undefined;
}

/** What happens to an operation. */
export type OperationEvent =
  | { type: 'started' }
  | { type: 'progressed'; progress: number }
  | { type: 'cancelRequested' }
  | { type: 'stopped' }
  | { type: 'succeeded'; resultKey: string; result: OperationResult }
  | { type: 'failed'; failure: OperationFailure };

/** The statuses in which an event may happen; a repeated start is a repeated delivery. */
const ALLOWED_STATUSES: Record<OperationEvent['type'], readonly OperationStatus[]> = {
  started: ['pending', 'running'],
  progressed: ['running'],
  cancelRequested: ['pending', 'running'],
  stopped: ['running'],
  succeeded: ['running'],
  failed: ['pending', 'running'],
};

type OperationState = Pick<Operation, 'status' | 'progress' | 'cancelRequestedAt'>;
export type OperationChange = Partial<Operation> & { updatedAt: Date };

function finishedFields(status: OperationStatus, now: Date): Partial<Operation> {
  return { status, finishedAt: now, expiresAt: new Date(now.getTime() + RESULT_HOURS * HOUR_MS) };
}

function fieldsChangedBy(state: OperationState, event: OperationEvent, now: Date): Partial<Operation> {
  switch (event.type) {
    case 'started':
      return { status: 'running' };
    case 'progressed':
      // Progress never goes back, also when the work is repeated; only success sets 100.
      return { progress: Math.max(state.progress, Math.min(99, Math.floor(event.progress))) };
    case 'cancelRequested':
      return {
        cancelRequestedAt: state.cancelRequestedAt ?? now,
        // A pending operation ends at once; a running one at its next progress report.
        ...(state.status === 'pending' ? finishedFields('cancelled', now) : {}),
      };
    case 'stopped':
      return finishedFields('cancelled', now);
    case 'succeeded': {
      const { type, name } = event.result;
      return {
        ...finishedFields('succeeded', now),
        progress: 100,
        resultKey: event.resultKey,
        resultType: type,
        resultName: name,
      };
    }
    case 'failed':
      return {
        ...finishedFields('failed', now),
        errorCode: event.failure.code,
        errorDetail: event.failure.detail ?? null,
      };
  }
}

/**
 * The changes that an event makes to an operation.
 * @throws AppError `operations.finished` when the operation has already ended
 */
export function applyOperationEvent(
  state: OperationState,
  event: OperationEvent,
  nowMs: number,
): OperationChange {
  if (!ALLOWED_STATUSES[event.type].includes(state.status))
    throw operationErrors.finished({ detail: `the operation is ${state.status}` });
  const now = new Date(nowMs);
  return { ...fieldsChangedBy(state, event, now), updatedAt: now };
}

/** The object key of an operation's result; always the same, so that a repeated run replaces it. */
export const resultKeyOf = ({ organizationId, id }: Pick<Operation, 'organizationId' | 'id'>): string =>
  objectKey('operations', organizationId, id);

/** Whether the operation has ended. */
export const isFinished = (status: OperationStatus): boolean => status !== 'pending' && status !== 'running';

/** Whether the actor may see the operation: it needs the permission that starting it required. */
export function canSeeOperation(
  granted: readonly PermissionGrant[],
  operation: Pick<Operation, 'permission'>,
): boolean {
  return permits(granted, operation.permission as Permission);
}

/** Whether the result has expired. */
export function isResultExpired({ expiresAt }: Pick<Operation, 'expiresAt'>, nowMs: number): boolean {
  return expiresAt !== null && expiresAt.getTime() <= nowMs;
}
