import { idSchema } from '../../kernel/core/index.ts';
import { defineRoomVerb, type RoomVerb } from '../../realtime/protocol/index.ts';
import { changeRole } from './change-role.ts';
import { lowerHands, sendData, setSpotlight } from './send-live-commands.ts';
import { accessRequestOf } from '../access/index.ts';
import { changeRoleSchema, removeParticipantSchema, sendDataSchema } from './moderation.schemas.ts';
import { readmitParticipant, removeParticipant } from './remove-participant.ts';

const participantId = idSchema('participant').describe('Id of the participant.');

/** Each frame does what the route of the same name does. */
export const moderationFrames: readonly RoomVerb[] = [
  defineRoomVerb({
    type: 'moderation.remove',
    summary: 'Remove a participant',
    fields: { participantId, ...removeParticipantSchema.shape },
    handle: (ctx, caller, { participantId: id, keepNetworkOut }) =>
      removeParticipant(ctx, accessRequestOf(caller), id, { keepNetworkOut }),
  }),
  defineRoomVerb({
    type: 'moderation.readmit',
    summary: 'Readmit a removed participant',
    fields: { participantId },
    handle: (ctx, caller, fields) => readmitParticipant(ctx, accessRequestOf(caller), fields.participantId),
  }),
  defineRoomVerb({
    type: 'moderation.role',
    summary: "Change a participant's role",
    fields: { participantId, ...changeRoleSchema.shape },
    handle: (ctx, caller, { participantId: id, role }) =>
      changeRole(ctx, accessRequestOf(caller), id, { role }),
  }),
  defineRoomVerb({
    type: 'moderation.spotlight',
    summary: 'Spotlight a participant, or clear the spotlight (null)',
    fields: {
      participantId: participantId.nullable().describe('Id of the participant; null clears the spotlight.'),
    },
    handle: (ctx, caller, fields) => setSpotlight(ctx, accessRequestOf(caller), fields.participantId),
  }),
  defineRoomVerb({
    type: 'moderation.lower_hands',
    summary: "Lower a participant's hand, or all hands (null)",
    fields: {
      participantId: participantId.nullable().describe('Id of the participant; null for everybody.'),
    },
    handle: (ctx, caller, fields) => lowerHands(ctx, accessRequestOf(caller), fields.participantId),
  }),
  defineRoomVerb({
    type: 'moderation.data',
    summary: 'Send data to participants',
    fields: sendDataSchema.shape,
    handle: (ctx, caller, input) => sendData(ctx, accessRequestOf(caller), input),
  }),
];
