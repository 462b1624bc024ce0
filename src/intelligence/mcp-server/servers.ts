import type { Tool } from '../../platform/tools/index.ts';

/** A server for MCP clients, at an address of its own. */
export interface McpServerDefinition {
  path: `/mcp${string}`;
  operationId: string;
  summary: string;
  /** The name that it gives itself. */
  name: string;
  title: string;
  /** Instructions for the model. */
  instructions: string;
  /** The tools that it offers; undefined for all tools, resources and prompts. */
  tools?: readonly string[];
}

export const SERVERS: readonly McpServerDefinition[] = [
  {
    path: '/mcp',
    operationId: 'callMcpServer',
    summary: 'Call the MCP server',
    name: 'auralink',
    title: 'AuraLink',
    instructions:
      'AuraLink: rooms, calls, recordings, transcripts and memory of one organization, with the rights of the credential that you use. ' +
      'Ids begin with what they name (room_, call_). Lists answer data and nextCursor; ask for the next page with cursor. A refusal has a code ' +
      'and says which argument is wrong. A destructive tool needs confirm: true, after the person you act for has agreed.',
  },
  {
    path: '/mcp/memory',
    operationId: 'callMemoryMcpServer',
    summary: 'Call the memory server',
    name: 'auralink-memory',
    title: 'AuraLink memory',
    instructions:
      'What is remembered for the person, room or organization that you act for. Recall before you answer, store what should last, correct ' +
      'what is wrong. Store nothing that the person does not want to have remembered. A deletion needs confirm: true, after they have agreed.',
    tools: [
      'store_memories',
      'recall_memories',
      'list_memories',
      'get_memory',
      'update_memory',
      'delete_memory',
    ],
  },
  {
    path: '/mcp/thinking',
    operationId: 'callThinkingMcpServer',
    summary: 'Call the thinking server',
    name: 'auralink-thinking',
    title: 'AuraLink sequential thinking',
    instructions:
      'Writes down steps of thinking. Call sequentialthinking without chainId to begin; give the chainId of its answer with each further ' +
      'thought. Revise and branch as you need, and end with nextThoughtNeeded false.',
    tools: ['sequentialthinking', 'list_thoughts'],
  },
];

/** The tools of a server. @throws Error when it names a tool that does not exist */
export function toolsOf({ path, tools: names }: McpServerDefinition, all: readonly Tool[]): readonly Tool[] {
  if (!names) return all;
  return names.map((name) => {
    const tool = all.find((each) => each.name === name);
    if (!tool) throw new Error(`the MCP server at ${path} names the tool ${name}, which no module has`);
    return tool;
  });
}
