export {
  defineOperation,
  type OperationKind,
  type OperationRun,
  type OperationSpec,
  type PlannedOperation,
  startOperation,
} from './define-operation.ts';
export { acceptedReply, acceptedResponse } from './operations.routes.ts';
export type { OperationResult } from './operations.rules.ts';
export type { Operation } from './operations.tables.ts';
export { sweepOperations } from './sweep-operations.ts';
