import { permits, type Permission } from '../../kernel/core/index.ts';
import { objectKey } from '../objects/index.ts';
import { operationErrors } from './operations.errors.ts';
import type { Operation, OPERATION_STATUSES } from './operations.tables.ts';

export type OperationStatus = (typeof OPERATION_STATUSES)[number];

/** How long a result is kept after the operation finished. */
export const RESULT_HOURS = 24;
/** How long an operation is remembered after its result has gone. */
export const RETENTION_DAYS = 30;
/** After this long without a sign of life an unfinished operation is given up. */
export const ABANDONED_HOURS = 24;

const HOUR_MS = 3_600_000;

export interface OperationResult {
  /** Media type. */
  type: string;
  /** File name for the person who downloads it. */
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

/** From which states an event may happen; a repeated start is a job that was delivered again. */
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
      // Never backwards, also when a job begins again; 100 is said by success alone.
      return { progress: Math.max(state.progress, Math.min(99, Math.floor(event.progress))) };
    case 'cancelRequested':
      return {
        cancelRequestedAt: state.cancelRequestedAt ?? now,
        // Nobody works on a pending one: it ends at once. A running one ends when its job notices.
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
 * The change that an event makes.
 * @throws AppError `operations.finished` when it can no longer happen
 */
export function applyOperationEvent(
  state: OperationState,
  event: OperationEvent,
  nowMs: number,
): OperationChange {
  if (!ALLOWED_STATUSES[event.type].includes(state.status))
    throw operationErrors.finished({ detail: `it is ${state.status}` });
  const now = new Date(nowMs);
  return { ...fieldsChangedBy(state, event, now), updatedAt: now };
}

/** Where an operation keeps its result; one place, so that running again replaces it. */
export const resultKeyOf = ({ organizationId, id }: Pick<Operation, 'organizationId' | 'id'>): string =>
  objectKey('operations', organizationId, id);

/** Whether the operation is over. */
export const isFinished = (status: OperationStatus): boolean => status !== 'pending' && status !== 'running';

/** Whoever may ask for such work may see it. */
export function canSeeOperation(
  granted: readonly string[],
  operation: Pick<Operation, 'permission'>,
): boolean {
  return permits(granted, operation.permission as Permission);
}

/** Whether the result is still kept. */
export function isResultExpired({ expiresAt }: Pick<Operation, 'expiresAt'>, nowMs: number): boolean {
  return expiresAt !== null && expiresAt.getTime() <= nowMs;
}
