import { describeRequest, type JsonSchema } from '../docs/index.ts';
import type { Tool } from './tools.ts';

type ArgumentPart = 'path' | 'query' | 'header' | 'body';

/** Where an argument of a tool stands in the request. */
export interface ArgumentPosition {
  in: ArgumentPart;
  name: string;
}

export interface ToolInput {
  /** JSON Schema of the arguments, all in one object. */
  schema: JsonSchema;
  positions: ReadonlyMap<string, ArgumentPosition>;
  /** Arguments without which no request can be made. */
  requiredInPath: readonly string[];
}

/** The confirmation that a destructive tool takes. */
export const CONFIRMATION = 'confirm';

/** Filled in from the credential, so it is no argument. */
export const FROM_CREDENTIAL = 'organizationId';

/** Headers that are arguments, and their names as such. */
const HEADER_ARGUMENTS: Readonly<Record<string, string>> = {
  'Idempotency-Key': 'idempotencyKey',
  'If-Match': 'ifMatch',
};

const CONFIRMATION_SCHEMA = {
  type: 'boolean',
  const: true,
  description: 'That the person you act for wants exactly this. Ask them first; do not assume it.',
};

interface Argument extends ArgumentPosition {
  argument: string;
  required: boolean;
  schema: unknown;
}

function listArguments({ name, risk, route }: Tool): Argument[] {
  const { parameters, body } = describeRequest(route);
  if (body && body.type !== 'object') throw new Error(`the body of the tool ${name} is no plain object`);
  const required = new Set((body?.required ?? []) as string[]);
  return [
    ...parameters
      .map((each) => ({ ...each, argument: each.in === 'header' ? HEADER_ARGUMENTS[each.name] : each.name }))
      .filter((each): each is typeof each & { argument: string } => each.argument !== undefined)
      .filter(({ argument }) => argument !== FROM_CREDENTIAL),
    ...Object.entries((body?.properties ?? {}) as JsonSchema).map(([field, schema]) => ({
      argument: field,
      in: 'body' as const,
      name: field,
      required: required.has(field),
      schema,
    })),
    ...(risk === 'destructive'
      ? [
          {
            argument: CONFIRMATION,
            in: 'header' as const,
            name: '',
            required: true,
            schema: CONFIRMATION_SCHEMA,
          },
        ]
      : []),
  ];
}

function describeTool(tool: Tool): ToolInput {
  const all = listArguments(tool);
  const positions = new Map(all.map(({ argument, in: part, name }) => [argument, { in: part, name }]));
  if (positions.size !== all.length) throw new Error(`the tool ${tool.name} has an argument twice`);
  const required = all.filter((each) => each.required);
  return {
    schema: {
      type: 'object',
      properties: Object.fromEntries(all.map(({ argument, schema }) => [argument, schema])),
      ...(required.length > 0 ? { required: required.map(({ argument }) => argument) } : {}),
      additionalProperties: false,
    },
    positions,
    requiredInPath: all.filter((each) => each.in === 'path').map(({ argument }) => argument),
  };
}

const inputs = new WeakMap<Tool, ToolInput>();

/** The input of a tool, described once in an isolate. */
export function inputOf(tool: Tool): ToolInput {
  let input = inputs.get(tool);
  if (!input) {
    input = describeTool(tool);
    inputs.set(tool, input);
  }
  return input;
}
