import type { ClusterTarget } from '../../calls/clusters/index.ts';
import type { TARGET_PROTOCOLS, TargetReason, TargetState } from './stream-targets.enums.ts';

/** Targets that a stream is sent to at once. */
export const MAX_TARGETS = 8;
/** Targets that a stream may have had, with those that are over. */
export const MAX_TARGETS_EVER = 50;

/** One address that a stream is sent to, as the row of the stream has it. Moments are ISO 8601. */
export interface StreamTarget {
  id: string;
  /** The address without its secret parts. */
  url: string;
  /** The whole address, encrypted, bound to the target; null once the target is over. */
  sealedAddress: string | null;
  state: TargetState;
  reason: TargetReason | null;
  /** Whether the cluster has reported it. */
  isListed: boolean;
  /** When the cluster was last asked to add it to a stream that runs; absent when it never was. */
  addRequestedAt?: string;
  removeRequestedAt: string | null;
  startedAt: string | null;
  endedAt: string | null;
  createdAt: string;
}

/** The whole address of a target, as it is needed to send to it and to find it in a report. */
export interface TargetAddress {
  id: string;
  address: string;
}

export const isTargetOver = ({ state }: Pick<StreamTarget, 'state'>): boolean =>
  state === 'ended' || state === 'failed';

export const protocolOf = ({ url }: Pick<StreamTarget, 'url'>): (typeof TARGET_PROTOCOLS)[number] =>
  url.startsWith('srt:') ? 'srt' : 'rtmp';

/** The parts of an address that a customer gives. */
export interface NewTarget {
  url: string;
  streamKey?: string | undefined;
  passphrase?: string | undefined;
}

/** The address at which the cluster connects. With SRT the cluster always calls, and never waits for a caller. */
export function addressOf({ url, streamKey, passphrase }: NewTarget): string {
  const base = url.replace(/\/$/, '');
  if (!base.startsWith('srt:')) return `${base}/${streamKey ?? ''}`;
  const query = new URLSearchParams({
    mode: 'caller',
    ...(streamKey === undefined ? {} : { streamid: streamKey }),
    ...(passphrase === undefined ? {} : { passphrase }),
  });
  return `${base}?${query.toString().replaceAll('+', '%20')}`;
}

/** As LiveKit hides a key: its first and last characters, at most three each. */
function redact(key: string): string {
  const shown = [3, 2, 1].find((count) => key.length >= count * 3) ?? 0;
  return `{${key.slice(0, shown)}...${shown === 0 ? '' : key.slice(-shown)}}`;
}

const RTMP = /^(rtmps?:\/\/)(.*\/)(.*\/)(\S*)$/;
/** LiveKit replaces the host of such an address by the one that Twitch names at that moment. */
const TWITCH = /^rtmps?:\/\/.*\.contribute\.live-video\.net\/app\//;

/** An address as reports have it, so that both can be compared. */
export function reportedForm(address: string): string {
  const match = RTMP.exec(address);
  const redacted =
    match && !/\{.*\}$/.test(match[4]!) ? `${match[1]}${match[2]}${match[3]}${redact(match[4]!)}` : address;
  return redacted.replace(TWITCH, 'twitch://app/');
}

/** Ends the targets of a stream that is over. Their addresses are no longer needed, and deleted. */
export function endTargets(targets: StreamTarget[], nowMs: number): StreamTarget[] {
  return targets.map((target) =>
    isTargetOver(target) ? target : endTarget(target, 'ended', target.isListed ? null : 'not_sent', nowMs),
  );
}

export const endTarget = (
  target: StreamTarget,
  state: 'ended' | 'failed',
  reason: TargetReason | null,
  nowMs: number,
): StreamTarget => ({
  ...target,
  state,
  reason,
  sealedAddress: null,
  endedAt: target.endedAt ?? new Date(nowMs).toISOString(),
});

const toIso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

function targetByReport(
  target: StreamTarget,
  { status, startedAtMs, endedAtMs }: ClusterTarget,
): StreamTarget {
  const startedAt = target.startedAt ?? toIso(startedAtMs);
  const listed = { ...target, isListed: true, startedAt };
  if (status === 'active') return { ...listed, state: 'active' };
  const isRemoved = status === 'finished' && target.removeRequestedAt !== null;
  return {
    ...listed,
    state: status === 'failed' ? 'failed' : 'ended',
    reason: isRemoved ? 'removed' : null,
    sealedAddress: null,
    endedAt: toIso(endedAtMs) ?? target.endedAt,
  };
}

/**
 * The targets after a report. An address that was added again is reported once for each time: a report that ended
 * before a target was added is not about this target.
 * @param addresses of the targets that are not over; one that cannot be decrypted is not among them
 * @returns the same list when nothing changed
 */
export function targetsByReport(
  targets: StreamTarget[],
  reported: readonly ClusterTarget[],
  addresses: readonly TargetAddress[],
): StreamTarget[] {
  const formOf = new Map(addresses.map(({ id, address }) => [id, reportedForm(address)]));
  const next = targets.map((target) => {
    const form = formOf.get(target.id);
    if (form === undefined || isTargetOver(target)) return target;
    const addedMs = Date.parse(target.createdAt);
    const report = reported.findLast(
      ({ url, endedAtMs }) => reportedForm(url) === form && (endedAtMs === null || endedAtMs >= addedMs),
    );
    return report ? targetByReport(target, report) : target;
  });
  return JSON.stringify(next) === JSON.stringify(targets) ? targets : next;
}
