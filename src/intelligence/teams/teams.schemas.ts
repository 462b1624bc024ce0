import { z } from '@hono/zod-openapi';
import { idSchema, lineSchema, linesOrEmptySchema, pageSchema } from '../../kernel/core/index.ts';
import { agentIdSchema } from '../agents/index.ts';
import { TEAM_MODES } from './teams.enums.ts';

/** A thousand USD. */
const MAX_BUDGET_MICROS = 1_000_000_000;

export const teamIdSchema = idSchema('team').describe('Id of the team.');
export const teamParamsSchema = z.strictObject({ teamId: teamIdSchema });

export const teamMemberSchema = z
  .strictObject({
    agentId: agentIdSchema.describe('The agent, which answers with its published version.'),
    role: lineSchema(100).describe(
      'Its role in the team, 1 to 100 characters; no two members have the same.',
    ),
    brief: linesOrEmptySchema(4_000)
      .default('')
      .describe('Its task in this team, in addition to its own instructions, up to 4,000 characters.'),
  })
  .openapi('TeamMember');
export type TeamMember = z.output<typeof teamMemberSchema>;

const hasOneOfEachRole = (members: readonly TeamMember[]) =>
  new Set(members.map(({ role }) => role.toLowerCase())).size === members.length;

const fields = {
  name: lineSchema(100).describe('Name for people, 1 to 100 characters.'),
  description: linesOrEmptySchema(2_000).describe('Its purpose, up to 2,000 characters.'),
  mode: z
    .enum(TEAM_MODES)
    .describe(
      '`sequential`: each member continues the work of those before it. `hierarchical`: the first member splits the task, the others do ' +
        'their parts, and the first joins them. `consensus`: all answer, read each other, and vote until they agree.',
    ),
  members: z
    .array(teamMemberSchema)
    .min(2)
    .max(8)
    .refine(hasOneOfEachRole, 'must not contain the same role twice')
    .describe('Its agents in order, 2 to 8.'),
  rounds: z
    .int()
    .min(1)
    .max(10)
    .describe('Number of turns of each member in a sequential team, 1 to 10. Other modes have 1.'),
  turnLimit: z.int().min(3).max(100).describe('Most turns of a run, 3 to 100.'),
  budgetMicros: z
    .int()
    .min(1)
    .max(MAX_BUDGET_MICROS)
    .nullable()
    .describe(
      'The most that a run may cost, in millionths of a USD, up to 1,000 USD; null for no limit ' +
        'except the budget of the organization.',
    ),
  timeLimitSeconds: z.int().min(60).max(3_600).describe('Most seconds of a run, 60 to 3,600.'),
};

export const createTeamSchema = z.strictObject({
  ...fields,
  description: fields.description.default(''),
  rounds: fields.rounds.default(1),
  turnLimit: fields.turnLimit.default(20),
  budgetMicros: fields.budgetMicros.default(null),
  timeLimitSeconds: fields.timeLimitSeconds.default(900),
});
export type CreateTeam = z.output<typeof createTeamSchema>;

export const updateTeamSchema = z
  .strictObject(fields)
  .partial()
  .refine((body) => Object.keys(body).length > 0, 'must change something');
export type UpdateTeam = z.output<typeof updateTeamSchema>;

export const teamSchema = z
  .object({
    id: teamIdSchema,
    ...fields,
    author: z.string().describe('The user or API key that created it.'),
    createdAt: z.iso.datetime().describe('When it was created.'),
    updatedAt: z.iso.datetime().describe('When it was last changed.'),
  })
  .openapi('Team');
export type TeamView = z.output<typeof teamSchema>;
export const teamPageSchema = pageSchema(teamSchema).openapi('TeamPage');
