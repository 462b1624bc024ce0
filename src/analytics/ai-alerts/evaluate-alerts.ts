import type { Ctx } from '../../kernel/context/index.ts';
import { requestErrors } from '../../kernel/core/index.ts';
import type { Queries } from '../../kernel/db/index.ts';
import type { AiAlertResolution } from './ai-alerts.enums.ts';
import { eventOf } from './ai-alerts.events.ts';
import { changeAlert, insertAlert, selectOpenAlerts, selectThresholds } from './ai-alerts.queries.ts';
import {
  type AlertFigures,
  dayOf,
  findAt,
  MAX_MAILS_PER_DAY,
  sourceOf,
  subjectOf,
} from './ai-alerts.rules.ts';
import type { AiThreshold } from './ai-alerts.schemas.ts';
import type { AiAlert } from './ai-alerts.tables.ts';
import { SUMS } from './alert-figures.queries.ts';

const NO_FIGURES: AlertFigures = {
  completed: 0,
  failed: 0,
  firstP95Ms: null,
  durationP95Ms: null,
  thumbs: 0,
  thumbsUp: 0,
  scores: 0,
  scoreSum: 0,
  requests: 0,
  costMicros: '0',
};

const targetOf = ({ id }: Pick<AiAlert, 'id'>) => ({ type: 'ai_alert', id });

async function openAlert(ctx: Ctx, of: AiThreshold, value: number): Promise<void> {
  const nowMs = ctx.clock.now();
  const row = {
    id: ctx.ids.create('aiAlert'),
    organizationId: ctx.organizationId,
    kind: of.kind,
    model: of.model ?? '',
    feature: of.feature ?? '',
    evidence: { value, threshold: of.threshold },
    resolution: null,
    resolvedAt: null,
    createdAt: new Date(nowMs),
    version: 1,
  };
  await ctx.commit({
    write: (q) => [insertAlert(q, row, { from: dayOf(nowMs), most: MAX_MAILS_PER_DAY })],
    conflicts: { ai_alerts_open_key: requestErrors.stale },
    audit: { action: 'ai_alert.opened', target: targetOf(row), after: { ...of, value } },
    events: [eventOf(row)],
    result: undefined,
  });
}

async function resolveAlert(ctx: Ctx, row: AiAlert, resolution: AiAlertResolution): Promise<void> {
  const set = { resolution, resolvedAt: new Date(ctx.clock.now()) };
  await ctx.commit({
    write: (q) => [changeAlert(q, row, set)],
    audit: { action: 'ai_alert.resolved', target: targetOf(row), after: { resolution } },
    events: [eventOf({ ...row, ...set })],
    result: undefined,
  });
}

/** The answers that a threshold is about: figures of the same answers are summed once. */
const answersOf = (of: AiThreshold): string => JSON.stringify([sourceOf(of), of.model, of.feature]);

/** The figures for each threshold, in the order of the thresholds; one round trip. */
async function readFigures(ctx: Ctx, thresholds: readonly AiThreshold[]): Promise<AlertFigures[]> {
  const { organizationId } = ctx;
  const distinct = new Map(thresholds.map((each) => [answersOf(each), each]));
  const [first, ...rest] = distinct.values();
  if (!first) return [];
  const nowMs = ctx.clock.now();
  const sumOf = (q: Queries, of: AiThreshold) => SUMS[sourceOf(of)](q, { organizationId, of, nowMs });
  const found = await ctx.read((q) => [sumOf(q, first), ...rest.map((each) => sumOf(q, each))]);
  const figures = new Map(
    [...distinct.keys()].map((answers, at) => [answers, { ...NO_FIGURES, ...found[at]!.rows[0] }]),
  );
  return thresholds.map((each) => figures.get(answersOf(each))!);
}

/**
 * Compares the organization's figures with its thresholds: opens an alert for each threshold that is passed, and
 * resolves alerts whose figure is good again.
 * @throws AppError `request.stale` when another evaluation was first
 */
export async function evaluateAlerts(ctx: Ctx): Promise<void> {
  const [[own], open] = await ctx.read((q) => [
    selectThresholds(q, ctx.organizationId),
    selectOpenAlerts(q, ctx.organizationId),
  ]);
  const thresholds = own?.thresholds ?? [];
  const subjects = new Set(thresholds.map(subjectOf));
  for (const row of open)
    if (!subjects.has(subjectOf(row))) await resolveAlert(ctx, row, 'threshold_removed');
  const figures = await readFigures(ctx, thresholds);
  for (const [at, threshold] of thresholds.entries()) {
    const row = open.find((each) => subjectOf(each) === subjectOf(threshold));
    const finding = findAt(threshold, figures[at]!);
    if (finding.state === 'reached') {
      if (!row) await openAlert(ctx, threshold, finding.value);
    } else if (row && finding.state !== 'between') await resolveAlert(ctx, row, finding.state);
  }
}
