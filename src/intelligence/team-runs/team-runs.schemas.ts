import { z } from '@hono/zod-openapi';
import { idSchema, linesSchema, pageQuerySchema, pageSchema } from '../../kernel/core/index.ts';
import { knownOrUnknownMoneySchema, moneySchema } from '../../kernel/money/index.ts';
import { GENERATION_FAILURES } from '../generations/index.ts';
import { TURN_PURPOSES } from '../team-modes/index.ts';
import { TEAM_MODES, teamIdSchema } from '../teams/index.ts';
import { RUN_REASONS, RUN_STATES, TURN_STATES } from './team-runs.enums.ts';

const runId = idSchema('teamRun').describe('Id of the run.');
export const teamRunParamsSchema = z.strictObject({ runId });

const task = linesSchema(32_000).describe('The task of the team, 1 to 32,000 characters.');

export const startTeamRunSchema = z.strictObject({ task });
export type StartTeamRun = z.output<typeof startTeamRunSchema>;

export const listTeamRunsSchema = pageQuerySchema.extend({
  teamId: teamIdSchema.optional().describe('Only runs of this team.'),
});
export type ListTeamRuns = z.output<typeof listTeamRunsSchema>;

export const teamRunSchema = z
  .object({
    id: runId,
    teamId: teamIdSchema.nullable().describe('The team; null when it was deleted.'),
    teamName: z.string().describe('Name of the team when the run began.'),
    mode: z.enum(TEAM_MODES).describe('How its members work together.'),
    task,
    state: z
      .enum(RUN_STATES)
      .describe(
        '`running`; `completed`: it came to its end; `incomplete`: a limit ended it; `stopped` by its owner; `failed`: it could not continue.',
      ),
    reason: z.enum(RUN_REASONS).nullable().describe('Why it is incomplete or failed; null otherwise.'),
    errorCode: z.string().nullable().describe('Code of the error that refused a turn; null otherwise.'),
    result: z
      .string()
      .nullable()
      .describe(
        'The result. For a run that was ended early, the result so far, or null. Null while it runs.',
      ),
    agreed: z
      .boolean()
      .nullable()
      .describe(
        'Whether all members voted for the result in one round. If not, the result is the answer with ' +
          'the most votes. Null while it runs, and for other modes.',
      ),
    turnCount: z.int().describe('Number of turns that have begun.'),
    turnLimit: z.int().describe('Most turns.'),
    spent: moneySchema.describe(
      'The amount that counts against its budget: the cost of its turns. An answer that was cut off ' +
        'counts as the most that it can have cost.',
    ),
    budget: moneySchema.nullable().describe('The most that it may cost; null without a limit of its own.'),
    createdAt: z.iso.datetime().describe('When it was started.'),
    deadlineAt: z.iso.datetime().describe('When it ends at the latest.'),
    endedAt: z.iso.datetime().nullable().describe('When it ended; null while it runs.'),
  })
  .openapi('TeamRun');
export type TeamRunView = z.output<typeof teamRunSchema>;
export const teamRunPageSchema = pageSchema(teamRunSchema).openapi('TeamRunPage');

const tokens = (what: string) =>
  z
    .int()
    .nullable()
    .describe(
      `Number of tokens of ${what} in the last attempt, as the provider counted them; null while it ` +
        'waits.',
    );

export const teamTurnSchema = z
  .object({
    id: idSchema('teamTurn').describe('Id of the turn.'),
    position: z.int().describe('Its number in the run, from 1.'),
    round: z.int().describe('The round that it belongs to, from 1.'),
    role: z.string().describe('Role of the member whose turn it is.'),
    agentId: idSchema('agent').nullable().describe('The agent; null when it was deleted.'),
    agentVersion: z.int().describe('The version of the agent that answers.'),
    purpose: z
      .enum(TURN_PURPOSES)
      .describe(
        '`work`: the turn continues the work. `plan` and `join`: the lead splits the task, or joins ' +
          'the parts. `part`: a part of the task. `answer`: an answer of its own. `vote`: a vote on all ' +
          'answers.',
      ),
    state: z
      .enum(TURN_STATES)
      .describe('`running`, also while it waits for another attempt; then how it ended.'),
    failure: z
      .enum(GENERATION_FAILURES)
      .nullable()
      .describe('Why it or its last attempt failed; null when it did not.'),
    text: z.string().describe('The text. When it was cut off, the part that came; empty while it runs.'),
    generationId: idSchema('generation')
      .nullable()
      .describe(
        'The generation that answers; the owner of the run can follow its events while it runs. Null ' +
          'while it waits.',
      ),
    attempts: z.int().describe('Number of attempts to ask a model.'),
    model: z.string().nullable().describe('The model that answered; null while it waits.'),
    stopReason: z
      .string()
      .nullable()
      .describe('Why the model stopped; `max_tokens` when the answer was cut off.'),
    inputTokens: tokens('input from no cache'),
    outputTokens: tokens('output'),
    cost: knownOrUnknownMoneySchema.openapi({
      description:
        'The cost of all its attempts on the account of the platform; unknown when a price is ' +
        'unknown. With a key of the organization it is 0, because the provider charges the ' +
        'organization.',
    }),
    createdAt: z.iso.datetime().describe('When it began.'),
    endedAt: z.iso.datetime().nullable().describe('When it ended; null while it runs.'),
  })
  .openapi('TeamTurn');
export type TeamTurnView = z.output<typeof teamTurnSchema>;
export const teamTurnPageSchema = pageSchema(teamTurnSchema).openapi('TeamTurnPage');
