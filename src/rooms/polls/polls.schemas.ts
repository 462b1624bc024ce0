import { z } from '@hono/zod-openapi';
import { idSchema, pageSchema } from '../../kernel/core/index.ts';
import { roomIdSchema } from '../rooms/index.ts';
import { POLL_STATUSES, RESULTS_SHOWN } from './polls.tables.ts';

const MAX_OPTIONS = 20;

export const pollParamsSchema = z.strictObject({ roomId: roomIdSchema, pollId: idSchema('poll') });

const text = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine((value) => value.isWellFormed() && !value.includes('\u0000'), 'must be well-formed text');
const areDistinct = (list: readonly string[]) => new Set(list).size === list.length;

export const openPollSchema = z.strictObject({
  question: text(500),
  options: z.array(text(200)).min(2).max(MAX_OPTIONS).refine(areDistinct, 'must not hold an option twice'),
  /** How many options one person may choose. */
  maxChoices: z.number().int().min(1).max(MAX_OPTIONS).default(1),
  /** Nobody, now or later, learns who voted for what. */
  anonymous: z.boolean().default(false),
  resultsShown: z.enum(RESULTS_SHOWN).default('always'),
  /** Whether a vote may be changed while the poll is open. */
  changeable: z.boolean().default(true),
});
export type OpenPoll = z.output<typeof openPollSchema>;

const optionId = z.string().regex(/^([1-9]|1\d|20)$/, "must be an option's id");
export const voteSchema = z.strictObject({
  choices: z.array(optionId).min(1).max(MAX_OPTIONS).refine(areDistinct, 'must not name an option twice'),
});
export type VoteInput = z.output<typeof voteSchema>;

const moment = z.iso.datetime();
export const pollSchema = z
  .object({
    id: idSchema('poll'),
    roomId: roomIdSchema,
    question: z.string(),
    options: z.array(
      z.object({
        optionId: z.string(),
        text: z.string(),
        /** Null while the results are kept back from the caller. */
        votes: z.number().int().nullable(),
      }),
    ),
    maxChoices: z.number().int(),
    anonymous: z.boolean(),
    resultsShown: z.enum(RESULTS_SHOWN),
    changeable: z.boolean(),
    status: z.enum(POLL_STATUSES),
    /** How many have voted. */
    voters: z.number().int(),
    /** Whether the caller has. */
    voted: z.boolean(),
    /** What the caller chose; null before, and always in an anonymous poll. */
    ownChoices: z.array(z.string()).nullable(),
    openedAt: moment,
    closedAt: moment.nullable(),
  })
  .openapi('Poll');
export type PollView = z.output<typeof pollSchema>;
export const pollPageSchema = pageSchema(pollSchema).openapi('PollPage');

const voteViewSchema = z.object({ identity: z.string(), choices: z.array(z.string()) }).openapi('PollVote');
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
