import { defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { budgetErrors } from './ai-budgets.errors.ts';
import { presentBudget } from './ai-budgets.present.ts';
import { budgetExample, budgetSchema, setBudgetExample, setBudgetSchema } from './ai-budgets.schemas.ts';
import { deleteBudget, getBudget, setBudget } from './manage-budget.ts';

declare module '../../kernel/core/permissions.ts' {
  interface PermissionActions {
    'ai-settings': 'read' | 'write';
  }
}

const tag = 'AI';
const path = '/api/v1/ai/budget';
const success = { 200: { description: 'The budget', schema: budgetSchema, example: budgetExample } };
const readAccess = { kind: 'permission', permission: 'ai-settings:read' } as const;
const writeAccess = { kind: 'permission', permission: 'ai-settings:write' } as const;

export const budgetRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path,
    operationId: 'getAiBudget',
    tag,
    summary: 'Get the AI budget',
    description:
      'Returns the budget for AI of the organization, and how much of it is spent, reserved and left ' +
      'at this moment.',
    access: readAccess,
    limit: 'api',
    success,
    errors: [budgetErrors.notFound],
    handle: getBudget,
    respond: (found) => ok(presentBudget(found)),
  }),
  defineRoute({
    method: 'put',
    path,
    operationId: 'setAiBudget',
    tag,
    summary: 'Set the AI budget',
    description:
      'Sets the most that the organization may spend on AI in a calendar day or month. Each request ' +
      'reserves the most that it may cost before a model is asked, and is refused when that is not ' +
      'left, so the budget is never exceeded. Models whose prices are unknown are refused. A lower ' +
      'budget counts at once: running generations that it does not cover end within a minute. ' +
      'Requests with keys of the organization do not count; neither do transcriptions of files and ' +
      'recordings, nor the costs of memory.',
    access: writeAccess,
    limit: 'api',
    body: { schema: setBudgetSchema, example: setBudgetExample },
    success,
    handle: (ctx, { body }) => setBudget(ctx, body),
    respond: (found) => ok(presentBudget(found)),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'deleteAiBudget',
    tag,
    summary: 'Remove the AI budget',
    description:
      'Removes the budget for AI: nothing is reserved any more, and no request is refused for its cost.',
    access: writeAccess,
    limit: 'api',
    success: { 204: { description: 'It is removed' } },
    errors: [budgetErrors.notFound],
    handle: deleteBudget,
    respond: noContent,
  }),
];
