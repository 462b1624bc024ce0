import { accessRequestOf } from '../access/index.ts';
import { participantParamsSchema } from '../moderation/index.ts';
import { defineRoomVerb, type RoomVerb } from '../../realtime/protocol/index.ts';
import { moveParticipant } from './move-participant.ts';
import { moveParticipantSchema } from './moves.schemas.ts';

export const moveFrames: readonly RoomVerb[] = [
  defineRoomVerb({
    type: 'moderation.move',
    summary: 'Move a participant to another room',
    fields: {
      participantId: participantParamsSchema.shape.participantId,
      ...moveParticipantSchema.shape,
    },
    handle: (ctx, caller, { participantId, toRoomId }) =>
      moveParticipant(ctx, accessRequestOf(caller), participantId, { toRoomId }),
  }),
];
