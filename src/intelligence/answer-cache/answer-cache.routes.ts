import { defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { presentCache } from './answer-cache.present.ts';
import { answerCacheExample, answerCacheSchema } from './answer-cache.schemas.ts';
import { emptyAnswerCache, getAnswerCache } from './manage-cache.ts';

const tag = 'AI';
const path = '/api/v1/ai/answer-cache';

export const answerCacheRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path,
    operationId: 'getAiAnswerCache',
    tag,
    summary: 'Get the AI answer cache',
    description:
      'Returns how many answers of the organization are kept for reuse, and what that has saved. ' +
      'Answers are kept for requests with `reuse`, and for those that the preferences of the ' +
      'organization name.',
    access: { kind: 'permission', permission: 'ai-settings:read' },
    limit: 'api',
    success: { 200: { description: 'The cache', schema: answerCacheSchema, example: answerCacheExample } },
    handle: getAnswerCache,
    respond: (cache) => ok(presentCache(cache)),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'emptyAiAnswerCache',
    tag,
    summary: 'Empty the AI answer cache',
    description:
      'Deletes all kept answers of the organization, so that the next request asks a model again. ' +
      'What they have saved remains counted.',
    access: { kind: 'permission', permission: 'ai-settings:write' },
    limit: 'api',
    success: { 204: { description: 'It is empty' } },
    handle: emptyAnswerCache,
    respond: noContent,
  }),
];
