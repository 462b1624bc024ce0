/** The rules, described in README.md. */
export const ALERT_KINDS = [
  'compressions_failing',
  'quality_missed',
  'nothing_won',
  'compressions_waiting',
  'network_poor',
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

export const ALERT_SEVERITIES = ['warning', 'critical'] as const;
export type AlertSeverity = (typeof ALERT_SEVERITIES)[number];

/** How an alert ended: a person resolved it, or its condition was gone. */
export const ALERT_RESOLUTIONS = ['by_person', 'condition_gone'] as const;
