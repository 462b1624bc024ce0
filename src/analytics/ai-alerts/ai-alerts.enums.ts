/** The measured figure; README.md says how. */
export const AI_ALERT_KINDS = [
  'failure_share',
  'first_output_p95',
  'duration_p95',
  'thumbs_up_share',
  'mean_score',
  'cost',
] as const;
export type AiAlertKind = (typeof AI_ALERT_KINDS)[number];

/** How an alert ended: the figure is good again, there are no answers to measure, or its threshold was removed. */
export const AI_ALERT_RESOLUTIONS = ['recovered', 'no_answers', 'threshold_removed'] as const;
export type AiAlertResolution = (typeof AI_ALERT_RESOLUTIONS)[number];
