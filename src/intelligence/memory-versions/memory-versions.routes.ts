import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { memoryErrors, memoryExample, memoryParamsSchema, MOST_VERSIONS } from '../memory/index.ts';
import { listVersions } from './list-versions.ts';
import { memoryVersionsSchema } from './memory-versions.schemas.ts';

export const memoryVersionRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/v1/ai/memories/{memoryId}/versions',
    operationId: 'listMemoryVersions',
    tag: 'Memory',
    summary: 'List memory versions',
    description:
      `Returns what a memory said before each correction, the newest first. Up to ${MOST_VERSIONS} ` +
      'versions are kept.',
    access: { kind: 'permission', permission: 'memories:read' },
    limit: 'api',
    params: memoryParamsSchema,
    success: {
      200: {
        description: 'What it said before',
        schema: memoryVersionsSchema,
        example: {
          data: [
            {
              version: 1,
              content: 'The weekly review is on Monday at ten.',
              correctedBy: memoryExample.author,
              correctedAt: memoryExample.updatedAt,
            },
          ],
        },
      },
    },
    errors: [memoryErrors.notFound],
    handle: (ctx, { params }) => listVersions(ctx, params.memoryId),
    respond: (versions) =>
      ok({
        data: versions.map(({ version, content, correctedBy, correctedAt }) => ({
          version,
          content,
          correctedBy,
          correctedAt: correctedAt.toISOString(),
        })),
      }),
  }),
];
