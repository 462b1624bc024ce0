import { defineErrors } from '../../kernel/core/index.ts';

export const recordingErrors = defineErrors('recordings', {
  notFound: { status: 404, title: 'The recording was not found' },
  noCall: { status: 409, title: 'The room has no open call' },
  alreadyRecording: { status: 409, title: 'The call is being recorded already' },
  switchedOff: { status: 409, title: 'Recordings are switched off in the room' },
  noStorage: { status: 409, title: 'There is no storage for recordings: add a bucket' },
  bucketFailing: { status: 409, title: 'The last test of the bucket failed' },
  notConnected: { status: 409, title: 'The participant is not connected to the call' },
  notPublished: { status: 409, title: 'The track is not published in the call' },
  notReady: { status: 409, title: 'The recording is not ready' },
  notStored: { status: 409, title: 'The file in the storage differs from the verified one' },
  urlExpired: { status: 410, title: 'The address of the download has expired' },
  held: { status: 409, title: 'The recording is held' },
  notOver: { status: 409, title: 'The recording is not over; stop it first' },
});
