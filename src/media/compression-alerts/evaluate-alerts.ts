import { unpackSamples } from '../../insights/quality/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { firstIdAt, requestErrors } from '../../kernel/core/index.ts';
import { analyzeNetwork, type NetworkSample } from '../network/index.ts';
import { networkSampleOf } from '../recommendations/index.ts';
import { alertChanged } from './compression-alerts.events.ts';
import {
  changeAlert,
  insertAlert,
  selectBatches,
  selectEnded,
  selectQuietSince,
  selectRelevant,
} from './compression-alerts.queries.ts';
import {
  type AlertFinding,
  findPoorNetwork,
  findShares,
  findWaiting,
  NETWORK_MINUTES,
  type SettledAt,
} from './compression-alerts.rules.ts';
import type { CompressionAlert } from './compression-alerts.tables.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

type Batch = Awaited<ReturnType<typeof selectBatches>>[number];

/** The samples of each participant of each call. */
function groupSamples(batches: readonly Batch[]): Map<string, Map<string, NetworkSample[]>> {
  const byCall = new Map<string, Map<string, NetworkSample[]>>();
  for (const { callId, participantId, samples } of batches) {
    const call = byCall.get(callId) ?? new Map<string, NetworkSample[]>();
    byCall.set(callId, call);
    const known = call.get(participantId) ?? [];
    call.set(participantId, [...known, ...unpackSamples(samples).map(networkSampleOf)]);
  }
  return byCall;
}

function findInCalls(batches: readonly Batch[], settledAt: SettledAt, nowMs: number): AlertFinding[] {
  return [...groupSamples(batches)].flatMap(([callId, participants]) => {
    const minutes = Array.from({ length: NETWORK_MINUTES }, (_, index) => {
      const endMs = nowMs - index * MINUTE_MS;
      return [...participants.values()].flatMap((samples) => {
        const inMinute = samples.filter(({ atMs }) => atMs > endMs - MINUTE_MS && atMs <= endMs);
        return analyzeNetwork(inMinute, endMs).quality ?? [];
      });
    });
    return findPoorNetwork(callId, minutes, settledAt, nowMs);
  });
}

/** The present findings of the rules, and the open alerts. */
async function readFindings(ctx: Ctx) {
  const { organizationId } = ctx;
  const nowMs = ctx.clock.now();
  const dayAgo = new Date(nowMs - DAY_MS);
  const since = new Date(nowMs - NETWORK_MINUTES * MINUTE_MS);
  const afterId = firstIdAt('sample', since.getTime());
  const [ended, [quiet], batches, alerts] = await ctx.read((q) => [
    selectEnded(q, organizationId, dayAgo),
    selectQuietSince(q, organizationId),
    selectBatches(q, organizationId, since, afterId),
    selectRelevant(q, organizationId, dayAgo),
  ]);
  const settledAt: SettledAt = (kind, subject) =>
    Math.max(
      0,
      ...alerts.flatMap((each) =>
        each.resolvedAt && each.kind === kind && each.subject === subject ? each.resolvedAt.getTime() : [],
      ),
    );
  const findings = [
    ...findShares(ended, settledAt),
    ...findWaiting(quiet?.at ?? null, settledAt, nowMs),
    ...findInCalls(batches, settledAt, nowMs),
  ];
  return { findings, open: alerts.filter(({ resolvedAt }) => resolvedAt === null) };
}

const isAbout = (a: Pick<AlertFinding, 'kind' | 'subject'>, b: Pick<AlertFinding, 'kind' | 'subject'>) =>
  a.kind === b.kind && a.subject === b.subject;

const targetOf = ({ id }: CompressionAlert) => ({ type: 'compression_alert', id });

async function openAlert(ctx: Ctx, finding: AlertFinding): Promise<void> {
  const { value, threshold, ...found } = finding;
  const row: CompressionAlert = {
    ...found,
    evidence: { value, threshold },
    id: ctx.ids.create('compressionAlert'),
    organizationId: ctx.organizationId,
    resolution: null,
    resolvedBy: null,
    notes: null,
    resolvedAt: null,
    createdAt: new Date(ctx.clock.now()),
    version: 1,
  };
  await ctx.commit({
    write: (q) => [insertAlert(q, row)],
    conflicts: { compression_alerts_open_key: requestErrors.stale },
    audit: { action: 'compression_alert.opened', target: targetOf(row), after: { ...finding } },
    events: [alertChanged.of(row)],
    result: undefined,
  });
}

async function raiseSeverity(ctx: Ctx, row: CompressionAlert, finding: AlertFinding): Promise<void> {
  if (row.severity === 'critical' || finding.severity === 'warning') return;
  const { severity, value, threshold } = finding;
  await ctx.commit({
    write: (q) => [changeAlert(q, row, { severity, evidence: { value, threshold } })],
    audit: {
      action: 'compression_alert.raised',
      target: targetOf(row),
      before: { severity: row.severity, value: row.evidence.value },
      after: { severity, value },
    },
    events: [alertChanged.of({ ...row, severity })],
    result: undefined,
  });
}

async function closeAlert(ctx: Ctx, row: CompressionAlert): Promise<void> {
  const set = { resolution: 'condition_gone' as const, resolvedAt: new Date(ctx.clock.now()) };
  await ctx.commit({
    write: (q) => [changeAlert(q, row, set)],
    audit: {
      action: 'compression_alert.resolved',
      target: targetOf(row),
      after: { resolution: set.resolution },
    },
    events: [alertChanged.of({ ...row, ...set })],
    result: undefined,
  });
}

/**
 * Compares the open alerts of the organization with what the rules find now: opens, raises, and resolves those whose condition is
 * gone. @throws AppError `request.stale` when another evaluation or a person was first
 */
export async function evaluateAlerts(ctx: Ctx): Promise<void> {
  const { findings, open } = await readFindings(ctx);
  for (const finding of findings) {
    const row = open.find((each) => isAbout(each, finding));
    await (row ? raiseSeverity(ctx, row, finding) : openAlert(ctx, finding));
  }
  for (const row of open) if (!findings.some((each) => isAbout(each, row))) await closeAlert(ctx, row);
}
