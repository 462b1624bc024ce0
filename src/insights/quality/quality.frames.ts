import { defineRoomVerb, type RoomVerb } from '../../realtime/protocol/index.ts';
import { storeSamples } from './store-samples.ts';
import { presentStoredBatch } from './quality.present.ts';
import { storeSamplesFields } from './quality.schemas.ts';

const { callId: _callId, participantId: _participantId, ...fields } = storeSamplesFields;

/** The frame of the room's socket that reports samples: of the socket's participant, for the call that they are in. */
export const qualityFrames: readonly RoomVerb[] = [
  defineRoomVerb({
    type: 'quality.samples',
    summary: 'Report quality samples',
    fields: { ...fields, callId: storeSamplesFields.callId },
    handle: async (ctx, _caller, batch) => presentStoredBatch(await storeSamples(ctx, batch)),
  }),
];
