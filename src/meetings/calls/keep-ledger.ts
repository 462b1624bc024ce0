import type { Ctx } from '../../platform/context/index.ts';
import { requestErrors } from '../../platform/core/index.ts';
import type { Queries, Statement } from '../../platform/db/index.ts';
import {
  boundByLists,
  type Evidence,
  type Happening,
  happenings,
  isOver,
  type LedgerView,
  mergeEvidence,
  NO_CALL_EVIDENCE,
  viewOf,
} from '../ledger/index.ts';
import {
  type Call,
  callColumns,
  type CallParticipant,
  type ConnectionRow,
  connectionRows,
  differs,
  type LedgerRows,
  type Step,
  storedEvidence,
  type TrackRow,
  trackRows,
} from './ledger-rows.rules.ts';
import { excessive } from './bounds.rules.ts';
import { sendingOut } from './send-out.ts';
import { changedPeople } from './people-rows.rules.ts';
import { changeCall, putConnections, putPeople, putTracks } from './ledger.queries.ts';

/** A call with all that is known of it, as it was read. */
export interface Ledger {
  rows: LedgerRows;
  evidence: Evidence;
  view: LedgerView;
}

/** Puts together what `readLedgers` read, by call; a call that is not there is not in it. */
export function ledgersOf([calls, connections, tracks, people, taken]: readonly [
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
        people: byCall[2].get(id) ?? [],
        roomTaken: taken.some((each) => each.id === id),
      };
      const evidence = storedEvidence(rows);
      return [id, { rows, evidence, view: viewOf(evidence, call.createdAt.getTime()) }];
    }),
  );
}

/** A call that was lost and is back stays over when its room has begun another: that it is over is now decided here. */
function settled({ rows, view }: Ledger, evidence: Evidence, nowMs: number): Evidence {
  const { call, roomTaken } = rows;
  const after = viewOf(evidence, call.createdAt.getTime()).call.status;
  const { ended } = view.call;
  if (!roomTaken || !ended || isOver(after)) return evidence;
  const closed = { ...ended, knownAtMs: nowMs, reason: view.call.endReason };
  return mergeEvidence(evidence, {
    call: { ...NO_CALL_EVIDENCE, closed },
    connections: new Map(),
    tracks: new Map(),
  });
}

/** What a happening is told as; every id in it is of the call's organization. */
function effectOf({ id: callId, roomId }: Call, step: Step, happening: Happening) {
  const payload: Record<string, string> = { callId, roomId };
  const add = (sid: string) => {
    const { identity } = step.evidence.connections.get(sid)!;
    Object.assign(payload, {
      participantId: step.participantIds.get(identity)!,
      identity,
      connectionSid: sid,
    });
  };
  if ('connection' in happening) add(happening.connection.sid);
  if ('track' in happening) {
    add(happening.track.connectionSid);
    payload.trackSid = happening.track.sid;
  }
  return { type: happening.type, key: callId, payload };
}

/**
 * Adds evidence to a call: its rows become what all of it comes to, and what turned by that is told, in one commit. It
 * fails when somebody else changed the call since it was read.
 * @param always also when nothing is to be seen of it
 * @returns whether anything was written
 * @throws AppError `request.stale`
 */
export async function addEvidence(
  ctx: Pick<Ctx, 'commit' | 'clock' | 'ids'>,
  ledger: Ledger,
  told: Evidence,
  always?: (q: Queries) => readonly Statement[],
): Promise<boolean> {
  const { rows, view: before } = ledger;
  const { call, people } = rows;
  const now = new Date(ctx.clock.now());
  const bound = boundByLists(ledger.evidence, told);
  const evidence = settled(ledger, mergeEvidence(ledger.evidence, bound), now.getTime());
  const after = viewOf(evidence, call.createdAt.getTime());
  if (!always && !differs(before, after)) return false;
  const newPeople = changedPeople(rows, before, after, { now, newId: () => ctx.ids.create('participant') });
  const everyone = [...people, ...newPeople];
  const step: Step = {
    before,
    after,
    told,
    evidence,
    participantIds: new Map(everyone.map(({ identity, id }) => [identity, id])),
  };
  const roles = new Map(everyone.map(({ identity, role }) => [identity, role]));
  const out = sendingOut(call, everyone, excessive(before, after), now);
  await ctx.commit({
    // Written by the system: what the cluster told belongs to no tenant. The effects are the organization's.
    scope: { role: 'system', organizationId: call.organizationId, userId: null },
    write: (q) => [
      changeCall(q, call, callColumns(step, roles, now)),
      ...putPeople(q, newPeople),
      ...putConnections(q, connectionRows(rows, step)),
      ...putTracks(q, trackRows(rows, step)),
      ...out.write(q),
      ...(always?.(q) ?? []),
    ],
    audit: out.audit,
    effects: [...happenings(before, after).map((each) => effectOf(call, step, each)), ...out.effects],
    conflicts: {
      // Somebody got a seat, or the room another call, in this moment.
      call_participants_identity_key: requestErrors.stale,
      calls_open_room_key: requestErrors.stale,
    },
    result: undefined,
  });
  return true;
}
