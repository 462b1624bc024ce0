import { placeOf } from '../moderation/index.ts';
import { defineRoomVerb, type RoomVerb } from '../realtime/index.ts';
import { closePoll, openPoll } from './open-poll.ts';
import { openPollSchema, pollParamsSchema, voteSchema } from './polls.schemas.ts';
import { vote } from './vote.ts';

const { pollId } = pollParamsSchema.shape;

export const pollVerbs: readonly RoomVerb[] = [
  defineRoomVerb({
    type: 'poll.open',
    summary: 'Ask everybody in the room',
    fields: openPollSchema.shape,
    handle: (ctx, caller, input) => openPoll(ctx, placeOf(caller), input),
  }),
  defineRoomVerb({
    type: 'poll.vote',
    summary: 'Vote, or vote anew where the poll allows it',
    leavesNoRecord: true,
    fields: { pollId, ...voteSchema.shape },
    handle: (ctx, caller, { pollId: id, choices }) => vote(ctx, placeOf(caller), id, { choices }),
  }),
  defineRoomVerb({
    type: 'poll.close',
    summary: 'End the vote',
    fields: { pollId },
    handle: (ctx, caller, fields) => closePoll(ctx, placeOf(caller), fields.pollId),
  }),
];
