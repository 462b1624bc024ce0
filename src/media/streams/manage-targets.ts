import type { Ctx } from '../../kernel/context/index.ts';
import type { Queries } from '../../kernel/db/index.ts';
import type { RoomAccessRequest } from '../../rooms/access/index.ts';
import { changeEventOf } from './advance-stream.ts';
import {
  addressOf,
  createTarget,
  isTargetOver,
  MAX_TARGETS,
  MAX_TARGETS_EVER,
  type NewTarget,
  openAddresses,
  protocolOf,
  reportedForm,
  type StreamTarget,
} from '../stream-targets/index.ts';
import { getStream } from './manage-streams.ts';
import { streamErrors } from './streams.errors.ts';
import { changeStream } from './streams.queries.ts';
import { isRunning } from './streams.rules.ts';
import type { Stream } from './streams.tables.ts';

/** @throws AppError `streams.stopping`, `streams.segments_only`, `streams.other_protocol`, `streams.too_many_targets` */
function requireRoomForTarget({ state, stopRequestedAt, targets }: Stream, target: NewTarget): void {
  if (!isRunning(state) || stopRequestedAt) throw streamErrors.stopping();
  const [first] = targets;
  if (!first) throw streamErrors.segmentsOnly();
  if (protocolOf(first) !== protocolOf(target)) throw streamErrors.otherProtocol();
  const live = targets.filter((each) => !isTargetOver(each));
  if (live.length >= MAX_TARGETS || targets.length >= MAX_TARGETS_EVER) throw streamErrors.tooManyTargets();
}

/** The commit of a change of targets. */
function prepareChange(
  ctx: Ctx,
  stream: Stream,
  set: Partial<Stream>,
  { action, target }: { action: string; target: StreamTarget },
) {
  const changed = { ...stream, ...set, updatedAt: new Date(ctx.clock.now()), version: stream.version + 1 };
  const { targets, stopRequestedAt, stopReason, updatedAt } = changed;
  return {
    write: (q: Queries) => [changeStream(q, stream, { targets, stopRequestedAt, stopReason, updatedAt })],
    audit: {
      action,
      target: { type: 'room', id: stream.roomId },
      after: { streamId: stream.id, targetId: target.id, url: target.url },
    },
    events: [changeEventOf(changed)],
    result: changed,
  };
}

/**
 * Sends a stream that runs to one more address. The others are not interrupted.
 * @throws AppError as `getStream`, those of `requireRoomForTarget`, `streams.target_exists`, `outgoing.*` or `request.stale`
 */
export async function addTarget(
  ctx: Ctx,
  request: RoomAccessRequest,
  streamId: string,
  input: NewTarget,
): Promise<Stream> {
  const stream = await getStream(ctx, request, streamId);
  requireRoomForTarget(stream, input);
  const form = reportedForm(addressOf(input));
  const known = await openAddresses(ctx, stream.targets);
  if (known.some(({ address }) => reportedForm(address) === form)) throw streamErrors.targetExists();
  const target = await createTarget(ctx, input);
  const targets = [...stream.targets, target];
  const { write, audit, events, result } = prepareChange(
    ctx,
    stream,
    { targets },
    { action: 'stream.target_added', target },
  );
  return ctx.commit({ write, audit, events, result });
}

/** The changes of a stream when a target is removed: without any other it stops. */
function withoutTarget(stream: Stream, targetId: string, now: Date): Partial<Stream> {
  const removeRequestedAt = now.toISOString();
  const targets = stream.targets.map((each) =>
    each.id === targetId ? { ...each, removeRequestedAt } : each,
  );
  const isLeft = (each: StreamTarget) => !isTargetOver(each) && !each.removeRequestedAt;
  if (stream.segmentFolder !== null || targets.some(isLeft) || stream.stopRequestedAt) return { targets };
  return { targets, stopRequestedAt: now, stopReason: 'requested' };
}

/**
 * Ends sending a stream to one address; the last one ends the stream, unless that writes segments. Repeating it changes nothing.
 * @throws AppError as `getStream`, `streams.target_not_found` or `request.stale`
 */
export async function removeTarget(
  ctx: Ctx,
  request: RoomAccessRequest,
  { streamId, targetId }: { streamId: string; targetId: string },
): Promise<Stream> {
  const stream = await getStream(ctx, request, streamId);
  const target = stream.targets.find(({ id }) => id === targetId);
  if (!target) throw streamErrors.targetNotFound();
  if (isTargetOver(target) || target.removeRequestedAt) return stream;
  const set = withoutTarget(stream, targetId, new Date(ctx.clock.now()));
  const { write, audit, events, result } = prepareChange(ctx, stream, set, {
    action: 'stream.target_removed',
    target,
  });
  return ctx.commit({ write, audit, events, result });
}
