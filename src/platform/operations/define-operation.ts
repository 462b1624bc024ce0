import type { z } from '@hono/zod-openapi';
import type { AuditEntry } from '../../kernel/audit/index.ts';
import type { CommitRequest, Ctx } from '../../kernel/context/index.ts';
import {
  actorId,
  exampleId,
  isError,
  isRefusal,
  PermanentFailure,
  type Permission,
} from '../../kernel/core/index.ts';
import { isValueRefused } from '../../kernel/db/index.ts';
import { type Delivery, subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { defineEvent, type DomainEvent, type EventDefinition } from '../../kernel/events/index.ts';
import {
  changeOperation,
  changeUnlessCancelled,
  selectOperation,
  insertOperation,
} from './operations.queries.ts';
import { operationErrors } from './operations.errors.ts';
import {
  applyOperationEvent,
  isFinished,
  type OperationEvent,
  type OperationResult,
  resultKeyOf,
} from './operations.rules.ts';
import { proveRequester } from './prove-requester.ts';
import { operationPayloadSchema } from './operations.schemas.ts';
import type { Operation } from './operations.tables.ts';

/** What `run` gets besides its input. */
export interface OperationRun {
  operation: Operation;
  /** Object key under which `run` stores its result. */
  resultKey: string;
  /**
   * Reports the progress, 0 to 100, and detects a cancellation.
   * @throws AppError `operations.interrupted` when the operation was cancelled; do not catch it
   */
  progress(percent: number): Promise<void>;
}

export interface OperationSpec<T extends Record<string, unknown>> {
  /** Also the type of its event: `audit.export`. */
  kind: string;
  /** Required to start it, to see it and to read its result. */
  permission: Permission;
  input: z.ZodType<T>;
  /** Default 5. */
  maxAttempts?: number;
  /**
   * Does the work. Repeated from the start after a crash, so what it stores replaces what it stored before. An
   * `AppError` below 500 ends the operation as failed with its code. Any other error is retried, then fails as internal;
   * a `PermanentFailure`, an input that `input` refuses and a value that the database refuses are not retried.
   */
  run(ctx: Ctx, input: T, run: OperationRun): Promise<OperationResult>;
}

export interface OperationKind<T extends Record<string, unknown>> {
  event: EventDefinition<{ operationId: string }>;
  subscription: Subscription;
  /**
   * An operation with what its commit must contain: its row and the event that starts the work.
   * @param requestedBy id of the user or API key in whose name it runs; default: the actor
   */
  planOperation(ctx: Ctx, input: T, requestedBy?: string): PlannedOperation;
}

export interface PlannedOperation {
  operation: Operation;
  write: CommitRequest<Operation>['write'];
  event: DomainEvent;
}

const DEFAULT_ATTEMPTS = 5;

async function recordEvent(ctx: Ctx, operation: Operation, event: OperationEvent): Promise<Operation> {
  const set = applyOperationEvent(operation, event, ctx.clock.now());
  const changeRow = event.type === 'progressed' ? changeUnlessCancelled : changeOperation;
  return ctx.commit({ write: (q) => [changeRow(q, operation, set)], result: { ...operation, ...set } });
}

/** Runs the work and returns its final event; rethrows errors that are retried. */
async function runToFinalEvent(
  work: () => Promise<OperationResult>,
  resultKey: string,
  isLastAttempt: boolean,
): Promise<OperationEvent> {
  try {
    return { type: 'succeeded', resultKey, result: await work() };
  } catch (error) {
    if (isError(error, operationErrors.interrupted)) return { type: 'stopped' };
    if (isRefusal(error))
      return { type: 'failed', failure: { code: error.code, detail: error.details.detail } };
    if (!isLastAttempt && !(error instanceof PermanentFailure || isValueRefused(error))) throw error;
    return { type: 'failed', failure: { code: 'server.internal' } };
  }
}

async function runOperation<T extends Record<string, unknown>>(
  spec: OperationSpec<T>,
  ctx: Ctx,
  operationId: string,
  attempt: number,
): Promise<void> {
  const [[found]] = await ctx.read((q) => [selectOperation(q, ctx.organizationId, operationId)]);
  if (!found || isFinished(found.status)) return;
  let operation = await recordEvent(ctx, found, { type: 'started' });
  const resultKey = resultKeyOf(operation);
  const run: OperationRun = {
    operation,
    resultKey,
    async progress(percent) {
      operation = await recordEvent(ctx, operation, { type: 'progressed', progress: percent });
    },
  };
  const isLastAttempt = attempt >= (spec.maxAttempts ?? DEFAULT_ATTEMPTS);
  const work = async () => {
    await proveRequester(ctx, operation);
    if (operation.cancelRequestedAt) throw operationErrors.interrupted();
    const input = spec.input.safeParse(operation.input);
    if (!input.success)
      throw new PermanentFailure('the input does not match its schema', { cause: input.error });
    return spec.run(ctx, input.data, run);
  };
  const event = await runToFinalEvent(work, resultKey, isLastAttempt);
  if (event.type !== 'succeeded') await ctx.ports.objects.delete([resultKey]);
  if (event.type === 'failed') ctx.log.warn('operation.failed', { operationId, ...event.failure });
  await recordEvent(ctx, operation, event);
}

function createPendingOperation(
  ctx: Ctx,
  { kind, permission }: Pick<OperationSpec<never>, 'kind' | 'permission'>,
  { input, requestedBy }: { input: object; requestedBy: string | undefined },
) {
  const now = new Date(ctx.clock.now());
  const operation: Operation = {
    id: ctx.ids.create('operation'),
    organizationId: ctx.organizationId,
    kind,
    status: 'pending',
    progress: 0,
    input: { ...input },
    requestedBy: requestedBy ?? actorId(ctx.actor) ?? ctx.actor.kind,
    permission,
    resultKey: null,
    resultType: null,
    resultName: null,
    errorCode: null,
    errorDetail: null,
    cancelRequestedAt: null,
    createdAt: now,
    updatedAt: now,
    finishedAt: null,
    expiresAt: null,
    version: 1,
  };
  return operation;
}

/** Declares a kind of operation. Register its subscription; start operations from a verb with `startOperation`. */
export function defineOperation<T extends Record<string, unknown>>(spec: OperationSpec<T>): OperationKind<T> {
  const { kind, maxAttempts = DEFAULT_ATTEMPTS } = spec;
  const requested = defineEvent({
    type: kind,
    description: `An operation of the kind ${kind} is to be run.`,
    payload: operationPayloadSchema,
    example: { operationId: exampleId('operation') },
    key: ({ operationId }) => operationId,
    internal: true,
  });
  const run = (ctx: Ctx, { operationId }: { operationId: string }, { attempt }: Delivery) =>
    runOperation(spec, ctx, operationId, attempt);
  return {
    event: requested,
    subscription: subscribe(requested, `operations.run-${kind}`, run, { maxAttempts }),
    planOperation(ctx, input, requestedBy) {
      const operation = createPendingOperation(ctx, spec, { input, requestedBy });
      return {
        operation,
        write: (q) => [insertOperation(q, operation)],
        event: requested.of({ operationId: operation.id }),
      };
    },
  };
}

/** Starts an operation: row, event and audit entry in one commit. The route answers 202 with it. */
export function startOperation<T extends Record<string, unknown>>(
  ctx: Ctx,
  kind: OperationKind<T>,
  input: T,
  audit: (operation: Operation) => AuditEntry,
): Promise<Operation> {
  const { operation, write, event } = kind.planOperation(ctx, input);
  return ctx.commit({ write, audit: audit(operation), events: [event], result: operation });
}
