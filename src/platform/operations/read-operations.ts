import type { Ctx } from '../../kernel/context/index.ts';
import {
  type Page,
  pageOf,
  type PageQuery,
  type PermissionGrant,
  readCursor,
} from '../../kernel/core/index.ts';
import type { StoredObject } from '../objects/index.ts';
import { operationErrors } from './operations.errors.ts';
import { selectOperation, selectOperations } from './operations.queries.ts';
import { isResultExpired, canSeeOperation } from './operations.rules.ts';
import type { Operation } from './operations.tables.ts';

const permissionsOf = ({ actor }: Ctx): readonly PermissionGrant[] =>
  'permissions' in actor ? actor.permissions : [];

/** The operations that the caller's permissions permit to see, newest first. */
export async function listOperations(ctx: Ctx, { limit, cursor }: PageQuery): Promise<Page<Operation>> {
  const after = readCursor(cursor);
  const [rows] = await ctx.read((q) => [
    selectOperations(q, ctx.organizationId, permissionsOf(ctx), after, limit),
  ]);
  return pageOf(rows, limit, (operation) => operation.id);
}

/**
 * Returns an operation that the caller may see; any other is answered as not found.
 * @throws AppError `operations.not_found`
 */
export async function getOperation(ctx: Ctx, operationId: string): Promise<Operation> {
  const [[operation]] = await ctx.read((q) => [selectOperation(q, ctx.organizationId, operationId)]);
  if (!operation || !canSeeOperation(permissionsOf(ctx), operation)) throw operationErrors.notFound();
  return operation;
}

export interface OperationFile {
  object: StoredObject;
  type: string;
  name: string;
}

/**
 * Opens the result of a succeeded operation.
 * @throws AppError `operations.not_found`, `operations.no_result` or `operations.expired`
 */
export async function openOperationResult(ctx: Ctx, operationId: string): Promise<OperationFile> {
  const operation = await getOperation(ctx, operationId);
  if (operation.status !== 'succeeded')
    throw operationErrors.noResult({ detail: `the operation is ${operation.status}` });
  const { resultKey, resultType, resultName } = operation;
  if (isResultExpired(operation, ctx.clock.now()) || resultKey === null) throw operationErrors.expired();
  const object = await ctx.ports.objects.get(resultKey);
  if (!object) throw operationErrors.expired();
  return { object, type: resultType ?? object.contentType, name: resultName ?? operation.id };
}
