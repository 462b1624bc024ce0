import { type Ctx, systemScope } from '../../platform/context/index.ts';
import { AppError, requestErrors } from '../../platform/core/index.ts';
import {
  addEvidence,
  type Ledger,
  ledgersOf,
  markSwept,
  readLedgers,
  type SweptCall,
} from '../calls/index.ts';
import type { LiveParticipant, LiveRoom, MediaApi } from '../clusters/index.ts';
import { evidenceOfLists, isOver, type Listed, type Lists, mergeEvidence, viewOf } from '../ledger/index.ts';
import { inTurn } from './in-turn.ts';
import { timeoutsOf } from './reconciliation.queries.ts';
import { closedNow, overdue, type Timeouts } from './reconciliation.rules.ts';

/** Calls whose ledgers are read together. */
const PORTION = 25;
/** Questions to one cluster at the same time. */
const WIDTH = 8;
const MOST_RACES = 3;

export interface Swept {
  calls: number;
  /** Whose ledger was not what the lists say. */
  changed: number;
  /** Calls that could not be asked for, or that others kept changing: the next sweep's. */
  missed: number;
  /** LiveKit rooms deleted, because their call is over. */
  deleted: number;
}

type Rooms = Listed<ReadonlyMap<string, LiveRoom>>;

async function listed<T>({ clock }: Ctx, ask: () => Promise<T>): Promise<Listed<T>> {
  const askedAtMs = clock.now();
  const value = await ask();
  return { askedAtMs, answeredAtMs: clock.now(), value };
}

interface Sweep {
  ctx: Ctx;
  api: MediaApi;
  rooms: Rooms;
  swept: Swept;
}

/** What the lists make of one call; undefined when they say what is known, and when. */
function newsOf(ledger: Ledger, lists: Lists, timeouts: Timeouts | undefined, nowMs: number) {
  const { createdAt } = ledger.rows.call;
  const found = evidenceOfLists(ledger.view, lists);
  const evidence = mergeEvidence(ledger.evidence, found);
  const view = viewOf(evidence, createdAt.getTime());
  const reason = timeouts ? overdue({ ...ledger, view }, timeouts, nowMs) : null;
  return reason ? mergeEvidence(found, closedNow(reason, nowMs)) : found;
}

async function sweepCall(
  { ctx, swept }: Sweep,
  first: Ledger,
  lists: Lists,
  timeouts: Timeouts | undefined,
): Promise<'changed' | 'same' | 'missed'> {
  const { id } = first.rows.call;
  let ledger: Ledger | undefined = first;
  for (let race = 0; ledger && race < MOST_RACES; race++)
    try {
      const news = newsOf(ledger, lists, timeouts, ctx.clock.now());
      const written = await addEvidence(ctx, ledger, news);
      if (written) swept.changed++;
      return written ? 'changed' : 'same';
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== requestErrors.stale.definition.code) throw error;
      ledger = ledgersOf(await ctx.read((q) => readLedgers(q, [id]), systemScope)).get(id);
    }
  return 'missed';
}

/** Deletes the cluster's rooms of calls that are over by what is stored now. */
async function deleteRooms({ ctx, api, rooms, swept }: Sweep, callIds: readonly string[]): Promise<void> {
  const there = callIds.filter((id) => rooms.value.has(id));
  if (there.length === 0) return;
  const ledgers = ledgersOf(await ctx.read((q) => readLedgers(q, there), systemScope)).values();
  const over = [...ledgers].filter(({ view }) => isOver(view.call.status));
  await inTurn(over, WIDTH, async ({ rows }) => {
    try {
      if (await api.deleteRoom(rows.call.id)) swept.deleted++;
    } catch (error) {
      ctx.log.warn('calls.room_not_deleted', { callId: rows.call.id, error });
    }
  });
}

/** Asks for the participants of those of the calls that have a room; what cannot be asked for is missed. */
async function askAll(
  { ctx, api, rooms, swept }: Sweep,
  ledgers: readonly Ledger[],
): Promise<Map<Ledger, Lists>> {
  const lists = new Map<Ledger, Lists>();
  await inTurn(ledgers, WIDTH, async (ledger) => {
    const { id } = ledger.rows.call;
    const room = { ...rooms, value: rooms.value.get(id) };
    try {
      const participants: Listed<readonly LiveParticipant[]> | undefined =
        room.value && (await listed(ctx, () => api.listParticipants(id)));
      lists.set(ledger, participants ? { room, participants } : { room });
    } catch (error) {
      swept.missed++;
      ctx.log.warn('calls.not_listed', { callId: id, error });
    }
  });
  return lists;
}

/** Whether the lists name everything that is open in the call. */
function confirms({ view }: Ledger, lists: Lists): boolean {
  if (!lists.room.value) return false;
  const { connections, tracks } = evidenceOfLists(view, lists);
  const seen = (each?: { lastMs: number | null }) => each !== undefined && each.lastMs !== null;
  return (
    view.connections.every(({ sid, left }) => left !== null || seen(connections.get(sid))) &&
    view.tracks.every(({ sid, unpublished }) => unpublished !== null || seen(tracks.get(sid)))
  );
}

async function sweepPortion(sweep: Sweep, cluster: string, callIds: readonly string[]): Promise<void> {
  const { ctx, rooms, swept } = sweep;
  const [timeouts, ...rows] = await ctx.read(
    (q) => [timeoutsOf(q, callIds), ...readLedgers(q, callIds)] as const,
    systemScope,
  );
  // A room may have the name of a call that is held elsewhere: then it is none of ours.
  const ledgers = [...ledgersOf(rows).values()].filter(({ rows: { call } }) => call.cluster === cluster);
  const lists = await askAll(sweep, ledgers);
  const same: SweptCall[] = [];
  const perhapsOver: string[] = [];
  await inTurn([...lists], WIDTH, async ([ledger, found]) => {
    const { call } = ledger.rows;
    const timeout = timeouts.find(({ callId }) => callId === call.id);
    const outcome = await sweepCall(sweep, ledger, found, timeout);
    if (outcome === 'same') same.push({ ...call, confirmed: confirms(ledger, found) });
    if (outcome === 'changed' || isOver(ledger.view.call.status)) perhapsOver.push(call.id);
    swept[outcome === 'missed' ? 'missed' : 'calls']++;
  });
  if (same.length > 0)
    await ctx.commit({
      scope: systemScope,
      write: (q) => [markSwept(q, same, new Date(rooms.askedAtMs))],
      result: undefined,
    });
  await deleteRooms(sweep, perhapsOver);
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
  known: readonly string[],
  { isOurs, mayGoOn }: { isOurs: (room: string) => boolean; mayGoOn: () => boolean },
): Promise<Swept> {
  const api = ctx.ports.clusters.api(cluster, ctx.trace);
  const list = await listed(ctx, () => api.listRooms());
  const rooms: Rooms = { ...list, value: new Map(list.value.map((room) => [room.name, room])) };
  const callIds = [...new Set([...known, ...[...rooms.value.keys()].filter(isOurs)])];
  const swept: Swept = { calls: 0, changed: 0, missed: 0, deleted: 0 };
  const sweep: Sweep = { ctx, api, rooms, swept };
  for (let at = 0; at < callIds.length; at += PORTION) {
    if (mayGoOn()) await sweepPortion(sweep, cluster, callIds.slice(at, at + PORTION));
    else swept.missed += Math.min(PORTION, callIds.length - at);
  }
  return swept;
}
