import { defineErrors } from '../../kernel/core/index.ts';

export const captionErrors = defineErrors('captions', {
  notRunning: { status: 404, title: 'The call has no captions' },
  noCall: { status: 409, title: 'The room has no active call' },
  switchedOff: { status: 409, title: 'The room has captions switched off' },
  noTranscript: { status: 409, title: 'Where recordings need consent, captions are not kept' },
  notConfigured: { status: 503, title: 'No process that writes captions is configured' },
  alreadyRunning: { status: 409, title: 'The call has captions already' },
  over: { status: 410, title: 'The captions are over' },
});
