import { sentLossRatio } from '../../insights/network-changes/index.ts';
import type { StoredSample } from '../../insights/quality/index.ts';
import type { LevelState, NetworkSample } from '../network/index.ts';
import type { SendSession } from './recommendations.tables.ts';

/** What one client measured, as the analysis of a network takes it. */
export const networkSampleOf = (sample: StoredSample): NetworkSample => {
  const jitters = sample.tracks.flatMap(({ direction, jitterSeconds }) =>
    direction === 'send' && jitterSeconds !== undefined ? [jitterSeconds] : [],
  );
  return {
    atMs: sample.endMs,
    availableBps: sample.availableOutgoingBps,
    roundTripSeconds: sample.roundTripSeconds,
    lossRatio: sentLossRatio(sample) ?? undefined,
    jitterSeconds: jitters.length === 0 ? undefined : Math.max(...jitters),
  };
};

/** Whether the device could not encode as much as it should in the last two windows. */
export function isCpuLimited(samples: readonly StoredSample[]): boolean {
  const latest = samples.toSorted((a, b) => b.endMs - a.endMs).slice(0, 2);
  return (
    latest.length > 0 && latest.every(({ tracks }) => tracks.some(({ limitation }) => limitation === 'cpu'))
  );
}

/** What the participant sent in the last window, in bits per second; null when no track said it. */
export function sentBpsOf(samples: readonly StoredSample[]): number | null {
  const last = samples.toSorted((a, b) => a.endMs - b.endMs).at(-1);
  const rates =
    last?.tracks.flatMap(({ direction, bitrateBps }) => (direction === 'send' ? (bitrateBps ?? []) : [])) ??
    [];
  return rates.length === 0 ? null : Math.round(rates.reduce((sum, rate) => sum + rate, 0));
}

/** A participant is recommended something at most once in this time. */
const MIN_INTERVAL_MS = 4_000;
/** A client that did not answer for this long did not get it. */
const ANSWER_MS = 20_000;

export const levelStateOf = (session: SendSession): LevelState => ({
  level: session.level,
  changedAtMs: session.levelChangedAt.getTime(),
  holdSeconds: session.holdSeconds,
  rose: session.rose,
});

/**
 * Whether a recommendation is sent now: a new one, or the same to a client that may not have got it: another
 * connection, or one that did not answer.
 */
export function mustSend(
  session: Pick<SendSession, 'connection' | 'recommendedAt'> | null,
  { isChanged, connection, isAnswered }: { isChanged: boolean; connection: string; isAnswered: boolean },
  nowMs: number,
): boolean {
  if (!session) return true;
  const sinceMs = nowMs - session.recommendedAt.getTime();
  if (sinceMs < MIN_INTERVAL_MS) return false;
  return isChanged || connection !== session.connection || (!isAnswered && sinceMs >= ANSWER_MS);
}
