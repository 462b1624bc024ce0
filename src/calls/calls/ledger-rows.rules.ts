import {
  type ConnectionEvidence,
  type Evidence,
  type LedgerState,
  mergeEvidence,
  NO_CALL_EVIDENCE,
  countPeakParticipants,
  connectedMs,
  type Fact,
  type TrackEvidence,
} from '../ledger/index.ts';
import type { callConnections, callParticipants, calls, callTracks } from './calls.tables.ts';
import { UNCOUNTED_ROLES } from './calls.enums.ts';

export type Call = typeof calls.$inferSelect;
export type CallParticipant = typeof callParticipants.$inferSelect;
export type ConnectionRow = typeof callConnections.$inferSelect;
export type TrackRow = typeof callTracks.$inferSelect;

export interface LedgerRows {
  call: Call;
  connections: readonly ConnectionRow[];
  tracks: readonly TrackRow[];
  participants: readonly CallParticipant[];
  /** Whether the room has another open call. */
  roomHasOtherCall: boolean;
}

const dateOfFact = (fact: Fact | null): Date | null => fact && new Date(fact.atMs);

/** The evidence of a row, with the last sweep that found nothing new: if the row is not newer, the sweep saw it. */
function extendBySweep<T extends ConnectionEvidence | TrackEvidence>(
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

/** All stored evidence of a call. */
export function evidenceOfRows({ call, connections, tracks }: LedgerRows): Evidence {
  const own = call.evidence ?? NO_CALL_EVIDENCE;
  const seenMs = call.status === 'active' && call.sweptVersion !== null ? call.sweptAt!.getTime() : null;
  const lastMs = seenMs === null ? own.lastMs : Math.max(own.lastMs ?? 0, seenMs);
  return mergeEvidence({
    call: { ...own, lastMs, listedMs: seenMs === null ? own.listedMs : Math.max(own.listedMs ?? 0, seenMs) },
    connections: new Map(connections.map((row) => [row.sid, extendBySweep(row, row.leftAt, call)])),
    tracks: new Map(tracks.map((row) => [row.sid, extendBySweep(row, row.unpublishedAt, call)])),
  });
}

/** The entries to write: those that the new evidence names, and others that changed because of it. */
function changedEntries<T extends { sid: string }>(
  before: readonly T[],
  after: readonly T[],
  touchedSids: ReadonlyMap<string, unknown>,
): T[] {
  const previousBySid = new Map(before.map((each) => [each.sid, JSON.stringify(each)]));
  return after.filter(
    (each) => touchedSids.has(each.sid) || previousBySid.get(each.sid) !== JSON.stringify(each),
  );
}

/** Whether two states of a call differ. */
export const statesDiffer = (before: LedgerState, after: LedgerState): boolean =>
  JSON.stringify(before) !== JSON.stringify(after);

export interface LedgerStep {
  before: LedgerState;
  after: LedgerState;
  /** The evidence that was added. */
  newEvidence: Evidence;
  /** All evidence, the new one included. */
  evidence: Evidence;
  /** Ids of all participants, by identity. */
  participantIds: ReadonlyMap<string, string>;
}

export function connectionRows({ call }: LedgerRows, step: LedgerStep): ConnectionRow[] {
  const { id: callId, organizationId, version } = call;
  return changedEntries(step.before.connections, step.after.connections, step.newEvidence.connections).map(
    ({ sid, identity, name, connected, joined, left, leaveReason }) => ({
      organizationId,
      callId,
      sid,
      participantId: step.participantIds.get(identity)!,
      name,
      joined,
      joinedAt: new Date(joined.atMs),
      left,
      leftAt: dateOfFact(left),
      leaveReason,
      connected,
      evidence: step.evidence.connections.get(sid)!,
      version: version + 1,
    }),
  );
}

export function trackRows({ call }: LedgerRows, step: LedgerStep): TrackRow[] {
  const { id: callId, organizationId, version } = call;
  return changedEntries(step.before.tracks, step.after.tracks, step.newEvidence.tracks).map(
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
      unpublishedAt: dateOfFact(unpublished),
      evidence: step.evidence.tracks.get(sid)!,
      version: version + 1,
    }),
  );
}

/** The columns of the call's row. @param roles by identity */
export function callColumns(
  { after, evidence }: LedgerStep,
  roles: ReadonlyMap<string, CallParticipant['role']>,
  now: Date,
) {
  const { status, started, ended, endReason } = after.call;
  const uncountedRoles: readonly string[] = UNCOUNTED_ROLES;
  return {
    status,
    started,
    startedAt: dateOfFact(started),
    ended,
    endedAt: dateOfFact(ended),
    endReason,
    peakParticipants: countPeakParticipants(
      after.connections,
      (identity) => !uncountedRoles.includes(roles.get(identity) ?? 'participant'),
    ),
    participantMs: connectedMs(after.connections),
    evidence: evidence.call,
    updatedAt: now,
  };
}
