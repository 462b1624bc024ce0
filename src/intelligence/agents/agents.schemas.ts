import { z } from '@hono/zod-openapi';
import {
  idSchema,
  lineSchema,
  linesOrEmptySchema,
  linesSchema,
  pageSchema,
} from '../../kernel/core/index.ts';
import { agentToolSchema } from '../agent-tools/index.ts';
import { temperatureSchema } from '../generation-requests/index.ts';
import { MEMORY_SCOPES } from '../memory-scopes/index.ts';
import { voiceIdSchema } from '../speech/index.ts';
import { AGENT_AUDIENCES } from './agents.enums.ts';

export const agentIdSchema = idSchema('agent').describe('Id of the agent.');
export const agentParamsSchema = z.strictObject({ agentId: agentIdSchema });

const model = lineSchema(200);
const unique = (list: readonly string[]) => new Set(list).size === list.length;

export const agentDefinitionSchema = z
  .strictObject({
    instructions: linesSchema(20_000).describe('What the agent is and does, 1 to 20,000 characters.'),
    model: model.describe('A model of the catalogue, which answers.').openapi({ example: 'claude-sonnet-5' }),
    fallbackModels: z
      .array(model)
      .max(5)
      .default([])
      .describe('Models that are asked in this order, at most 5, when the one before fails.'),
    maxOutputTokens: z
      .int()
      .min(1)
      .max(16_384)
      .default(1_024)
      .describe('Most tokens of an answer, 1 to 16,384; at most the maximum of its models.'),
    temperature: z
      .union([temperatureSchema, z.null()])
      .default(null)
      .describe(
        'How varied its answers are, 0 to 2; not all models support it. Null: the default of the model.',
      ),
    voice: z
      .union([voiceIdSchema, z.null()])
      .default(null)
      .describe(
        'The voice with which it speaks in calls, by its id in the list of voices. When null, or no ' +
          'longer in the list, the voice is that of the process.',
      ),
    seesScreens: z
      .boolean()
      .default(false)
      .describe(
        'Whether it sees shared screens in calls to which it is invited from now on, as its name there says. ' +
          'If its model takes images, each question comes with a picture of a screen that is shared then.',
      ),
    memoryScopes: z
      .array(z.enum(MEMORY_SCOPES))
      .max(MEMORY_SCOPES.length)
      .refine(unique, 'must not contain the same scope twice')
      .default([])
      .describe(
        'Memories that it gets for an answer: its own (`agent`), those of the person who asks ' +
          '(`person`), of rooms that they may see, of the organization; none when empty. It only gets ' +
          'memories that the person may see, and never those of another agent.',
      ),
    tools: z
      .array(agentToolSchema)
      .max(32)
      .default([])
      .describe(
        'Tools that it may call for the person who asks, at most 32, in conversations. Each call is ' +
          'made with the permissions of that person. In calls it has no tools.',
      ),
  })
  .openapi('AgentDefinition');
type NewDefinition = z.output<typeof agentDefinitionSchema>;
type Later = 'tools' | 'temperature' | 'voice' | 'seesScreens';
/** As it is stored: a version has only the fields that existed when it was written. */
export type AgentDefinition = Omit<NewDefinition, Later> & Partial<Pick<NewDefinition, Later>>;

const name = lineSchema(100).describe('Name for people, 1 to 100 characters.');
const description = linesOrEmptySchema(1_000).describe('Its purpose, up to 1,000 characters.');
const enabled = z.boolean().describe('Whether it is switched on and answers.');
const audience = z
  .enum(AGENT_AUDIENCES)
  .describe(
    'The people who may talk to it: `organization`: everybody with `agents:read`; `managers`: its ' +
      'author and those with `agents:manage`.',
  );

export const createAgentSchema = z.strictObject({
  name,
  description: description.default(''),
  audience: audience.default('organization'),
  definition: agentDefinitionSchema.describe('Its first version.'),
});
export type CreateAgent = z.output<typeof createAgentSchema>;

export const updateAgentSchema = z
  .strictObject({
    name: name.optional(),
    description: description.optional(),
    enabled: enabled.optional(),
    audience: audience.optional(),
  })
  .refine((body) => Object.keys(body).length > 0, 'must change something');
export type UpdateAgent = z.output<typeof updateAgentSchema>;

const number = z.int().min(1).max(1_000_000).describe('Number of the version, from 1.');

export const createAgentVersionSchema = z.strictObject({
  definition: agentDefinitionSchema.describe('The new version.'),
  publish: z.boolean().default(true).describe('Whether the version is published at once.'),
});
export type CreateAgentVersion = z.output<typeof createAgentVersionSchema>;

export const publishAgentSchema = z.strictObject({
  version: number.describe('The version to publish, a new or an earlier one.'),
});

export const agentSchema = z
  .object({
    id: agentIdSchema,
    name,
    description,
    enabled,
    audience,
    activeVersion: number.describe('The version that is published.'),
    newestVersion: number.describe('The newest version.'),
    author: z.string().describe('The user or API key that created it.'),
    createdAt: z.iso.datetime().describe('When it was created.'),
    updatedAt: z.iso.datetime().describe('When it was last changed.'),
  })
  .openapi('Agent');
export type AgentView = z.output<typeof agentSchema>;
export const agentPageSchema = pageSchema(agentSchema).openapi('AgentPage');

export const agentVersionSchema = z
  .object({
    version: number,
    definition: agentDefinitionSchema.describe('Its content, which never changes.'),
    active: z.boolean().describe('Whether it is the published version.'),
    author: z.string().describe('The user or API key that wrote it.'),
    createdAt: z.iso.datetime().describe('When it was written.'),
  })
  .openapi('AgentVersion');
export type AgentVersionView = z.output<typeof agentVersionSchema>;
export const agentVersionPageSchema = pageSchema(agentVersionSchema).openapi('AgentVersionPage');
