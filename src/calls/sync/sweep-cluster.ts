import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { AppError, requestErrors } from '../../kernel/core/index.ts';
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
  evidenceOfLists,
  isOver,
  type ListAnswer,
  type ClusterLists,
  mergeEvidence,
  deriveLedgerState,
} from '../ledger/index.ts';
import { runConcurrently } from './run-concurrently.ts';
import { selectCallTimeouts } from './sweep.queries.ts';
import { evidenceOfClosing, overdueReason, type CallTimeouts } from './overdue-calls.rules.ts';

/** Calls whose ledgers are read together. */
const BATCH_SIZE = 25;
/** Questions to one cluster at the same time. */
const CONCURRENCY = 8;
const MAX_RETRIES = 3;

export interface SweepReport {
  calls: number;
  /** Whose ledger was not what the lists say. */
  changed: number;
  /** Calls that could not be asked for, or that others kept changing: the next sweep's. */
  missed: number;
  /** LiveKit rooms deleted, because their call is over. */
  deleted: number;
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
  rooms: RoomList;
  report: SweepReport;
}

/** What the lists make of one call; undefined when they say what is known, and when. */
function evidenceFromLists(
  ledger: Ledger,
  lists: ClusterLists,
  timeouts: CallTimeouts | undefined,
  nowMs: number,
) {
  const { createdAt } = ledger.rows.call;
  const found = evidenceOfLists(ledger.state, lists);
  const evidence = mergeEvidence(ledger.evidence, found);
  const state = deriveLedgerState(evidence, createdAt.getTime());
  const reason = timeouts ? overdueReason({ ...ledger, state }, timeouts, nowMs) : null;
  return reason ? mergeEvidence(found, evidenceOfClosing(reason, nowMs)) : found;
}

async function sweepCall(
  { ctx, report }: ClusterSweep,
  first: Ledger,
  lists: ClusterLists,
  timeouts: CallTimeouts | undefined,
): Promise<'changed' | 'same' | 'missed'> {
  const { id } = first.rows.call;
  let ledger: Ledger | undefined = first;
  for (let retry = 0; ledger && retry < MAX_RETRIES; retry++)
    try {
      const evidence = evidenceFromLists(ledger, lists, timeouts, ctx.clock.now());
      const written = await addEvidence(ctx, ledger, evidence);
      if (written) report.changed++;
      return written ? 'changed' : 'same';
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== requestErrors.stale.definition.code) throw error;
      ledger = assembleLedgers(await ctx.read((q) => selectLedgers(q, [id]), systemScope)).get(id);
    }
  return 'missed';
}

/** Deletes the cluster's rooms of calls that are over by what is stored now. */
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
      if (await api.deleteRoom(rows.call.id)) report.deleted++;
    } catch (error) {
      ctx.log.warn('calls.room_not_deleted', { callId: rows.call.id, error });
    }
  });
}

/** Asks for the participants of those of the calls that have a room; what cannot be asked for is missed. */
async function listAllParticipants(
  { ctx, api, rooms, report }: ClusterSweep,
  ledgers: readonly Ledger[],
): Promise<Map<Ledger, ClusterLists>> {
  const lists = new Map<Ledger, ClusterLists>();
  await runConcurrently(ledgers, CONCURRENCY, async (ledger) => {
    const { id } = ledger.rows.call;
    const room = { ...rooms, value: rooms.value.get(id) };
    try {
      const participants: ListAnswer<readonly ClusterParticipant[]> | undefined =
        room.value && (await withTimes(ctx, () => api.listParticipants(id)));
      lists.set(ledger, participants ? { room, participants } : { room });
    } catch (error) {
      report.missed++;
      ctx.log.warn('calls.not_listed', { callId: id, error });
    }
  });
  return lists;
}

/** Whether the lists name everything that is open in the call. */
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
  const [timeouts, ...rows] = await ctx.read(
    (q) => [selectCallTimeouts(q, callIds), ...selectLedgers(q, callIds)] as const,
    systemScope,
  );
  // A room may have the name of a call that is held elsewhere: then it is none of ours.
  const ledgers = [...assembleLedgers(rows).values()].filter(
    ({ rows: { call } }) => call.cluster === cluster,
  );
  const lists = await listAllParticipants(sweep, ledgers);
  const unchanged: SweptCall[] = [];
  const maybeEnded: string[] = [];
  await runConcurrently([...lists], CONCURRENCY, async ([ledger, found]) => {
    const { call } = ledger.rows;
    const timeout = timeouts.find(({ callId }) => callId === call.id);
    const outcome = await sweepCall(sweep, ledger, found, timeout);
    if (outcome === 'same') unchanged.push({ ...call, confirmed: listsNameEverythingOpen(ledger, found) });
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
 * Compares the ledgers of a cluster's calls with its own lists: those that are given, and those of the rooms it has.
 * @param mayGoOn false when there is no time for more
 * @returns what was done; calls that were not reached are missed
 * @throws AppError `clusters.*` or `server.unavailable` when the cluster does not list its rooms: nothing is concluded
 */
export async function sweepCluster(
  ctx: Ctx,
  cluster: string,
  knownCallIds: readonly string[],
  { isOurs: isCallRoom, mayGoOn: hasTimeLeft }: { isOurs: (room: string) => boolean; mayGoOn: () => boolean },
): Promise<SweepReport> {
  const api = ctx.ports.clusters.api(cluster, ctx.trace);
  const list = await withTimes(ctx, () => api.listRooms());
  const rooms: RoomList = { ...list, value: new Map(list.value.map((room) => [room.name, room])) };
  const callIds = [...new Set([...knownCallIds, ...[...rooms.value.keys()].filter(isCallRoom)])];
  const report: SweepReport = { calls: 0, changed: 0, missed: 0, deleted: 0 };
  const sweep: ClusterSweep = { ctx, api, rooms, report };
  for (let at = 0; at < callIds.length; at += BATCH_SIZE) {
    if (hasTimeLeft()) await sweepBatch(sweep, cluster, callIds.slice(at, at + BATCH_SIZE));
    else report.missed += Math.min(BATCH_SIZE, callIds.length - at);
  }
  return report;
}
