import { z } from '@hono/zod-openapi';
import { agentDefinitionSchema, createAgentSchema } from '../agents/index.ts';
import { lineSchema } from '../../kernel/core/index.ts';
import { TEAM_MODES } from './teams.enums.ts';
import { TEMPLATE_NAMES } from './templates.rules.ts';

const template = z.enum(TEMPLATE_NAMES).describe('Name of the template.');
export const templateParamsSchema = z.strictObject({ template });

const { model, fallbackModels, maxOutputTokens } = agentDefinitionSchema.shape;

export const createFromTemplateSchema = z.strictObject({
  name: lineSchema(60)
    .optional()
    .describe('Name of the team, 1 to 60 characters. Default: the title of the template.'),
  audience: createAgentSchema.shape.audience.describe(
    'The people who may talk to its agents: `organization`: everybody with `agents:read`; `managers`: ' +
      'their author and those with `agents:manage`.',
  ),
  model,
  fallbackModels,
  maxOutputTokens: maxOutputTokens.describe(
    'Most tokens of a turn, 1 to 16,384; at most the maximum of its models.',
  ),
});
export type CreateTeamFromTemplate = z.output<typeof createFromTemplateSchema>;

const memberSchema = z
  .object({
    role: z.string().describe('Its role.'),
    instructions: z.string().describe('Instructions of the agent that is created for it.'),
  })
  .openapi('TeamTemplateMember');

const templateSchema = z
  .object({
    name: template,
    title: z.string().describe('Title for people.'),
    description: z.string().describe('What a team of this template does.'),
    mode: z.enum(TEAM_MODES).describe('How its members work together.'),
    rounds: z.int().describe('Number of turns of each member, when the mode is `sequential`.'),
    members: z.array(memberSchema).describe('Its members, in order.'),
  })
  .openapi('TeamTemplate');
export type TeamTemplateView = z.output<typeof templateSchema>;
export const templateListSchema = z
  .object({ data: z.array(templateSchema).describe('All templates.') })
  .openapi('TeamTemplateList');
