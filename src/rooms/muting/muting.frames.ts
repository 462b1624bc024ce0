import { idSchema } from '../../kernel/core/index.ts';
import { defineRoomVerb, type RoomVerb } from '../../realtime/protocol/index.ts';
import { accessRequestOf } from '../access/index.ts';
import { muteAll, muteParticipant } from './mute-participants.ts';
import { muteAllSchema, muteSchema } from './muting.schemas.ts';

const participantId = idSchema('participant').describe('Id of the participant.');

/** Each frame does what the route of the same name does. */
export const mutingFrames: readonly RoomVerb[] = [
  defineRoomVerb({
    type: 'moderation.mute',
    summary: 'Mute a participant',
    fields: { participantId, ...muteSchema.shape },
    handle: (ctx, caller, { participantId: id, trackSid }) =>
      muteParticipant(ctx, accessRequestOf(caller), id, { trackSid }),
  }),
  defineRoomVerb({
    type: 'moderation.mute_all',
    summary: 'Mute all other participants',
    fields: muteAllSchema.shape,
    handle: (ctx, caller, input) => muteAll(ctx, accessRequestOf(caller), input),
  }),
];
