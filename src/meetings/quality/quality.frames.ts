import { defineRoomVerb, type RoomVerb } from '../realtime/index.ts';
import { keepSamples } from './keep-samples.ts';
import { presentKept } from './present-quality.ts';
import { keepSamplesFields } from './quality.schemas.ts';

const { callId: _callId, participantId: _participantId, ...fields } = keepSamplesFields;

/** Frames of the room's socket: samples of the participant whose socket it is, of the call that they are in. */
export const qualityFrames: readonly RoomVerb[] = [
  defineRoomVerb({
    type: 'quality.samples',
    summary: 'Give what a connection measured in the call',
    fields: { ...fields, callId: keepSamplesFields.callId },
    handle: async (ctx, _caller, batch) => presentKept(await keepSamples(ctx, batch)),
  }),
];
