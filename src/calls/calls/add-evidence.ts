import type { Ctx } from '../../kernel/context/index.ts';
import { requestErrors } from '../../kernel/core/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import {
  boundEvidenceByLists,
  connectionsWithChangedTime,
  type Evidence,
  type LedgerChange,
  listLedgerChanges,
  isOver,
  type LedgerState,
  mergeEvidence,
  NO_CALL_EVIDENCE,
  deriveLedgerState,
} from '../ledger/index.ts';
import {
  type Call,
  callColumns,
  type CallParticipant,
  type ConnectionRow,
  connectionRows,
  statesDiffer,
  type LedgerRows,
  type LedgerStep,
  evidenceOfRows,
  type TrackRow,
  trackRows,
} from './ledger-rows.rules.ts';
import { findExcessiveUsage } from './identity-usage.rules.ts';
import { changedParticipantRows } from './participant-rows.rules.ts';
import { updateCall, upsertConnections, upsertParticipants, upsertTracks } from './ledger.queries.ts';
import {
  callEnded,
  callStarted,
  connectionTimesChanged,
  MAX_TIMED_CONNECTIONS,
  participantJoined,
  participantLimitExceeded,
  participantLeft,
  trackPublished,
  trackUnpublished,
} from './calls.events.ts';
import type { DomainEvent } from '../../kernel/events/index.ts';

/** A call with everything that is stored about it. */
export interface Ledger {
  rows: LedgerRows;
  evidence: Evidence;
  state: LedgerState;
}

/** Puts together the rows of `selectLedgers`, by call id. */
export function assembleLedgers([calls, connections, tracks, people, supersededCalls]: readonly [
  readonly Call[],
  readonly ConnectionRow[],
  readonly TrackRow[],
  readonly CallParticipant[],
  readonly { id: string }[],
]): Map<string, Ledger> {
  const callIdOf = ({ callId }: { callId: string }) => callId;
  const byCall = [
    Map.groupBy(connections, callIdOf),
    Map.groupBy(tracks, callIdOf),
    Map.groupBy(people, callIdOf),
  ] as const;
  return new Map(
    calls.map((call) => {
      const { id } = call;
      const rows: LedgerRows = {
        call,
        connections: byCall[0].get(id) ?? [],
        tracks: byCall[1].get(id) ?? [],
        participants: byCall[2].get(id) ?? [],
        roomHasOtherCall: supersededCalls.some((each) => each.id === id),
      };
      const evidence = evidenceOfRows(rows);
      return [id, { rows, evidence, state: deriveLedgerState(evidence, call.createdAt.getTime()) }];
    }),
  );
}

/** A lost call that reappears stays over when its room has another open call: then this product has ended it. */
function preventReopening({ rows, state }: Ledger, evidence: Evidence, nowMs: number): Evidence {
  const { call, roomHasOtherCall } = rows;
  const after = deriveLedgerState(evidence, call.createdAt.getTime()).call.status;
  const { ended } = state.call;
  if (!roomHasOtherCall || !ended || isOver(after)) return evidence;
  const closed = { ...ended, knownAtMs: nowMs, reason: state.call.endReason };
  return mergeEvidence(evidence, {
    call: { ...NO_CALL_EVIDENCE, closed },
    connections: new Map(),
    tracks: new Map(),
  });
}

/** The ids of a connection's participant. */
function connectionIds({ id: callId, roomId }: Call, step: LedgerStep, connectionSid: string) {
  const { identity } = step.evidence.connections.get(connectionSid)!;
  return { callId, roomId, participantId: step.participantIds.get(identity)!, identity, connectionSid };
}

const PARTICIPANT_EVENTS = {
  'participant.joined': participantJoined,
  'participant.left': participantLeft,
} as const;
const TRACK_EVENTS = { 'track.published': trackPublished, 'track.unpublished': trackUnpublished } as const;

