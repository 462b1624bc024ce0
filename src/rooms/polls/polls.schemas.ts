import { z } from '@hono/zod-openapi';
import { idSchema, lineSchema, pageSchema } from '../../kernel/core/index.ts';
import { roomIdSchema } from '../rooms/index.ts';
import { POLL_STATUSES, RESULTS_SHOWN } from './polls.tables.ts';

const MAX_OPTIONS = 20;

export const pollParamsSchema = z.strictObject({
  roomId: roomIdSchema.describe('The room.'),
  pollId: idSchema('poll').describe('The poll.'),
});

const areDistinct = (list: readonly string[]) => new Set(list).size === list.length;

const maxChoices = z
  .number()
  .int()
  .min(1)
  .max(MAX_OPTIONS)
  .describe('How many options one vote can name: 1 to 20, at most the number of options.');
const anonymous = z.boolean().describe('Whether votes cannot be linked to their voters.');
const resultsShown = z
  .enum(RESULTS_SHOWN)
  .describe(
    'When results show: `always`, `after_vote` to those who have voted, or `after_close`. Moderators always see them.',
  );
const changeable = z.boolean().describe('Whether votes can be changed while the poll is open.');

export const openPollSchema = z.strictObject({
  question: lineSchema(500).describe('The question, 1 to 500 characters.'),
  options: z
    .array(lineSchema(200))
    .min(2)
    .max(MAX_OPTIONS)
    .refine(areDistinct, 'must not hold an option twice')
    .describe('The options: 2 to 20 different texts of 1 to 200 characters.'),
  maxChoices: maxChoices.default(1),
  anonymous: anonymous.default(false),
  resultsShown: resultsShown.default('always'),
  changeable: changeable.default(true),
});
export type OpenPoll = z.output<typeof openPollSchema>;

const optionId = z.string().regex(/^([1-9]|1\d|20)$/, "must be an option's id");
export const voteSchema = z.strictObject({
  choices: z
    .array(optionId)
    .min(1)
    .max(MAX_OPTIONS)
    .refine(areDistinct, 'must not name an option twice')
    .describe('Ids of the chosen options: at least one, at most `maxChoices` of the poll.'),
});
export type VoteInput = z.output<typeof voteSchema>;

const optionSchema = z.object({
  optionId: z.string().describe('Number of the option in the poll, from 1.'),
  text: z.string().describe('The option.'),
  votes: z
    .number()
    .int()
    .nullable()
    .describe('How many votes name the option; null while the caller may not see results.'),
});

export const pollSchema = z
  .object({
    id: idSchema('poll').describe('Id of the poll.'),
    roomId: roomIdSchema.describe('The room that the poll belongs to.'),
    question: z.string().describe('The question.'),
    options: z.array(optionSchema).describe('The options, in the order of the request that opened the poll.'),
    maxChoices,
    anonymous,
    resultsShown,
    changeable,
    status: z.enum(POLL_STATUSES).describe('`open`, or `closed` to votes.'),
    voters: z.number().int().describe('How many people have voted.'),
    voted: z.boolean().describe('Whether the caller has voted.'),
    ownChoices: z
      .array(z.string())
      .nullable()
      .describe('Ids of the options the caller chose; null before a vote, and always in an anonymous poll.'),
    openedAt: z.iso.datetime().describe('When the poll was opened.'),
    closedAt: z.iso.datetime().nullable().describe('When the poll was closed; null while it is open.'),
  })
  .openapi('Poll');
export type PollView = z.output<typeof pollSchema>;
export const pollPageSchema = pageSchema(pollSchema).openapi('PollPage');

const voteViewSchema = z
  .object({
    identity: z.string().describe('Identity of the voter.'),
    choices: z.array(z.string()).describe('Ids of the chosen options.'),
  })
  .openapi('PollVote');
export const votePageSchema = pageSchema(voteViewSchema).openapi('PollVotePage');

export const pollExample: PollView = {
  id: 'pol_01jd3v7q8gf4kr2x6a0w9mznpe',
  roomId: 'room_01jd3v7q8gf4kr2x6a0w9mznpe',
  question: 'When shall we meet again?',
  options: [
    { optionId: '1', text: 'Next week', votes: 3 },
    { optionId: '2', text: 'Next month', votes: 1 },
  ],
  maxChoices: 1,
  anonymous: false,
  resultsShown: 'always',
  changeable: true,
  status: 'open',
  voters: 4,
  voted: true,
  ownChoices: ['1'],
  openedAt: '2026-01-05T09:30:00.000Z',
  closedAt: null,
};
