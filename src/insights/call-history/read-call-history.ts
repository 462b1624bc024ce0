import type { Ctx } from '../../kernel/context/index.ts';
import {
  isStorableMoment,
  type Page,
  pageOf,
  type PageQuery,
  readCursor,
  requestErrors,
} from '../../kernel/core/index.ts';
import { restrictedViewer } from '../../rooms/access/index.ts';
import { callErrors } from './call-history.errors.ts';
import {
  selectVisibleCallId,
  type CallWithTotals,
  type TimelineCursor,
  type TimelineEntryRow,
  selectCall,
  selectCalls,
  selectConnections,
  selectTimelineEntries,
  selectParticipants,
} from './call-history.queries.ts';
import type { ListCallsQuery } from './call-history.schemas.ts';

/** A result with the moment of reading: an active call has lasted until then. */
export interface TimedResult<T> {
  value: T;
  now: Date;
}

/** Lists the organization's calls that the caller sees, the newest first. */
export async function listCalls(ctx: Ctx, query: ListCallsQuery): Promise<TimedResult<Page<CallWithTotals>>> {
  const before = readCursor(query.cursor);
  const now = new Date(ctx.clock.now());
  const page = { before, viewer: restrictedViewer(ctx.actor), now };
  const [rows] = await ctx.read((q) => [selectCalls(q, ctx.organizationId, query, page)]);
  return { value: pageOf(rows, query.limit, ({ call }) => call.id), now };
}

/** Gets one call. @throws AppError `calls.not_found` */
export async function getCall(ctx: Ctx, callId: string): Promise<TimedResult<CallWithTotals>> {
  const now = new Date(ctx.clock.now());
  const options = { viewer: restrictedViewer(ctx.actor), now };
  const [[found]] = await ctx.read((q) => [selectCall(q, ctx.organizationId, callId, options)]);
  if (!found) throw callErrors.notFound();
  return { value: found, now };
}

type ParticipantWithConnections = Awaited<ReturnType<typeof selectParticipants>>[number] & {
  connections: Awaited<ReturnType<typeof selectConnections>>;
};

/** Lists a call's participants, each with all connections. @throws AppError `calls.not_found` */
export async function listParticipants(
  ctx: Ctx,
  callId: string,
  { cursor, limit }: PageQuery,
): Promise<Page<ParticipantWithConnections>> {
  const page = { after: readCursor(cursor), limit, now: new Date(ctx.clock.now()) };
  const [[call], people, connections] = await ctx.read((q) => [
    selectVisibleCallId(q, ctx.organizationId, callId, restrictedViewer(ctx.actor)),
    selectParticipants(q, ctx.organizationId, callId, page),
    selectConnections(q, ctx.organizationId, callId, page),
  ]);
  if (!call) throw callErrors.notFound();
  const byPerson = Map.groupBy(connections, ({ participantId }) => participantId);
  const rows = people.map((row) => ({ ...row, connections: byPerson.get(row.person.id) ?? [] }));
  return pageOf(rows, limit, ({ person }) => person.id);
}

const TIMELINE_CURSOR = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)~(\d)~([\x21-\x7e]*)$/;

/** @throws AppError `request.invalid_cursor` */
function parseTimelineCursor(cursor: string | undefined): TimelineCursor | undefined {
  const after = readCursor(cursor);
  if (after === undefined) return undefined;
  const [, at, rank, sid] = TIMELINE_CURSOR.exec(after) ?? [];
  const atMs = Date.parse(at ?? '');
  // Written out again, because a 30th of February is read as a day of March here, and refused by the database.
  if (at === undefined || !isStorableMoment(atMs) || new Date(atMs).toISOString() !== at)
    throw requestErrors.invalidCursor();
  return { at, rank: Number(rank), sid: sid! };
}

/** Lists what happened in a call, the earliest first. @throws AppError `calls.not_found`, `request.invalid_cursor` */
export async function getTimeline(
  ctx: Ctx,
  callId: string,
  { cursor, limit }: PageQuery,
): Promise<Page<TimelineEntryRow>> {
  const after = parseTimelineCursor(cursor);
  const [[call], entries] = await ctx.read((q) => [
    selectVisibleCallId(q, ctx.organizationId, callId, restrictedViewer(ctx.actor)),
    selectTimelineEntries(q, ctx.organizationId, callId, after, limit),
  ]);
  if (!call) throw callErrors.notFound();
  return pageOf(
    entries.rows,
    limit,
    ({ at, rank, trackSid, connectionSid }) => `${at}~${rank}~${trackSid ?? connectionSid ?? ''}`,
  );
}

export type { ParticipantWithConnections };