function timeEventsOfStep({ id: callId, roomId }: Call, { before, after }: LedgerStep): DomainEvent[] {
  const sids = connectionsWithChangedTime(before, after);
  const count = Math.ceil(sids.length / MAX_TIMED_CONNECTIONS);
  return Array.from({ length: count }, (_, at) => {
    const connectionSids = sids.slice(at * MAX_TIMED_CONNECTIONS, (at + 1) * MAX_TIMED_CONNECTIONS);
    return connectionTimesChanged.of({ callId, roomId, connectionSids });
  });
}

/** The events of a step of the ledger, in the order in which things happened. */
function eventsOfStep(call: Call, step: LedgerStep): DomainEvent[] {
  const { id: callId, roomId } = call;
  const { before, after, participantIds } = step;
  return [
    ...listLedgerChanges(before, after).map((change) => toDomainEvent(call, step, change)),
    ...findExcessiveUsage(before, after).map((usage) =>
      participantLimitExceeded.of({
        callId,
        roomId,
        participantId: participantIds.get(usage.identity)!,
        ...usage,
      }),
    ),
    ...timeEventsOfStep(call, step),
  ];
}

function toDomainEvent(call: Call, step: LedgerStep, change: LedgerChange): DomainEvent {
  if ('connection' in change)
    return PARTICIPANT_EVENTS[change.type].of(connectionIds(call, step, change.connection.sid));
  if ('track' in change) {
    const { connectionSid, sid: trackSid } = change.track;
    return TRACK_EVENTS[change.type].of({ ...connectionIds(call, step, connectionSid), trackSid });
  }
  const definition = change.type === 'call.started' ? callStarted : callEnded;
  return definition.of({ callId: call.id, roomId: call.roomId });
}

/**
 * Adds evidence to a call: derives its rows from all evidence, and writes them with an event for each change, in one commit.
 * @param extraWrites written in the same commit, also when the call does not change
 * @returns whether anything was written
 * @throws AppError `request.stale` when the call was changed since it was read
 */
export async function addEvidence(
  ctx: Pick<Ctx, 'commit' | 'clock' | 'ids'>,
  ledger: Ledger,
  newEvidence: Evidence,
  extraWrites?: (q: Queries) => readonly Statement[],
): Promise<boolean> {
  const { rows, state: before } = ledger;
  const { call, participants } = rows;
  const now = new Date(ctx.clock.now());
  const boundedEvidence = boundEvidenceByLists(ledger.evidence, newEvidence);
  const evidence = preventReopening(ledger, mergeEvidence(ledger.evidence, boundedEvidence), now.getTime());
  const after = deriveLedgerState(evidence, call.createdAt.getTime());
  if (!extraWrites && !statesDiffer(before, after)) return false;
  const changedRows = changedParticipantRows(rows, before, after, {
    now,
    newId: () => ctx.ids.create('participant'),
  });
  const allParticipants = [...participants, ...changedRows];
  const step: LedgerStep = {
    before,
    after,
    newEvidence,
    evidence,
    participantIds: new Map(allParticipants.map(({ identity, id }) => [identity, id])),
  };
  const roles = new Map(allParticipants.map(({ identity, role }) => [identity, role]));
  await ctx.commit({
    // Reports of a cluster are written in the system's scope; the events belong to the organization.
    scope: { role: 'system', organizationId: call.organizationId, userId: null },
    write: (q) => [
      updateCall(q, call, callColumns(step, roles, now)),
      ...upsertParticipants(q, changedRows),
      ...upsertConnections(q, connectionRows(rows, step)),
      ...upsertTracks(q, trackRows(rows, step)),
      ...(extraWrites?.(q) ?? []),
    ],
    events: eventsOfStep(call, step),
    conflicts: {
      // A participant got a seat, or the room another call, at the same moment.
      call_participants_identity_key: requestErrors.stale,
      calls_open_room_key: requestErrors.stale,
    },
    result: undefined,
  });
  return true;
}
