import type { Ctx } from '../../kernel/context/index.ts';
import { type EgressStep, isNews, stopReasonOf } from '../egress/index.ts';
import { changeTargets } from './change-targets.ts';
import { beginStream, followStream, openRun } from './run-stream.ts';
import { streamChanged } from './streams.events.ts';
import { changeStream, type StreamToAdvance, selectStreamToAdvance } from './streams.queries.ts';
import { isOver, isRunning, type StreamChange } from './streams.rules.ts';
import type { Stream } from './streams.tables.ts';
import { resealAddresses } from '../stream-targets/index.ts';

/** Payload of the event of a change. */
export const changeEventOf = ({ id, roomId, callId, state, reason }: Stream) =>
  streamChanged.of({ streamId: id, roomId, callId, state, reason });

/** The request to stop that follows from the call, the room, the organization and its plan. */
function stopByGround(row: StreamToAdvance, now: Date): StreamChange {
  const { stream } = row;
  const reason = stopReasonOf(row);
  if (!reason || stream.stopRequestedAt || !isRunning(stream.state)) return {};
  return { stopRequestedAt: now, stopReason: reason };
}

/** Follows a stream that has begun; while it is sent, its targets are changed as requested. */
async function followWithTargets(ctx: Ctx, read: StreamToAdvance): Promise<EgressStep<Stream>> {
  const run = await openRun(ctx, read);
  const change = await followStream(ctx, run);
  const followed = { ...read.stream, ...change };
  if (followed.state !== 'active' || followed.stopRequestedAt) return { row: read.stream, change };
  const step = await changeTargets(ctx, { ...run, stream: followed }, read.stream);
  return { row: step.row, change: { ...change, ...step.change } };
}

async function findStep(ctx: Ctx, row: StreamToAdvance): Promise<EgressStep<Stream>> {
  const stop = stopByGround(row, new Date(ctx.clock.now()));
  const stream = { ...row.stream, ...stop };
  const step =
    stream.state === 'requested'
      ? await beginStream(ctx, await openRun(ctx, { ...row, stream }))
      : await followWithTargets(ctx, { ...row, stream });
  return { row: step.row, change: { ...stop, ...step.change } };
}

/** The audit entries of a change: of the request to stop that no person made, and of the move. */
function auditOf({ id: streamId, roomId, state }: Stream, change: StreamChange) {
  const target = { type: 'room', id: roomId } as const;
  const entries = [];
  if (change.stopReason)
    entries.push({ action: 'stream.stopped', target, after: { streamId, reason: change.stopReason } });
  if (change.state && change.state !== state)
    entries.push({
      action: `stream.${change.state}`,
      target,
      before: { streamId, state },
      after: { streamId, state: change.state, reason: change.reason ?? null },
    });
  return entries;
}

/** What of a stream and its targets is an event for others: not that it was listed again, or how much was written. */
const publicPart = ({ state, stopReason, targets }: Stream) =>
  JSON.stringify([state, stopReason, targets.map((each) => [each.id, each.state, each.reason])]);

/**
 * Advances a stream as far as possible now, from what the cluster lists: begins it, stops it, follows it, adds and
 * removes targets. It may run at any time and twice.
 * @returns whether anything changed
 * @throws AppError of the cluster, `outgoing.resolver_unavailable`, `request.stale`
 */
export async function advanceStream(ctx: Ctx, streamId: string): Promise<boolean> {
  const readAt = new Date(ctx.clock.now());
  const [[found]] = await ctx.read((q) => [selectStreamToAdvance(q, ctx.organizationId, streamId, readAt)]);
  if (!found || isOver(found.stream.state)) return false;
  const targets = await resealAddresses(ctx, found.stream.targets);
  const step = await findStep(ctx, { ...found, stream: { ...found.stream, targets } });
  const change: StreamChange = targets === found.stream.targets ? step.change : { targets, ...step.change };
  if (!isNews(found.stream, change)) return false;
  const changed = { ...step.row, ...change };
  await ctx.commit({
    write: (q) => [changeStream(q, step.row, { ...change, updatedAt: new Date(ctx.clock.now()) })],
    audit: auditOf(found.stream, change),
    events: publicPart(changed) === publicPart(found.stream) ? [] : [changeEventOf(changed)],
    result: undefined,
  });
  return true;
}
