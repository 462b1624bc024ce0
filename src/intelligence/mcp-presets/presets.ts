import { z } from '@hono/zod-openapi';
import { SERVERS } from '../mcp-server/index.ts';

export const presetSchema = z
  .object({
    id: z.string().describe('Name for programs.'),
    name: z.string().describe('Name for people.'),
    description: z.string().describe('What the server does.'),
    url: z.string().describe('Address of the server.'),
    hostedBy: z.enum(['auralink', 'others']).describe('Whether this product or others run the server.'),
    authorization: z
      .enum(['none', 'api_key', 'oauth'])
      .describe('What the server needs: nothing, an API key of this product, or the consent of a person.'),
    documentationUrl: z
      .string()
      .nullable()
      .describe('The page of its makers about it; null for the servers of this product.'),
  })
  .openapi('McpPreset');
export type PresetView = z.output<typeof presetSchema>;

/** External servers, at the addresses that their makers publish. */
const OF_OTHERS: readonly PresetView[] = [
  {
    id: 'deepwiki',
    name: 'DeepWiki',
    description: 'Reads and answers questions about the documentation of public repositories on GitHub.',
    url: 'https://mcp.deepwiki.com/mcp',
    hostedBy: 'others',
    authorization: 'none',
    documentationUrl: 'https://docs.devin.ai/work-with-devin/deepwiki-mcp',
  },
  {
    id: 'supabase',
    name: 'Supabase',
    description:
      'Reads and changes the projects of a Supabase account. The parameters project_ref and read_only of the address restrict it to one ' +
      'project, and to reading.',
    url: 'https://mcp.supabase.com/mcp?read_only=true',
    hostedBy: 'others',
    authorization: 'oauth',
    documentationUrl: 'https://supabase.com/docs/guides/getting-started/mcp',
  },
];

const OWN = {
  memory: {
    path: '/mcp/memory',
    name: 'Memory',
    description:
      'What AuraLink remembers for a person, a room or the organization: store, recall, correct, delete.',
  },
  thinking: {
    path: '/mcp/thinking',
    name: 'Sequential thinking',
    description: 'Writes down the steps of thinking about a problem, with revisions and branches.',
  },
} as const;

/** The servers that many organizations use: external ones, and the product's own. */
export function listPresets({ PUBLIC_URL }: { PUBLIC_URL: string }): PresetView[] {
  const own = Object.entries(OWN).map(([id, { path, name, description }]): PresetView => {
    if (!SERVERS.some((server) => server.path === path)) throw new Error(`there is no MCP server at ${path}`);
    return {
      id,
      name,
      description,
      url: new URL(path, PUBLIC_URL).href,
      hostedBy: 'auralink',
      authorization: 'api_key',
      documentationUrl: null,
    };
  });
  return [...OF_OTHERS, ...own];
}
