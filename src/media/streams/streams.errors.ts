import { defineErrors } from '../../kernel/core/index.ts';

export const streamErrors = defineErrors('streams', {
  notFound: { status: 404, title: 'The stream was not found' },
  targetNotFound: { status: 404, title: 'The target was not found' },
  noCall: { status: 409, title: 'The room has no open call' },
  alreadyStreaming: { status: 409, title: 'The call is being streamed already' },
  tooMany: { status: 409, title: 'The organization has 20 running streams' },
  switchedOff: { status: 409, title: 'Recordings and streams are switched off in the room' },
  consentRequired: {
    status: 409,
    title: 'A call in which everybody has to agree to recordings cannot be streamed',
  },
  bucketFailing: { status: 409, title: 'The last test of the bucket failed' },
  stopping: { status: 409, title: 'The stream is over, or was asked to stop' },
  targetExists: { status: 409, title: 'The stream is sent to this address already' },
  tooManyTargets: { status: 409, title: 'The stream has too many targets' },
  otherProtocol: { status: 409, title: 'A stream is sent by RTMP or by SRT, not by both' },
  segmentsOnly: { status: 409, title: 'The stream was started without targets' },
});
