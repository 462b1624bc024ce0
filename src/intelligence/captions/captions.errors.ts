import { defineErrors } from '../../kernel/core/index.ts';

export const captionErrors = defineErrors('captions', {
  notRunning: { status: 404, title: 'The call has no captions' },
  noCall: { status: 409, title: 'The room has no active call' },
  switchedOff: { status: 409, title: 'Captions are switched off in the room' },
  noTranscript: { status: 409, title: 'Captions are not kept where recordings need consent' },
  notConfigured: { status: 503, title: 'No process that writes captions is configured' },
  alreadyRunning: { status: 409, title: 'The call already has captions' },
  noModel: {
    status: 409,
    title: 'Where recordings need consent, no model translates captions, and no voice speaks them',
  },
  memberNeeded: {
    status: 403,
    title: 'Only a member of the organization can have models asked, and voices speak',
  },
  over: { status: 410, title: 'The captions are over' },
});
