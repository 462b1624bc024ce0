import type { GetPromptResult, Prompt, ReadResourceResult } from '@modelcontextprotocol/server';
import { image, PNG, text } from './samples.ts';

type Arguments = Readonly<Record<string, string>>;

const user = (content: GetPromptResult['messages'][number]['content']) =>
  ({ role: 'user', content }) as const;
const argument = (name: string) => ({ name, description: `${name} of the test`, required: true });

/** Prompts of the suite that answer at once. */
export const plainPrompts: Readonly<Record<string, (args: Arguments) => GetPromptResult>> = {
  test_simple_prompt: () => ({ messages: [user(text('This is a simple prompt for testing.'))] }),
  test_prompt_with_arguments: ({ arg1 = '', arg2 = '' }) => ({
    messages: [user(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`))],
  }),
  test_prompt_with_embedded_resource: ({ resourceUri = '' }) => ({
    messages: [
      user({
        type: 'resource',
        resource: {
          uri: resourceUri,
          mimeType: 'text/plain',
          text: 'Embedded resource content for testing.',
        },
      }),
      user(text('Please process the embedded resource above.')),
    ],
  }),
  test_prompt_with_image: () => ({
    messages: [user(image), user(text('Please analyze the image above.'))],
  }),
};

const ARGUMENTS: Readonly<Record<string, string[]>> = {
  test_prompt_with_arguments: ['arg1', 'arg2'],
  test_prompt_with_embedded_resource: ['resourceUri'],
};

export const listPrompts = (names: readonly string[]): Prompt[] =>
  names.map((name) => ({
    name,
    description: `${name} of the conformance suite`,
    ...(ARGUMENTS[name] ? { arguments: ARGUMENTS[name].map(argument) } : {}),
  }));

const TEXT_URI = 'test://static-text';
const BINARY_URI = 'test://static-binary';

const resource = (uri: string, mimeType: string) => ({
  uri,
  name: uri,
  description: 'A resource of the conformance suite',
  mimeType,
});

export const listedResources = [
  resource(TEXT_URI, 'text/plain'),
  resource(BINARY_URI, 'image/png'),
  resource('test://watched-resource', 'text/plain'),
];

export const resourceTemplate = {
  uriTemplate: 'test://template/{id}/data',
  name: 'test_template',
  description: 'A template of the conformance suite',
  mimeType: 'application/json',
};

/** A resource of the suite; undefined for any other. */
export function readTestResource(uri: string): ReadResourceResult | undefined {
  if (uri === TEXT_URI)
    return {
      contents: [{ uri, mimeType: 'text/plain', text: 'This is the content of the static text resource.' }],
    };
  if (uri === BINARY_URI) return { contents: [{ uri, mimeType: 'image/png', blob: PNG }] };
  const id = /^test:\/\/template\/(\w+)\/data$/.exec(uri)?.[1];
  if (id === undefined) return undefined;
  const content = JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` });
  return { contents: [{ uri, mimeType: 'application/json', text: content }] };
}
