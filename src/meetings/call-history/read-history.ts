import type { Ctx } from '../../platform/context/index.ts';
import { type Page, pageOf, type PageQuery, readCursor, requestErrors } from '../../platform/core/index.ts';
import { viewerOf } from '../rooms/index.ts';
import { callErrors } from './history.errors.ts';
import {
  callExists,
  type CallRow,
  type EntryKey,
  type EntryRow,
  findCall,
  listCallRows,
  listConnections,
  listEntries,
  listPeople,
} from './history.queries.ts';
import type { ListCalls } from './history.schemas.ts';

/** What was read, and when: what still runs has lasted until then. */
export interface AsOf<T> {
  value: T;
  now: Date;
}

/** The calls of the organization that the caller sees, the newest first. */
export async function listCalls(ctx: Ctx, query: ListCalls): Promise<AsOf<Page<CallRow>>> {
  const before = readCursor(query.cursor);
  const now = new Date(ctx.clock.now());
  const page = { before, viewer: viewerOf(ctx.actor), now };
  const [rows] = await ctx.read((q) => [listCallRows(q, ctx.organizationId, query, page)]);
  return { value: pageOf(rows, query.limit, ({ call }) => call.id), now };
}

/** @throws AppError `calls.not_found` */
export async function getCall(ctx: Ctx, callId: string): Promise<AsOf<CallRow>> {
  const now = new Date(ctx.clock.now());
  const as = { viewer: viewerOf(ctx.actor), now };
  const [[found]] = await ctx.read((q) => [findCall(q, ctx.organizationId, callId, as)]);
  if (!found) throw callErrors.notFound();
  return { value: found, now };
}

type PersonRow = Awaited<ReturnType<typeof listPeople>>[number] & {
  connections: Awaited<ReturnType<typeof listConnections>>;
};

/** Who has a place in a call, each with their connections. @throws AppError `calls.not_found` */
export async function listParticipants(
  ctx: Ctx,
  callId: string,
  { cursor, limit }: PageQuery,
): Promise<Page<PersonRow>> {
  const page = { after: readCursor(cursor), limit, now: new Date(ctx.clock.now()) };
  const [[call], people, connections] = await ctx.read((q) => [
    callExists(q, ctx.organizationId, callId, viewerOf(ctx.actor)),
    listPeople(q, ctx.organizationId, callId, page),
    listConnections(q, ctx.organizationId, callId, page),
  ]);
  if (!call) throw callErrors.notFound();
  const byPerson = Map.groupBy(connections, ({ participantId }) => participantId);
  const rows = people.map((row) => ({ ...row, connections: byPerson.get(row.person.id) ?? [] }));
  return pageOf(rows, limit, ({ person }) => person.id);
}

const ENTRY_KEY = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)~(\d)~([\x21-\x7e]*)$/;

/** @throws AppError `request.invalid_cursor` */
function entryKeyIn(cursor: string | undefined): EntryKey | undefined {
  const after = readCursor(cursor);
  if (after === undefined) return undefined;
  const [, at, rank, sid] = ENTRY_KEY.exec(after) ?? [];
  if (at === undefined || Number.isNaN(Date.parse(at))) throw requestErrors.invalidCursor();
  return { at, rank: Number(rank), sid: sid! };
}

/** Everything that happened in a call, in order. @throws AppError `calls.not_found` */
export async function readTimeline(
  ctx: Ctx,
  callId: string,
  { cursor, limit }: PageQuery,
): Promise<Page<EntryRow>> {
  const after = entryKeyIn(cursor);
  const [[call], entries] = await ctx.read((q) => [
    callExists(q, ctx.organizationId, callId, viewerOf(ctx.actor)),
    listEntries(q, ctx.organizationId, callId, after, limit),
  ]);
  if (!call) throw callErrors.notFound();
  return pageOf(
    entries.rows,
    limit,
    ({ at, rank, trackSid, connectionSid }) => `${at}~${rank}~${trackSid ?? connectionSid ?? ''}`,
  );
}

export type { PersonRow };
