import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { costSummaryExample, costSummarySchema } from '../costs/index.ts';
import { aiQuerySchema, aiUsageExample, aiUsageSchema } from './ai-usage.schemas.ts';
import { getAiCost, getAiUsage } from './read-ai-usage.ts';

const access = { kind: 'permission', permission: 'usage:read' } as const;
const common =
  'What is asked with a provider key of the organization is counted by no meter, and so not here. Needs the permission `usage:read`, ' +
  'which owners and administrators have.';

export const aiUsageRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/v1/ai/usage',
    operationId: 'getAiUsage',
    tag: 'AI',
    summary: 'Get AI usage',
    description:
      'Returns what of AI the organization used in a period: tokens of models, speech, captions, translation and memory, by model, feature, ' +
      `person, room, call, agent, conversation, run of a team or day. ${common}`,
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
      'Returns what providers charge for the AI that the organization used in a period, with the groups and filters of its usage. With `callId` it is ' +
      'what AI cost in a call, with `conversationId` what a conversation with an agent cost, with `teamRunId` a run of a team. What has no known price is counted as unknown, ' +
      `never as zero. ${common}`,
    access,
    limit: 'api',
    query: aiQuerySchema,
    success: { 200: { description: 'The costs', schema: costSummarySchema, example: costSummaryExample } },
    handle: (ctx, { query }) => getAiCost(ctx, query),
    respond: (summary) => ok(summary),
  }),
];
