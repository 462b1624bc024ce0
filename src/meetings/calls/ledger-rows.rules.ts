import {
  type ConnectionEvidence,
  type Evidence,
  type LedgerView,
  mergeEvidence,
  NO_CALL_EVIDENCE,
  peakOf,
  connectedMs,
  type Fact,
  type TrackEvidence,
} from '../ledger/index.ts';
import type { callConnections, callParticipants, calls, callTracks } from './calls.tables.ts';
import { SEATLESS_ROLES } from './calls.words.ts';

export type Call = typeof calls.$inferSelect;
export type CallParticipant = typeof callParticipants.$inferSelect;
export type ConnectionRow = typeof callConnections.$inferSelect;
export type TrackRow = typeof callTracks.$inferSelect;

export interface LedgerRows {
  call: Call;
  connections: readonly ConnectionRow[];
  tracks: readonly TrackRow[];
  people: readonly CallParticipant[];
  /** Whether the room has another open call by now. */
  roomTaken: boolean;
}

const when = (fact: Fact | null): Date | null => fact && new Date(fact.atMs);

/**
 * What a row's evidence has become by the sweeps that found nothing new: while it was as it is now, they saw it.
 */
function withSweeps<T extends ConnectionEvidence | TrackEvidence>(
  { evidence, version }: { evidence: T; version: number },
  ended: Date | null,
  { sweptAt, sweptVersion }: Call,
): T {
  if (ended || !sweptAt || sweptVersion === null || version > sweptVersion) return evidence;
  const sweptMs = sweptAt.getTime();
  return {
    ...evidence,
    lastMs: Math.max(evidence.lastMs ?? 0, sweptMs),
    ...('listedMs' in evidence ? { listedMs: Math.max(evidence.listedMs ?? 0, sweptMs) } : {}),
  };
}

/** What speaks for a call by all that is stored of it. */
export function storedEvidence({ call, connections, tracks }: LedgerRows): Evidence {
  const own = call.evidence ?? NO_CALL_EVIDENCE;
  const seenMs = call.status === 'active' && call.sweptVersion !== null ? call.sweptAt!.getTime() : null;
  const lastMs = seenMs === null ? own.lastMs : Math.max(own.lastMs ?? 0, seenMs);
  return mergeEvidence({
    call: { ...own, lastMs, listedMs: seenMs === null ? own.listedMs : Math.max(own.listedMs ?? 0, seenMs) },
    connections: new Map(connections.map((row) => [row.sid, withSweeps(row, row.leftAt, call)])),
    tracks: new Map(tracks.map((row) => [row.sid, withSweeps(row, row.unpublishedAt, call)])),
  });
}

/** What changed: all that the evidence names, and what follows from it for others. */
function changed<T extends { sid: string }>(
  before: readonly T[],
  after: readonly T[],
  named: ReadonlyMap<string, unknown>,
): T[] {
  const known = new Map(before.map((each) => [each.sid, JSON.stringify(each)]));
  return after.filter((each) => named.has(each.sid) || known.get(each.sid) !== JSON.stringify(each));
}

/** Whether anything that can be seen of a call is another. */
export const differs = (before: LedgerView, after: LedgerView): boolean =>
  JSON.stringify(before) !== JSON.stringify(after);

export interface Step {
  before: LedgerView;
  after: LedgerView;
  /** The evidence that made the step. */
  told: Evidence;
  /** All of it. */
  evidence: Evidence;
  /** Of everyone in the call, by identity. */
  participantIds: ReadonlyMap<string, string>;
}

export function connectionRows({ call }: LedgerRows, step: Step): ConnectionRow[] {
  const { id: callId, organizationId, version } = call;
  return changed(step.before.connections, step.after.connections, step.told.connections).map(
    ({ sid, identity, name, connected, joined, left, leaveReason }) => ({
      organizationId,
      callId,
      sid,
      participantId: step.participantIds.get(identity)!,
      name,
      joined,
      joinedAt: new Date(joined.atMs),
      left,
      leftAt: when(left),
      leaveReason,
      connected,
      evidence: step.evidence.connections.get(sid)!,
      version: version + 1,
    }),
  );
}

export function trackRows({ call }: LedgerRows, step: Step): TrackRow[] {
  const { id: callId, organizationId, version } = call;
  return changed(step.before.tracks, step.after.tracks, step.told.tracks).map(
    ({ sid, connectionSid, kind, source, muted, published, unpublished }) => ({
      organizationId,
      callId,
      sid,
      participantId: step.participantIds.get(step.evidence.connections.get(connectionSid)!.identity)!,
      connectionSid,
      kind,
      source,
      muted,
      published,
      publishedAt: new Date(published.atMs),
      unpublished,
      unpublishedAt: when(unpublished),
      evidence: step.evidence.tracks.get(sid)!,
      version: version + 1,
    }),
  );
}

/** The call's own columns. @param roles by identity */
export function callColumns(
  { after, evidence }: Step,
  roles: ReadonlyMap<string, CallParticipant['role']>,
  now: Date,
) {
  const { status, started, ended, endReason } = after.call;
  const seatless: readonly string[] = SEATLESS_ROLES;
  return {
    status,
    started,
    startedAt: when(started),
    ended,
    endedAt: when(ended),
    endReason,
    peakParticipants: peakOf(
      after.connections,
      (identity) => !seatless.includes(roles.get(identity) ?? 'participant'),
    ),
    participantMs: connectedMs(after.connections),
    evidence: evidence.call,
    updatedAt: now,
  };
}
