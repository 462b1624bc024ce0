import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { costSummaryExample, costSummarySchema } from '../costs/index.ts';
import { aiQuerySchema, aiUsageExample, aiUsageSchema } from './ai-usage.schemas.ts';
import { getAiCost, getAiUsage } from './read-ai-usage.ts';

const access = { kind: 'permission', permission: 'usage:read' } as const;
const common =
  'Requests made with a provider key of the organization are counted by no meter, and are not included. Needs the ' +
  'permission `usage:read`, which owners and administrators have.';

export const aiUsageRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/v1/ai/usage',
    operationId: 'getAiUsage',
    tag: 'AI',
    summary: 'Get AI usage',
    description:
      'Returns the AI that the organization used in a period: tokens of models, speech, captions, translation and ' +
      'memory. It is grouped by model, feature, person, room, call, agent, conversation, run of a team, or day. ' +
      common,
    access,
    limit: 'api',
    query: aiQuerySchema,
    success: { 200: { description: 'What was used', schema: aiUsageSchema, example: aiUsageExample } },
    handle: (ctx, { query }) => getAiUsage(ctx, query),
    respond: (usage) => ok(usage),
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/ai/cost',
    operationId: 'getAiCost',
    tag: 'AI',
    summary: 'Get AI costs',
    description:
      'Returns what providers charge for the AI that the organization used in a period, with the groups and ' +
      'filters of its usage. `callId` selects the AI in a call, `conversationId` a conversation with an agent, and ' +
      '`teamRunId` a run of a team. Usage without a known price has an ' +
      `unknown cost, never zero. ${common}`,
    access,
    limit: 'api',
    query: aiQuerySchema,
    success: { 200: { description: 'The costs', schema: costSummarySchema, example: costSummaryExample } },
    handle: (ctx, { query }) => getAiCost(ctx, query),
    respond: (summary) => ok(summary),
  }),
];
