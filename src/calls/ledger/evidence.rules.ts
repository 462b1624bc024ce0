import type { EndReason, FactSource, LeaveReason, TrackKind, TrackSource } from './ledger.enums.ts';

/**
 * Evidence about a call as a join-semilattice: each field only grows in its own order, so `mergeEvidence` is commutative,
 * associative and idempotent, and neither the order nor the number of reports matters. `deriveLedgerState` resolves
 * contradictions. Times are milliseconds since the epoch.
 */

/** A reported moment. */
export interface TimeMark {
  atMs: number;
  how: FactSource;
  knownAtMs: number;
  /** The clusters round the time of an event down to a second; absent for a time that is exact. */
  wholeSeconds?: true;
}

export interface EndMark<Reason extends string> extends TimeMark {
  reason: Reason | null;
}

/** Something was missing in a list. Does not apply to what was seen at `sinceMs` or later: the list may be older. */
export interface AbsenceMark {
  sinceMs: number;
  /** When the list arrived: the end was not later. */
  atMs: number;
  /** When it was concluded; absent when at `atMs`. */
  knownAtMs?: number;
}

export interface PresenceEvidence {
  /** The first sighting. */
  first: TimeMark | null;
  lastMs: number | null;
  absent: AbsenceMark | null;
  /** A list that was requested at this time did not have it yet. */
  notBeforeMs: number | null;
}

/** Evidence of something whose parts the cluster lists. */
export interface ListedEvidence extends PresenceEvidence {
  /** When the cluster's last list of its participants or tracks was requested. */
  listedMs: number | null;
}

export interface CallEvidence extends ListedEvidence {
  /** When the cluster created the LiveKit room. */
  made: TimeMark | null;
  /** When the cluster closed the LiveKit room. */
  finished: EndMark<EndReason> | null;
  /** When this product ended the call. */
  closed: EndMark<EndReason> | null;
}

export interface ConnectionEvidence extends ListedEvidence {
  sid: string;
  identity: string;
  name: { text: string; atMs: number } | null;
  joined: TimeMark | null;
  left: EndMark<LeaveReason> | null;
  /** The cluster aborted the attempt to connect; it also reports this for some that were connected. */
  aborted: EndMark<LeaveReason> | null;
  /** Whether any evidence shows that media was connected. */
  proven: boolean;
}

export interface TrackEvidence extends PresenceEvidence {
  sid: string;
  connectionSid: string;
  /** The track's latest reported state. */
  about: { kind: TrackKind; source: TrackSource; muted: boolean; atMs: number };
  published: TimeMark | null;
  unpublished: TimeMark | null;
}

export interface Evidence {
  call: CallEvidence;
  /** By sid. */
  connections: ReadonlyMap<string, ConnectionEvidence>;
  tracks: ReadonlyMap<string, TrackEvidence>;
}

const NO_PRESENCE: PresenceEvidence = { first: null, lastMs: null, absent: null, notBeforeMs: null };
export const NO_CALL_EVIDENCE: CallEvidence = {
  ...NO_PRESENCE,
  listedMs: null,
  made: null,
  finished: null,
  closed: null,
};
export const NO_EVIDENCE: Evidence = { call: NO_CALL_EVIDENCE, connections: new Map(), tracks: new Map() };

/** Evidence that something was there, from the first sighting to the last. */
export function presenceSeen(first: TimeMark, lastMs = first.atMs): PresenceEvidence {
  return { ...NO_PRESENCE, first, lastMs };
}

export function presenceMissing(absent: AbsenceMark): PresenceEvidence {
  return { ...NO_PRESENCE, absent };
}

export const emptyConnectionEvidence = (sid: string, identity: string): ConnectionEvidence => ({
  ...NO_PRESENCE,
  listedMs: null,
  sid,
  identity,
  name: null,
  joined: null,
  left: null,
  aborted: null,
  proven: false,
});

const CERTAINTY: Record<FactSource, number> = { event: 0, sweep: 1, inferred: 2 };

