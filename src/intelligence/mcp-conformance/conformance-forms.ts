import type { ServerContext } from '@modelcontextprotocol/server';
import type { ConformanceTool } from './conformance-tools.ts';
import { textResult } from './samples.ts';

type Form = Parameters<ServerContext['mcpReq']['elicitInput']>[0];

const titled = (prefix: string, title: string) =>
  ['First', 'Second', 'Third'].map((ordinal, index) => ({
    const: `${prefix}${index + 1}`,
    title: `${ordinal} ${title}`,
  }));

const OPTIONS = ['option1', 'option2', 'option3'];

const DEFAULTS = {
  name: { type: 'string', default: 'John Doe' },
  age: { type: 'integer', default: 30 },
  score: { type: 'number', default: 95.5 },
  status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
  verified: { type: 'boolean', default: true },
};

const ENUMS = {
  untitledSingle: { type: 'string', enum: OPTIONS },
  titledSingle: { type: 'string', oneOf: titled('value', 'Option') },
  legacyEnum: {
    type: 'string',
    enum: ['opt1', 'opt2', 'opt3'],
    enumNames: ['Option One', 'Option Two', 'Option Three'],
  },
  untitledMulti: { type: 'array', items: { type: 'string', enum: OPTIONS } },
  titledMulti: { type: 'array', items: { anyOf: titled('value', 'Choice') } },
};

const USER = {
  username: { type: 'string', description: "User's response" },
  email: { type: 'string', description: "User's email address" },
};

async function fillForm(
  { mcpReq }: ServerContext,
  message: string,
  properties: object,
  required: readonly string[] = [],
) {
  const requestedSchema = {
    type: 'object',
    properties,
    ...(required.length > 0 ? { required } : {}),
  };
  const { action, content } = await mcpReq.elicitInput({ message, requestedSchema } as Form);
  return `action=${action}, content=${JSON.stringify(content ?? {})}`;
}

/** Tools that ask the client during a call, as in the version 2025-11-25. */
export const formTools: Readonly<Record<string, ConformanceTool>> = {
  test_sampling: async ({ prompt }, { mcpReq }) => {
    const { content } = await mcpReq.requestSampling({
      messages: [{ role: 'user', content: { type: 'text', text: String(prompt) } }],
      maxTokens: 100,
    });
    const [first] = [content].flat();
    return textResult(`LLM response: ${first?.type === 'text' ? first.text : ''}`);
  },
  test_elicitation: async ({ message }, context) =>
    textResult(`User response: ${await fillForm(context, String(message), USER, Object.keys(USER))}`),
  test_elicitation_sep1034_defaults: async (_args, context) =>
    textResult(`Elicitation completed: ${await fillForm(context, 'Review the defaults', DEFAULTS)}`),
  test_elicitation_sep1330_enums: async (_args, context) =>
    textResult(`Elicitation completed: ${await fillForm(context, 'Choose', ENUMS)}`),
};
