import { idSchema } from '../../kernel/core/index.ts';
import { defineRoomVerb, type RoomVerb } from '../../realtime/protocol/index.ts';
import { changeRole } from './change-role.ts';
import { lowerHands, sendData, setSpotlight } from './send-live-commands.ts';
import { accessRequestOf } from '../access/index.ts';
import { changeRoleSchema, muteAllSchema, muteSchema, sendDataSchema } from './moderation.schemas.ts';
import { muteAll, muteParticipant } from './mute-participants.ts';
import { readmitParticipant, removeParticipant } from './remove-participant.ts';

const participantId = idSchema('participant');

/** The frames of moderation: each does what the route of the same name does. */
export const moderationFrames: readonly RoomVerb[] = [
  defineRoomVerb({
    type: 'moderation.mute',
    summary: 'Mute a track of a participant, or all of them',
    fields: { participantId, ...muteSchema.shape },
    handle: (ctx, caller, { participantId: id, trackSid }) =>
      muteParticipant(ctx, accessRequestOf(caller), id, { trackSid }),
  }),
  defineRoomVerb({
    type: 'moderation.mute_all',
    summary: 'Mute everybody else',
    fields: muteAllSchema.shape,
    handle: (ctx, caller, input) => muteAll(ctx, accessRequestOf(caller), input),
  }),
  defineRoomVerb({
    type: 'moderation.remove',
    summary: 'Send a participant out and keep them out',
    fields: { participantId },
    handle: (ctx, caller, fields) => removeParticipant(ctx, accessRequestOf(caller), fields.participantId),
  }),
  defineRoomVerb({
    type: 'moderation.readmit',
    summary: 'Let somebody who was removed come in again',
    fields: { participantId },
    handle: (ctx, caller, fields) => readmitParticipant(ctx, accessRequestOf(caller), fields.participantId),
  }),
  defineRoomVerb({
    type: 'moderation.role',
    summary: 'Give a participant another role',
    fields: { participantId, ...changeRoleSchema.shape },
    handle: (ctx, caller, { participantId: id, role }) =>
      changeRole(ctx, accessRequestOf(caller), id, { role }),
  }),
  defineRoomVerb({
    type: 'moderation.spotlight',
    summary: 'Put a participant into the middle, or nobody',
    fields: { participantId: participantId.nullable() },
    handle: (ctx, caller, fields) => setSpotlight(ctx, accessRequestOf(caller), fields.participantId),
  }),
  defineRoomVerb({
    type: 'moderation.lower_hands',
    summary: "Lower a participant's hand, or all hands",
    fields: { participantId: participantId.nullable() },
    handle: (ctx, caller, fields) => lowerHands(ctx, accessRequestOf(caller), fields.participantId),
  }),
  defineRoomVerb({
    type: 'moderation.data',
    summary: 'Send data to everybody, or to some',
    fields: sendDataSchema.shape,
    handle: (ctx, caller, input) => sendData(ctx, accessRequestOf(caller), input),
  }),
];
