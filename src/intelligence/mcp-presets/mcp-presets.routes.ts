import { z } from '@hono/zod-openapi';
import { requirePermission } from '../../kernel/core/index.ts';
import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { listPresets, presetSchema } from './presets.ts';

export const presetRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/v1/mcp/presets',
    operationId: 'listMcpPresets',
    tag: 'MCP',
    summary: 'List MCP presets',
    description:
      'Lists MCP servers that many organizations use, with the credential that a connection needs: two ' +
      'external servers, and two servers of this product. Create a ' +
      'connection with the address of a server. External servers belong to their makers, who may change ' +
      'them.',
    access: { kind: 'permission', permission: 'ai:read' },
    limit: 'api',
    success: {
      200: {
        description: 'The presets',
        schema: z.object({ data: z.array(presetSchema).describe('The presets.') }).openapi('McpPresetList'),
        example: { data: listPresets({ PUBLIC_URL: 'https://auralink.example' }) },
      },
    },
    handle: async (ctx) => {
      requirePermission(ctx.actor, 'ai:read');
      return listPresets(ctx.config);
    },
    respond: (data) => ok({ data }),
  }),
];
