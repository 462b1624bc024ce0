import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { isStale, runConcurrently } from '../../kernel/core/index.ts';
import {
  addEvidence,
  type Ledger,
  assembleLedgers,
  markCallsSwept,
  selectLedgers,
  type SweptCall,
} from '../calls/index.ts';
import type { ClusterParticipant, ClusterRoom, MediaApi } from '../clusters/index.ts';
import {
  dropOddListTimes,
  type Evidence,
  evidenceOfLists,
  isOver,
  type ListAnswer,
  type ClusterLists,
  mergeEvidence,
  deriveLedgerState,
} from '../ledger/index.ts';
import { countDroppedTimes } from './count-dropped-times.ts';
import { evidenceOfClosing, overdueReason } from './overdue-calls.rules.ts';
import { isCallRoom } from './sync.rules.ts';

/** Calls whose ledgers are read together. */
const BATCH_SIZE = 25;
/** Requests to one cluster at the same time. */
const CONCURRENCY = 8;
const MAX_ATTEMPTS = 3;

export interface SweepReport {
  /** Calls that were compared with the lists. */
  calls: number;
  /** Of these, calls whose ledger differed from the lists. */
  changed: number;
  /** Calls left to the next sweep: the cluster did not list their participants, others kept changing them, or time ran out. */
  missed: number;
  /** LiveKit rooms deleted, because their call is over. */
  deletedRooms: number;
}

type RoomList = ListAnswer<ReadonlyMap<string, ClusterRoom>>;

async function withTimes<T>({ clock }: Ctx, ask: () => Promise<T>): Promise<ListAnswer<T>> {
  const askedAtMs = clock.now();
  const value = await ask();
  return { askedAtMs, answeredAtMs: clock.now(), value };
}

interface ClusterSweep {
  ctx: Ctx;
  api: MediaApi;
  /** By name. */
  rooms: RoomList;
  report: SweepReport;
}

/** The evidence of the lists for one call and, when that leaves it overdue, of its end. */
function evidenceFromLists(ledger: Ledger, lists: ClusterLists, nowMs: number): Evidence {
  const { createdAt } = ledger.rows.call;
  const listed = evidenceOfLists(ledger.state, lists);
  const evidence = mergeEvidence(ledger.evidence, listed);
  const state = deriveLedgerState(evidence, createdAt.getTime());
  const reason = overdueReason({ ...ledger, state }, nowMs);
  return reason ? mergeEvidence(listed, evidenceOfClosing(reason, nowMs)) : listed;
}

/** A call whose ledger cannot be written is missed and logged, and holds back no other. */
async function sweepCall(
  { ctx, report }: ClusterSweep,
  first: Ledger,
  lists: ClusterLists,
): Promise<'changed' | 'same' | 'missed'> {
  const { id } = first.rows.call;
  let ledger: Ledger | undefined = first;
  for (let attempt = 0; ledger && attempt < MAX_ATTEMPTS; attempt++)
    try {
      const written = await addEvidence(ctx, ledger, evidenceFromLists(ledger, lists, ctx.clock.now()));
      if (written) report.changed++;
      return written ? 'changed' : 'same';
    } catch (error) {
      if (!isStale(error)) {
        ctx.log.error('calls.not_swept', { callId: id, error });
        return 'missed';
      }
      ledger = assembleLedgers(await ctx.read((q) => selectLedgers(q, [id]), systemScope)).get(id);
    }
  return 'missed';
}

/** Deletes the cluster's rooms of those calls that are over, by what is stored now. */
async function deleteEndedRooms(
  { ctx, api, rooms, report }: ClusterSweep,
  callIds: readonly string[],
): Promise<void> {
  const listedIds = callIds.filter((id) => rooms.value.has(id));
  if (listedIds.length === 0) return;
  const ledgers = assembleLedgers(await ctx.read((q) => selectLedgers(q, listedIds), systemScope)).values();
  const endedLedgers = [...ledgers].filter(({ state }) => isOver(state.call.status));
  await runConcurrently(endedLedgers, CONCURRENCY, async ({ rows }) => {
    try {
      if (await api.deleteRoom(rows.call.id)) report.deletedRooms++;
    } catch (error) {
      ctx.log.warn('calls.room_not_deleted', { callId: rows.call.id, error });
    }
  });
}

