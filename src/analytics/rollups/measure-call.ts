import type { Ctx } from '../../kernel/context/index.ts';
import { requestErrors } from '../../kernel/core/index.ts';
import { UNCOUNTED_ROLES } from '../../calls/calls/index.ts';
import { readObservations } from '../../insights/quality/index.ts';
import { assessParticipations, callTypeOf } from './participation.rules.ts';
import {
  type MeasuredCall,
  deleteMeasuredCall,
  insertMeasuredCall,
  insertParticipations,
  type Participation,
  selectCallToMeasure,
  selectConnectedParticipants,
  selectTrackSources,
  markDirty,
} from './measured-calls.queries.ts';

type CallToMeasure = Awaited<ReturnType<typeof selectCallToMeasure>>[number];
type ConnectedParticipant = Awaited<ReturnType<typeof selectConnectedParticipants>>[number];

interface CallReading {
  call: CallToMeasure['call'];
  startedAt: Date;
  endedAt: Date;
  people: readonly ConnectedParticipant[];
}

const isCounted = ({ role }: ConnectedParticipant): boolean =>
  !UNCOUNTED_ROLES.some((uncounted) => uncounted === role);

async function participationsOf(
  ctx: Ctx,
  { call, startedAt, people }: CallReading,
): Promise<Participation[]> {
  const assess = assessParticipations(await readObservations(ctx, call.id));
  return people.filter(isCounted).map(({ id, identity, role: _role, runningMs, connectedMs, ...person }) => ({
    ...person,
    ...assess(identity),
    participantId: id,
    organizationId: ctx.organizationId,
    callId: call.id,
    roomId: call.roomId,
    startedAt,
    connectedMs: connectedMs + Math.round(Number(runningMs)),
    bytesSent: person.bytesSent ?? 0,
    bytesReceived: person.bytesReceived ?? 0,
  }));
}

const summaryOf = (
  ctx: Ctx,
  { call, startedAt, endedAt, people }: CallReading,
  sources: readonly { source: string }[],
): MeasuredCall => ({
  callId: call.id,
  organizationId: ctx.organizationId,
  startedAt,
  endedAt,
  durationMs: Math.max(0, endedAt.getTime() - startedAt.getTime()),
  type: callTypeOf(sources.map(({ source }) => source)),
  region: call.region,
  lost: call.endReason === 'lost',
  withAgent: people.some(({ kind }) => kind === 'agent'),
  peakParticipants: call.peakParticipants,
  measuredAt: new Date(ctx.clock.now()),
});

/**
 * Records a call that has ended, from the current ledger and the clients' samples, and marks the rollups of its start.
 * It may be repeated, when the ledger was corrected or samples arrived late. A call that is not over, or that had no
 * connection, is not counted.
 * @throws AppError `request.stale` when it was recorded by another request at the same moment
 */
export async function measureCall(ctx: Ctx, callId: string): Promise<void> {
  const { organizationId } = ctx;
  const [[found], people, sources] = await ctx.read((q) => [
    selectCallToMeasure(q, organizationId, callId),
    selectConnectedParticipants(q, organizationId, callId),
    selectTrackSources(q, organizationId, callId),
  ]);
  if (!found) return;
  const { call, measured } = found;
  const { startedAt, endedAt } = call;
  const isOver = startedAt !== null && endedAt !== null && people.length > 0;
  if (!isOver && !measured) return;
  const reading = isOver ? { call, startedAt, endedAt, people } : null;
  const participations = reading ? await participationsOf(ctx, reading) : [];
  const moments = [startedAt, measured?.startedAt].filter((moment) => moment instanceof Date);
  await ctx.commit({
    write: (q) => [
      ...(measured ? [deleteMeasuredCall(q, measured)] : []),
      ...(reading ? [insertMeasuredCall(q, summaryOf(ctx, reading, sources))] : []),
      ...(participations.length > 0 ? [insertParticipations(q, participations)] : []),
      markDirty(q, organizationId, moments, new Date(ctx.clock.now())),
    ],
    conflicts: { analytics_calls_pkey: requestErrors.stale },
    result: undefined,
  });
}
