import { clusterErrors } from '../../calls/clusters/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { isError } from '../../kernel/core/index.ts';
import {
  endTarget,
  findRefused,
  isTargetOver,
  type StreamTarget,
  type TargetAddress,
} from '../stream-targets/index.ts';
import { CLAIM_MS } from '../cluster-rows/index.ts';
import type { EgressStep } from '../egress/index.ts';
import type { StreamRun } from './run-stream.ts';
import { streamBegun } from './streams.events.ts';
import { changeStream } from './streams.queries.ts';
import { changeByReport, type StreamChange } from './streams.rules.ts';
import type { Stream } from './streams.tables.ts';

type TargetStep =
  | { do: 'add' | 'remove'; target: TargetAddress }
  | { do: 'refuse'; target: TargetAddress; isSent: boolean };

/** Whether the cluster was asked to add it so shortly before that it may not be reported yet. */
const isBeingAdded = ({ addRequestedAt }: StreamTarget, nowMs: number) =>
  addRequestedAt !== undefined && nowMs < Date.parse(addRequestedAt) + CLAIM_MS;

/** The ids of the targets that the cluster is to be asked for now. */
const findDue = ({ targets }: Stream, nowMs: number) =>
  new Set(
    targets
      .filter((each) => each.state === 'requested' && !each.removeRequestedAt && !isBeingAdded(each, nowMs))
      .map(({ id }) => id),
  );

/** A stream as it is stored, with its changes. */
interface ClaimedStream {
  row: Stream;
  stream: Stream;
  /** The ids of the targets that this run may add. */
  due: ReadonlySet<string>;
}

/**
 * Reserves the next seconds for adding each target once: when two runs come at the same moment, the second would add it
 * again, or mistake a refusal of that for one of the address.
 * @param row the stream as it is stored @param stream the same with what changed since @throws AppError `request.stale`
 */
async function claimTargets(ctx: Ctx, row: Stream, stream: Stream): Promise<ClaimedStream> {
  const nowMs = ctx.clock.now();
  const due = findDue(stream, nowMs);
  if (due.size === 0) return { row, stream, due };
  const addRequestedAt = new Date(nowMs).toISOString();
  const claim = (each: Stream) => ({
    targets: each.targets.map((target) => (due.has(target.id) ? { ...target, addRequestedAt } : target)),
  });
  const version = row.version + 1;
  return ctx.commit({
    write: (q) => [changeStream(q, row, claim(row))],
    // When the answer is lost, the next run decides.
    events: [streamBegun.of({ streamId: row.id }, { availableAtMs: nowMs + CLAIM_MS })],
    result: {
      row: { ...row, ...claim(row), version },
      stream: { ...stream, ...claim(stream), version },
      due,
    },
  });
}

/** The next step for a target of a running stream; none for a target that is as it should be. */
function stepOf(
  target: StreamTarget,
  known: TargetAddress,
  isRefused: boolean,
  isDue: boolean,
): TargetStep[] {
  const isSent = target.state === 'active';
  if (target.removeRequestedAt) return isSent ? [{ do: 'remove', target: known }] : [];
  if (!isSent && !isDue) return [];
  if (isRefused) return [{ do: 'refuse', target: known, isSent }];
  return isSent ? [] : [{ do: 'add', target: known }];
}

const end = (stream: Stream, id: string, nowMs: number, reason: 'address_refused' | 'refused') =>
  stream.targets.map((each) => (each.id === id ? endTarget(each, 'failed', reason, nowMs) : each));

/** Does one step. @returns the change, on top of the stream @throws AppError of the cluster */
async function doStep(ctx: Ctx, run: StreamRun, stream: Stream, step: TargetStep): Promise<StreamChange> {
  const { id, address } = step.target;
  const nowMs = ctx.clock.now();
  const isSent = step.do === 'remove' || (step.do === 'refuse' && step.isSent);
  const refused = step.do === 'refuse' ? { targets: end(stream, id, nowMs, 'address_refused') } : {};
  if (step.do === 'refuse' && !isSent) return refused;
  try {
    const change = isSent ? { add: [], remove: [address] } : { add: [address], remove: [] };
    const report = await run.api.changeTargets(stream.egress!, change);
    if (!report) return refused;
    return changeByReport({ ...stream, ...refused }, report, run.addresses, nowMs);
  } catch (error) {
    // The cluster does not take this address; the others are not affected.
    if (!isError(error, clusterErrors.refused)) throw error;
    return step.do === 'add' ? { targets: end(stream, id, nowMs, 'refused') } : refused;
  }
}

/** Targets that were removed before they were sent are over without the cluster. */
function endUnsent(targets: StreamTarget[], nowMs: number): StreamTarget[] {
  const isUnsent = (each: StreamTarget) =>
    each.state === 'requested' && each.removeRequestedAt !== null && !isBeingAdded(each, nowMs);
  if (!targets.some(isUnsent)) return targets;
  return targets.map((each) => (isUnsent(each) ? endTarget(each, 'ended', 'removed', nowMs) : each));
}

async function doSteps(ctx: Ctx, run: StreamRun, due: ReadonlySet<string>): Promise<StreamChange> {
  const targets = endUnsent(run.stream.targets, ctx.clock.now());
  let stream: Stream = { ...run.stream, targets };
  const refused = await findRefused(ctx, run.addresses);
  const byId = new Map(targets.map((each) => [each.id, each]));
  const steps = run.addresses.flatMap((known) => {
    const target = byId.get(known.id);
    if (!target || isTargetOver(target)) return [];
    return stepOf(target, known, refused.has(known.id), due.has(known.id));
  });
  let change: StreamChange = { targets };
  for (const step of steps) {
    if (stream.state !== 'active') break;
    const next = await doStep(ctx, run, stream, step);
    change = { ...change, ...next };
    stream = { ...stream, ...next };
  }
  return change;
}

/**
 * Changes the targets of a running stream as requested, and removes those whose name now leads to a forbidden address.
 * Each is changed by itself, so that a failure affects no other.
 * @param row the stream as it is stored; that of `run` has what the cluster reported since
 * @returns the row as it is then, and what changed of the stream
 * @throws AppError of the cluster, `outgoing.resolver_unavailable`, `request.stale`
 */
export async function changeTargets(ctx: Ctx, run: StreamRun, row: Stream): Promise<EgressStep<Stream>> {
  const claimed = await claimTargets(ctx, row, run.stream);
  return { row: claimed.row, change: await doSteps(ctx, { ...run, stream: claimed.stream }, claimed.due) };
}
