import { eq, getTableColumns, sql } from 'drizzle-orm';
import { callParticipants, calls } from '../../src/calls/calls/calls.tables.ts';
import { systemScope } from '../../src/kernel/context/index.ts';
import type { Queries, Statement } from '../../src/kernel/db/index.ts';
import type { TestApp } from './app.ts';

type CallRow = typeof calls.$inferInsert;
type ParticipantRow = typeof callParticipants.$inferInsert;

export interface CallParticipantFixture extends Partial<ParticipantRow> {
  /** `usr_…` is also the id of the user; any other identity has no account. */
  identity: string;
}

export interface CallFixture extends Partial<CallRow> {
  organizationId: string;
  roomId: string;
  participants?: readonly CallParticipantFixture[];
}

export interface CreatedCall {
  callId: string;
  /** In the order of the participants. */
  participantIds: string[];
}

/** Inserts rows with the same properties in one statement, however many: as one JSON parameter. */
function insertRows<T extends typeof calls | typeof callParticipants>(
  q: Queries,
  table: T,
  rows: readonly T['$inferInsert'][],
): Statement[] {
  if (rows.length === 0) return [];
  const columns = Object.entries(getTableColumns(table)).filter(([key]) => key in rows[0]!);
  const names = sql.join(
    columns.map(([, { name }]) => sql.identifier(name)),
    sql`, `,
  );
  const records = rows.map((row) =>
    Object.fromEntries(columns.map(([key, { name }]) => [name, row[key as keyof typeof row]])),
  );
  const read = sql`jsonb_populate_recordset(null::${table}, ${JSON.stringify(records)}::jsonb)`;
  return [q.execute(sql`insert into ${table} (${names}) select ${names} from ${read}`)];
}

/**
 * Writes calls with their participants, as the ledger has them once their cluster reported: active and connected by
 * default. Several fixtures have the same properties.
 */
export async function createCalls(app: TestApp, fixtures: readonly CallFixture[]): Promise<CreatedCall[]> {
  const { ids, database, clock, ports } = app.services;
  const now = new Date(clock.now());
  const timestamps = { createdAt: now, updatedAt: now };
  const rows = fixtures.map(({ participants = [], ...call }) => {
    const callId = call.id ?? ids.create('call');
    const { organizationId } = call;
    const callRow: CallRow = {
      cluster: ports.clusters.names[0]!,
      status: 'active',
      ...timestamps,
      ...call,
      id: callId,
    };
    const participantRows = participants.map((participant): ParticipantRow => {
      const isUser = participant.identity.startsWith('usr_');
      return {
        kind: isUser ? 'user' : 'service',
        userId: isUser ? participant.identity : null,
        name: participant.identity,
        role: 'participant',
        status: 'connected',
        ...timestamps,
        ...participant,
        id: participant.id ?? ids.create('participant'),
        organizationId,
        callId,
      };
    });
    return { callRow, participantRows };
  });
  await database.commit(systemScope, (q) => [
    ...insertRows(
      q,
      calls,
      rows.map(({ callRow }) => callRow),
    ),
    ...insertRows(
      q,
      callParticipants,
      rows.flatMap(({ participantRows }) => participantRows),
    ),
  ]);
  return rows.map(({ callRow, participantRows }) => ({
    callId: callRow.id,
    participantIds: participantRows.map(({ id }) => id),
  }));
}

/** Writes one call; see `createCalls`. */
export async function createCall(app: TestApp, fixture: CallFixture): Promise<CreatedCall> {
  const [created] = await createCalls(app, [fixture]);
  return created!;
}

/** Changes a call's row, as a report of its cluster would. */
export const changeCall = (app: TestApp, callId: string, set: Partial<CallRow>): Promise<void> =>
  app.services.database.commit(systemScope, (q) => [q.update(calls).set(set).where(eq(calls.id, callId))]);

/** Changes a participant's row, as a report of the cluster would. */
export const changeCallParticipant = (
  app: TestApp,
  participantId: string,
  set: Partial<ParticipantRow>,
): Promise<void> =>
  app.services.database.commit(systemScope, (q) => [
    q.update(callParticipants).set(set).where(eq(callParticipants.id, participantId)),
  ]);
