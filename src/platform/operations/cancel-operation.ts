import type { Ctx } from '../../kernel/context/index.ts';
import { changeOperation } from './operations.queries.ts';
import { applyOperationEvent } from './operations.rules.ts';
import type { Operation } from './operations.tables.ts';
import { getOperation } from './read-operations.ts';

/**
 * Cancels an operation. A pending one ends at once; a running one at its next progress report.
 * @throws AppError `operations.not_found` or `operations.finished`
 */
export async function cancelOperation(ctx: Ctx, operationId: string): Promise<Operation> {
  const operation = await getOperation(ctx, operationId);
  const set = applyOperationEvent(operation, { type: 'cancelRequested' }, ctx.clock.now());
  return ctx.commit({
    write: (q) => [changeOperation(q, operation, set)],
    audit: {
      action: 'operation.cancelled',
      target: { type: 'operation', id: operationId },
      after: { kind: operation.kind },
    },
    result: { ...operation, ...set },
  });
}
