import { type FieldError, requestErrors } from '../../kernel/core/index.ts';
import type { AiAlertKind } from './ai-alerts.enums.ts';
import type { AiThreshold } from './ai-alerts.schemas.ts';
import type { AiAlert } from './ai-alerts.tables.ts';

/** Figures of the answers that a threshold is about. */
export interface AlertFigures {
  completed: number;
  failed: number;
  firstP95Ms: number | null;
  durationP95Ms: number | null;
  thumbs: number;
  thumbsUp: number;
  scores: number;
  scoreSum: number;
  requests: number;
  costMicros: string;
}

/** The rows from which figures are summed: answers of the last hour, or ratings or costs of the last 24 hours. */
export type FigureSource = 'answers' | 'ratings' | 'costs';

interface Measure {
  source: FigureSource;
  /** The least number of answers or ratings that a figure needs. */
  least: number;
  /** Bounds of a threshold; the upper one is also the best value of a figure that should be high. */
  bounds: readonly [from: number, to: number];
  /** Whether less is worse. */
  falls?: boolean;
  count(figures: AlertFigures): number;
  /** At least one answer. */
  value(figures: AlertFigures): number;
}

const answers = ({ completed, failed }: AlertFigures) => completed + failed;
const completed = (figures: AlertFigures) => figures.completed;
const MAX_SECONDS = 3_600;
const MAX_MICROS = 1_000_000_000_000;

const MEASURES: Readonly<Record<AiAlertKind, Measure>> = {
  failure_share: {
    source: 'answers',
    least: 10,
    bounds: [0.01, 1],
    count: answers,
    value: (figures) => figures.failed / answers(figures),
  },
  first_output_p95: {
    source: 'answers',
    least: 10,
    bounds: [0.1, MAX_SECONDS],
    count: completed,
    value: ({ firstP95Ms }) => (firstP95Ms ?? 0) / 1_000,
  },
  duration_p95: {
    source: 'answers',
    least: 10,
    bounds: [0.1, MAX_SECONDS],
    count: completed,
    value: ({ durationP95Ms }) => (durationP95Ms ?? 0) / 1_000,
  },
  thumbs_up_share: {
    source: 'ratings',
    least: 5,
    bounds: [0.01, 1],
    falls: true,
    count: ({ thumbs }) => thumbs,
    value: ({ thumbs, thumbsUp }) => thumbsUp / thumbs,
  },
  mean_score: {
    source: 'ratings',
    least: 5,
    bounds: [1, 5],
    falls: true,
    count: ({ scores }) => scores,
    value: ({ scores, scoreSum }) => scoreSum / scores,
  },
  cost: {
    source: 'costs',
    least: 1,
    bounds: [1, MAX_MICROS],
    count: ({ requests }) => requests,
    value: ({ costMicros }) => Number(costMicros),
  },
};

export const sourceOf = ({ kind }: AiThreshold): FigureSource => MEASURES[kind].source;

/**
 * The state of a threshold by its answers: an open alert stays open while it is `between`, or there are too few
 * answers.
 */
export type AiAlertFinding =
  | { state: 'reached'; value: number }
  | { state: 'between' | 'recovered' | 'no_answers' };

/** The share of the way back from the threshold that ends an alert, so that it is not opened and resolved by turns. */
const WAY_BACK = 0.2;

export function findAt({ kind, threshold }: AiThreshold, figures: AlertFigures): AiAlertFinding {
  const { least, bounds, falls, count, value: measure } = MEASURES[kind];
  const counted = count(figures);
  if (counted === 0) return { state: 'no_answers' };
  if (counted < least) return { state: 'between' };
  const value = Math.round(measure(figures) * 10_000) / 10_000;
  if (falls ? value <= threshold : value >= threshold) return { state: 'reached', value };
  const well = threshold + ((falls ? bounds[1] : 0) - threshold) * WAY_BACK;
  return { state: (falls ? value >= well : value <= well) ? 'recovered' : 'between' };
}

/** The subject of a threshold or an alert: there is one for each. */
export const subjectOf = ({
  kind,
  model,
  feature,
}: Pick<AiAlert | AiThreshold, 'kind' | 'model' | 'feature'>) =>
  JSON.stringify([kind, model ?? '', feature ?? '']);

/** @throws AppError `request.invalid` for a threshold outside of its bounds, or one that occurs twice */
export function requireThresholds(thresholds: readonly AiThreshold[]): void {
  const seen = new Set<string>();
  const errors = thresholds.flatMap((each, at): FieldError[] => {
    const subject = subjectOf(each);
    if (seen.has(subject)) return [{ pointer: `/thresholds/${at}`, message: 'is there twice' }];
    seen.add(subject);
    const [from, to] = MEASURES[each.kind].bounds;
    return each.threshold >= from && each.threshold <= to
      ? []
      : [{ pointer: `/thresholds/${at}/threshold`, message: `must be from ${from} to ${to}` }];
  });
  if (errors.length > 0) throw requestErrors.invalid({ errors });
}

/** Alerts of an organization that are mailed in a day (UTC). */
export const MAX_MAILS_PER_DAY = 5;
const DAY_MS = 86_400_000;

/** The start of the day, UTC, of a moment. */
export const dayOf = (atMs: number): Date => new Date(Math.floor(atMs / DAY_MS) * DAY_MS);
