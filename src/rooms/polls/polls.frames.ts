import { defineRoomVerb, type RoomVerb } from '../../realtime/protocol/index.ts';
import { accessRequestOf } from '../access/index.ts';
import { castVote } from './cast-vote.ts';
import { closePoll } from './close-poll.ts';
import { openPoll } from './open-poll.ts';
import { openPollSchema, pollParamsSchema, voteSchema } from './polls.schemas.ts';

const { pollId } = pollParamsSchema.shape;

export const pollFrames: readonly RoomVerb[] = [
  defineRoomVerb({
    type: 'poll.open',
    summary: 'Open a poll',
    fields: openPollSchema.shape,
    handle: (ctx, caller, input) => openPoll(ctx, accessRequestOf(caller), input),
  }),
  defineRoomVerb({
    type: 'poll.vote',
    summary: 'Vote, or change a vote where the poll allows it',
    leavesNoRecord: true,
    fields: { pollId, ...voteSchema.shape },
    handle: (ctx, caller, { pollId: id, choices }) => castVote(ctx, accessRequestOf(caller), id, { choices }),
  }),
  defineRoomVerb({
    type: 'poll.close',
    summary: 'Close a poll',
    fields: { pollId },
    handle: (ctx, caller, fields) => closePoll(ctx, accessRequestOf(caller), fields.pollId),
  }),
];
