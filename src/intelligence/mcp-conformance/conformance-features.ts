import { createRequestStateCodec } from '@modelcontextprotocol/server';
import type { Services } from '../../kernel/context/index.ts';
import type { McpFeatures, ToolDefinition } from '../mcp-server/index.ts';
import { formTools } from './conformance-forms.ts';
import {
  listedResources,
  listPrompts,
  plainPrompts,
  readTestResource,
  resourceTemplate,
} from './conformance-prompts.ts';
import { askForPromptContext, createQuestionTools, promptContext } from './conformance-questions.ts';
import { createPlainTools } from './conformance-tools.ts';
import { text } from './samples.ts';

const ASKING_PROMPT = 'test_input_required_result_prompt';

/** Arguments that the suite gives to its tools. */
const ARGUMENTS: Readonly<Record<string, string>> = { test_sampling: 'prompt', test_elicitation: 'message' };

function listTool(name: string): ToolDefinition {
  const argument = ARGUMENTS[name];
  return {
    name,
    description: `${name} of the conformance suite`,
    inputSchema: {
      type: 'object',
      properties: argument === undefined ? {} : { [argument]: { type: 'string' } },
      ...(argument === undefined ? {} : { required: [argument] }),
    },
  };
}

const featureParts = {
  async resources() {
    return { items: listedResources };
  },
  resourceTemplates: () => [resourceTemplate],
  readResource: async (uri: string) => readTestResource(uri),
  prompts: () => listPrompts([...Object.keys(plainPrompts), ASKING_PROMPT]),
  capabilities: { logging: {}, completions: {}, resources: { subscribe: true } },
} satisfies McpFeatures;

/** Features that the public conformance suite expects of a server, in addition to ours. */
export async function createConformanceFeatures({
  hasher,
  timers,
}: Pick<Services, 'hasher' | 'timers'>): Promise<McpFeatures> {
  const codec = createRequestStateCodec({ key: await hasher.hash('mcp-test-tools', 'state') });
  const tools = { ...createPlainTools(timers), ...formTools, ...createQuestionTools(codec) };
  return {
    ...featureParts,
    tools: () => Object.keys(tools).map(listTool),
    callTool: async (name, args, context) =>
      Object.hasOwn(tools, name) ? tools[name as keyof typeof tools]!(args, context) : undefined,
    async getPrompt(name, args, context) {
      if (Object.hasOwn(plainPrompts, name)) return plainPrompts[name]!(args);
      if (name !== ASKING_PROMPT) return undefined;
      const found = promptContext(context);
      if (found === undefined) return askForPromptContext();
      return { messages: [{ role: 'user', content: text(`Use this context: ${found}`) }] };
    },
    verifyState: (state, context) => codec.verify(state, context),
    extend(server) {
      server.setRequestHandler('completion/complete', () => ({ completion: { values: [], hasMore: false } }));
      server.setRequestHandler('resources/subscribe', () => ({}));
      server.setRequestHandler('resources/unsubscribe', () => ({}));
    },
  };
}
