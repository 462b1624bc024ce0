import { z } from '@hono/zod-openapi';
import { idSchema, lineSchema } from '../../kernel/core/index.ts';

export const agentToolSchema = z
  .strictObject({
    name: lineSchema(200)
      .describe('Name of a tool of the product, or of a tool of the connected server.')
      .openapi({ example: 'list_rooms' }),
    connectionId: idSchema('mcpConnection')
      .nullable()
      .default(null)
      .describe('The connection to the MCP server of the tool; null for a tool of the product.'),
    confirm: z
      .boolean()
      .default(false)
      .describe(
        'Whether the person confirms each call of it first. Calls that change something are always ' +
          'confirmed. Calls of MCP servers are too, except for the author of the version, and except ' +
          'for tools that the connection lists. The second exception holds only while they read, and ' +
          'the model got nothing from elsewhere.',
      ),
  })
  .openapi('AgentTool');
export type AgentTool = z.output<typeof agentToolSchema>;