/** Lists the participants of the calls that have a LiveKit room; a call whose list fails is missed. */
async function listAllParticipants(
  { ctx, api, rooms, report }: ClusterSweep,
  ledgers: readonly Ledger[],
): Promise<Map<Ledger, ClusterLists>> {
  const lists = new Map<Ledger, ClusterLists>();
  await runConcurrently(ledgers, CONCURRENCY, async (ledger) => {
    const { id, cluster, createdAt } = ledger.rows.call;
    const room = { ...rooms, value: rooms.value.get(id) };
    try {
      const participants: ListAnswer<readonly ClusterParticipant[]> | undefined =
        room.value && (await withTimes(ctx, () => api.listParticipants(id)));
      const listed = dropOddListTimes(participants ? { room, participants } : { room }, createdAt.getTime());
      countDroppedTimes(ctx, id, cluster, listed.dropped);
      lists.set(ledger, listed.value);
    } catch (error) {
      report.missed++;
      ctx.log.warn('calls.not_listed', { callId: id, error });
    }
  });
  return lists;
}

/** Whether the lists contain every connection and track that is open in the ledger. */
function listsNameEverythingOpen({ state }: Ledger, lists: ClusterLists): boolean {
  if (!lists.room.value) return false;
  const { connections, tracks } = evidenceOfLists(state, lists);
  const wasSeen = (each?: { lastMs: number | null }) => each !== undefined && each.lastMs !== null;
  return (
    state.connections.every(({ sid, left }) => left !== null || wasSeen(connections.get(sid))) &&
    state.tracks.every(({ sid, unpublished }) => unpublished !== null || wasSeen(tracks.get(sid)))
  );
}

async function sweepBatch(sweep: ClusterSweep, cluster: string, callIds: readonly string[]): Promise<void> {
  const { ctx, rooms, report } = sweep;
  const rows = await ctx.read((q) => selectLedgers(q, callIds), systemScope);
  // A LiveKit room here may have the name of a call that is held on another cluster.
  const ledgers = [...assembleLedgers(rows).values()].filter(
    ({ rows: { call } }) => call.cluster === cluster,
  );
  const lists = await listAllParticipants(sweep, ledgers);
  const unchanged: SweptCall[] = [];
  const maybeEnded: string[] = [];
  await runConcurrently([...lists], CONCURRENCY, async ([ledger, listed]) => {
    const { call } = ledger.rows;
    const outcome = await sweepCall(sweep, ledger, listed);
    if (outcome === 'same') unchanged.push({ ...call, confirmed: listsNameEverythingOpen(ledger, listed) });
    if (outcome === 'changed' || isOver(ledger.state.call.status)) maybeEnded.push(call.id);
    report[outcome === 'missed' ? 'missed' : 'calls']++;
  });
  if (unchanged.length > 0)
    await ctx.commit({
      scope: systemScope,
      write: (q) => [markCallsSwept(q, unchanged, new Date(rooms.askedAtMs))],
      result: undefined,
    });
  await deleteEndedRooms(sweep, maybeEnded);
}

/**
 * Compares the ledgers of a cluster's calls with the cluster's own lists: the given calls, and those of its rooms.
 * @param hasTimeLeft asked before each batch of 25 calls; the calls that remain are missed
 * @throws AppError `clusters.*` or `server.unavailable` when the cluster does not list its rooms: nothing is concluded
 */
export async function sweepCluster(
  ctx: Ctx,
  cluster: string,
  knownCallIds: readonly string[],
  hasTimeLeft: () => boolean,
): Promise<SweepReport> {
  const api = ctx.ports.clusters.api(cluster, ctx.trace);
  const list = await withTimes(ctx, () => api.listRooms());
  const rooms: RoomList = { ...list, value: new Map(list.value.map((room) => [room.name, room])) };
  const callIds = [...new Set([...knownCallIds, ...[...rooms.value.keys()].filter(isCallRoom)])];
  const report: SweepReport = { calls: 0, changed: 0, missed: 0, deletedRooms: 0 };
  const sweep: ClusterSweep = { ctx, api, rooms, report };
  for (let at = 0; at < callIds.length; at += BATCH_SIZE) {
    if (hasTimeLeft()) await sweepBatch(sweep, cluster, callIds.slice(at, at + BATCH_SIZE));
    else report.missed += Math.min(BATCH_SIZE, callIds.length - at);
  }
  return report;
}