/** The one of two that comes first by all keys: a total order, so that the order of the arguments does not matter. */
function firstBy<T extends object>(
  a: T | null,
  b: T | null,
  keys: (value: T) => readonly (string | number)[],
): T | null {
  if (!a || !b) return a ?? b;
  const [left, right] = [keys(a), keys(b)];
  const differs = left.findIndex((key, i) => key !== right[i]);
  return differs < 0 || left[differs]! < right[differs]! ? a : b;
}

/** The more certain mark: reported before listed before inferred; then the earlier one. */
const mostCertain = <T extends TimeMark & { reason?: string | null }>(a: T | null, b: T | null): T | null =>
  firstBy(a, b, (mark) => [
    CERTAINTY[mark.how],
    mark.atMs,
    mark.knownAtMs,
    mark.reason ?? '',
    Number(mark.wholeSeconds ?? false),
  ]);

const earliest = (a: TimeMark | null, b: TimeMark | null): TimeMark | null =>
  firstBy(a, b, (mark) => [
    mark.atMs,
    CERTAINTY[mark.how],
    mark.knownAtMs,
    Number(mark.wholeSeconds ?? false),
  ]);

function latest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}

const mergePresence = (a: PresenceEvidence, b: PresenceEvidence): PresenceEvidence => ({
  first: earliest(a.first, b.first),
  lastMs: latest(a.lastMs, b.lastMs),
  absent: firstBy(a.absent, b.absent, (absence) => [
    -absence.sinceMs,
    absence.atMs,
    absence.knownAtMs ?? absence.atMs,
  ]),
  notBeforeMs: latest(a.notBeforeMs, b.notBeforeMs),
});

const mergeCall = (a: CallEvidence, b: CallEvidence): CallEvidence => ({
  ...mergePresence(a, b),
  listedMs: latest(a.listedMs, b.listedMs),
  made: earliest(a.made, b.made),
  finished: mostCertain(a.finished, b.finished),
  closed: mostCertain(a.closed, b.closed),
});

const mergeConnection = (a: ConnectionEvidence, b: ConnectionEvidence): ConnectionEvidence => ({
  ...mergePresence(a, b),
  listedMs: latest(a.listedMs, b.listedMs),
  sid: a.sid,
  identity: a.identity < b.identity ? a.identity : b.identity,
  name: firstBy(a.name, b.name, ({ text, atMs }) => [-atMs, text]),
  joined: mostCertain(a.joined, b.joined),
  left: mostCertain(a.left, b.left),
  aborted: mostCertain(a.aborted, b.aborted),
  proven: a.proven || b.proven,
});

const mergeTrack = (a: TrackEvidence, b: TrackEvidence): TrackEvidence => ({
  ...mergePresence(a, b),
  sid: a.sid,
  connectionSid: a.connectionSid < b.connectionSid ? a.connectionSid : b.connectionSid,
  about: firstBy(a.about, b.about, ({ atMs, kind, source, muted }) => [-atMs, kind, source, String(muted)])!,
  published: mostCertain(a.published, b.published),
  unpublished: mostCertain(a.unpublished, b.unpublished),
});

function mergeMaps<T extends { sid: string }>(
  maps: readonly ReadonlyMap<string, T>[],
  merge: (a: T, b: T) => T,
): ReadonlyMap<string, T> {
  const merged = new Map<string, T>();
  for (const map of maps)
    for (const [sid, value] of map) {
      const known = merged.get(sid);
      merged.set(sid, known ? merge(known, value) : value);
    }
  return merged;
}

/** The union of all evidence. Commutative, associative and idempotent. */
export function mergeEvidence(...all: readonly Evidence[]): Evidence {
  return {
    call: all.map(({ call }) => call).reduce(mergeCall, NO_CALL_EVIDENCE),
    connections: mergeMaps(
      all.map(({ connections }) => connections),
      mergeConnection,
    ),
    tracks: mergeMaps(
      all.map(({ tracks }) => tracks),
      mergeTrack,
    ),
  };
}
