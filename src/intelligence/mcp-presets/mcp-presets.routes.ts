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
    summary: 'List presets',
    description:
      'Lists MCP servers that many organizations use, with what a connection to them needs: two ' +
      'external ones, and the two of this product that have an address of their own. Create a ' +
      'connection with the address of one. An external server belongs to its makers, who may change ' +
      'it.',
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
