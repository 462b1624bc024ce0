import { defineErrors } from '../../kernel/core/index.ts';

export const recordingErrors = defineErrors('recordings', {
  notFound: { status: 404, title: 'The recording was not found' },
  noCall: { status: 409, title: 'The room has no open call' },
  alreadyRecording: { status: 409, title: 'The call is being recorded already' },
  switchedOff: { status: 409, title: 'Recordings are switched off in the room' },
  bucketFailing: { status: 409, title: 'The last test of the bucket failed' },
  notReady: { status: 409, title: 'The recording is not ready' },
  held: { status: 409, title: 'The recording is held' },
  notOver: { status: 409, title: 'The recording is not over; stop it first' },
});
