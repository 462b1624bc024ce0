import type { CompressionSettings } from '../compression/index.ts';
import type { CompressionReason, CompressionState } from '../file-compressions/index.ts';
import { type NetworkQuality } from '../network/index.ts';
import type { AlertKind, AlertSeverity } from './compression-alerts.enums.ts';

/** What a rule found in a subject. */
export interface AlertFinding {
  kind: AlertKind;
  severity: AlertSeverity;
  subject: string;
  callId: string | null;
  value: number;
  threshold: number;
}

/** When a person last settled a rule about a subject; 0 for never. Only what happened afterwards counts. */
export type SettledAt = (kind: AlertKind, subject: string) => number;

/** A compression that has ended. */
export interface EndedCompression {
  settings: CompressionSettings;
  state: CompressionState;
  reason: CompressionReason | null;
  endedAt: Date | null;
}

interface ShareRule {
  kind: AlertKind;
  reasons: readonly CompressionReason[];
  least: number;
  warning: number;
  /** Above 1 for never. */
  critical: number;
}

const SHARE_RULES: readonly ShareRule[] = [
  {
    kind: 'compressions_failing',
    reasons: ['given_up', 'too_long', 'service_unavailable'],
    least: 5,
    warning: 0.2,
    critical: 0.5,
  },
  {
    kind: 'quality_missed',
    reasons: ['quality_not_reached', 'copy_differs'],
    least: 5,
    warning: 0.3,
    critical: 0.6,
  },
  { kind: 'nothing_won', reasons: ['not_smaller'], least: 10, warning: 0.5, critical: 2 },
];

const encodingOf = ({ settings }: EndedCompression) =>
  settings.kind === 'video' ? settings.codec : settings.format;

const severityOf = (value: number, critical: number): AlertSeverity =>
  value >= critical ? 'critical' : 'warning';

const round4 = (value: number) => Math.round(value * 10_000) / 10_000;

/** Findings from compressions that ended, by encoding. */
export function findShares(ended: readonly EndedCompression[], settledAt: SettledAt): AlertFinding[] {
  const encodings = new Set(ended.map(encodingOf));
  return [...encodings].flatMap((subject) =>
    SHARE_RULES.flatMap(({ kind, reasons, least, warning, critical }) => {
      const counted = ended.filter(
        (each) => encodingOf(each) === subject && each.endedAt!.getTime() > settledAt(kind, subject),
      );
      const found = counted.filter(({ reason }) => reason !== null && reasons.includes(reason));
      const value = round4(found.length / counted.length);
      if (counted.length < least || value < warning) return [];
      return {
        kind,
        severity: severityOf(value, critical),
        subject,
        callId: null,
        value,
        threshold: warning,
      };
    }),
  );
}

export const WAITING_MS = 30 * 60_000;
const LONG_WAITING_MS = 6 * 3_600_000;

/** Finding from the open compression without progress for the longest time. @param quietSince null when none is open */
export function findWaiting(quietSince: Date | null, settledAt: SettledAt, nowMs: number): AlertFinding[] {
  if (!quietSince) return [];
  const kind = 'compressions_waiting';
  const waitedMs = nowMs - Math.max(quietSince.getTime(), settledAt(kind, ''));
  if (waitedMs < WAITING_MS) return [];
  const severity = severityOf(waitedMs, LONG_WAITING_MS);
  const [value, threshold] = [Math.floor(waitedMs / 1_000), WAITING_MS / 1_000];
  return [{ kind, severity, subject: '', callId: null, value, threshold }];
}

export const NETWORK_MINUTES = 5;
const MIN_POOR = 0.5;

/** The network of each participant of a call who reported, in one minute. */
export type MinuteQualities = readonly NetworkQuality[];

/** Finding from the last minutes of a call, each with the qualities measured in it. */
export function findPoorNetwork(
  callId: string,
  minutes: readonly MinuteQualities[],
  settledAt: SettledAt,
  nowMs: number,
): AlertFinding[] {
  const kind = 'network_poor';
  const isSettled = nowMs - settledAt(kind, callId) < NETWORK_MINUTES * 60_000;
  const shares = minutes.map((qualities) =>
    qualities.length === 0 ? 0 : qualities.filter((quality) => quality === 'poor').length / qualities.length,
  );
  const value = round4(Math.min(...shares));
  if (isSettled || value < MIN_POOR) return [];
  const isCritical = value === 1 && minutes.every(({ length }) => length >= 2);
  const severity = isCritical ? 'critical' : 'warning';
  return [{ kind, severity, subject: callId, callId, value, threshold: MIN_POOR }];
}
