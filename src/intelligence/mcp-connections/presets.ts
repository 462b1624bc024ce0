import { SERVERS } from '../mcp-server/index.ts';
import type { PresetView } from './mcp-connections.schemas.ts';

/** Servers of others, at the addresses that their makers publish. */
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

/** The servers that many organizations use: those of others, and the product's own. */
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
