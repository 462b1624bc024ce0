/** The events that start a run. */
export const WORKFLOW_TRIGGERS = ['call_ended', 'recording_ready', 'transcript_finished'] as const;
export type WorkflowTrigger = (typeof WORKFLOW_TRIGGERS)[number];

/** The steps of a run, each at most once. */
export const STEP_KINDS = [
  'transcribe',
  'summarize',
  'outcomes',
  'chapters',
  'mail',
  'remember',
  'post',
] as const;
export type StepKind = (typeof STEP_KINDS)[number];

/** The source of the transcript: the captions of the call, its recording, or whichever exists, captions first. */
export const TRANSCRIPT_ORIGINS = ['either', 'captions', 'recording'] as const;

/** When a mail is sent: once a person has confirmed it, or by itself. */
export const MAIL_SENDING = ['on_confirmation', 'by_itself'] as const;
