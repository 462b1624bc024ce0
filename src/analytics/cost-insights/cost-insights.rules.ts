import { priceQuantity } from '../../kernel/money/index.ts';
import { priceOverage } from '../../billing/overage/index.ts';
import { PRICES } from '../../billing/plans/index.ts';
import {
  beyond,
  type ChargedTime,
  type CostFinding,
  type Measurements,
  minutes,
} from './measurements.rules.ts';
import { cheaperModel } from './model-insights.rules.ts';
import { otherPlan, unusedSeats, yearlyBillingCheaper } from './plan-insights.rules.ts';

export const UNUSED_DAYS = 90;
/** Being alone in a call for less time is waiting, not forgetting to leave. */
export const MIN_ALONE_MS = 10 * 60_000;
const MIN_ALONE_TOTAL_MS = 60 * 60_000;
const MIN_EMPTY_TOTAL_MS = 60 * 60_000;
/** Fewer calls say nothing about a trend. */
const MIN_CALLS = 100;
const RISE = 1.25;
/** Less time says nothing about a price. */
const MIN_COST_MS = 1_000n * 60_000n;
/** A minute that costs a tenth more, in percent. */
const COST_RISE = 110n;

/** A smaller amount than this dollar says nothing about a trend. */
const MIN_AI_COST = 1_000_000n;
/** AI that costs a quarter more, in percent. */
const AI_COST_RISE = 125n;

const least = (a: bigint, b: bigint) => (a < b ? a : b);

function unusedRooms({ unusedRooms: { count, ids } }: Measurements): CostFinding[] {
  if (count === 0) return [];
  return [
    { kind: 'unused_rooms', saving: null, evidence: { rooms: count, days: UNUSED_DAYS, roomIds: ids } },
  ];
}

/** Time alone costs only the part that is charged beyond the included amount: nothing on a plan that refuses more. */
function timeAlone({ plan, beyondIncluded, month, alone }: Measurements): CostFinding[] {
  if (alone.ms < MIN_ALONE_TOTAL_MS) return [];
  const charged =
    beyondIncluded === 'charged' ? least(BigInt(alone.ms), beyond(month.usedMs, month.includedMs)) : 0n;
  const saving = priceQuantity(charged, PRICES[plan].overage.participant_minutes);
  const evidence = {
    calls: alone.calls,
    minutes: minutes(alone.ms),
    chargedMinutes: minutes(charged),
    days: 30,
  };
  return [{ kind: 'time_alone', saving, evidence }];
}

/** Recordings and streams of empty calls use minutes and storage; an organization is not charged for them. */
function emptyEgress({ emptyEgress: { count, ms } }: Measurements): CostFinding[] {
  if (ms < MIN_EMPTY_TOTAL_MS) return [];
  return [
    { kind: 'empty_egress', saving: null, evidence: { egresses: count, minutes: minutes(ms), days: 30 } },
  ];
}

/** They use storage of the plan, which has no price of its own. */
function unusedRecordings({ unusedRecordings: { count, bytes, ids } }: Measurements): CostFinding[] {
  if (count === 0) return [];
  const evidence = { recordings: count, bytes, days: UNUSED_DAYS, recordingIds: ids };
  return [{ kind: 'unused_recordings', saving: null, evidence }];
}

function risingCallTime({ current, previous }: Measurements): CostFinding[] {
  if (current.calls < MIN_CALLS || previous.calls < MIN_CALLS) return [];
  const [now, before] = [current, previous].map(({ calls, connectedMs }) => connectedMs / calls / 60_000);
  if (now! < before! * RISE) return [];
  const evidence = {
    minutesPerCall: Number(now!.toFixed(1)),
    previousMinutesPerCall: Number(before!.toFixed(1)),
    calls: current.calls,
    previousCalls: previous.calls,
    days: 30,
  };
  return [{ kind: 'rising_call_time', saving: null, evidence }];
}

/**
 * The price that the organization pays for a minute beyond its plan, not the operator's cost. Products are compared,
 * because a price for one minute would be rounded.
 */
function risingMinuteCost({ charged: { startsAt, current, previous } }: Measurements): CostFinding[] {
  if (current.ms < MIN_COST_MS || previous.ms < MIN_COST_MS) return [];
  if (previous.amount <= 0n) return [];
  if (current.amount * previous.ms * 100n < previous.amount * current.ms * COST_RISE) return [];
  const minuteMicros = ({ ms, amount }: ChargedTime) => Number((amount * 60_000n) / ms);
  const evidence = {
    minuteMicros: minuteMicros(current),
    previousMinuteMicros: minuteMicros(previous),
    minutes: minutes(current.ms),
    previousMinutes: minutes(previous.ms),
    month: startsAt.toISOString().slice(0, 7),
  };
  const saving = current.amount - (previous.amount * current.ms) / previous.ms;
  return [{ kind: 'rising_minute_cost', saving, evidence }];
}

/** Transcribing the same audio again adds nothing; it costs the part that is charged beyond the included amount. */
function duplicateTranscriptions({ duplicates, ai }: Measurements): CostFinding[] {
  if (duplicates.count === 0) return [];
  const charged = least(BigInt(minutes(duplicates.ms)), BigInt(ai.transcribedMinutes));
  const evidence = {
    transcriptions: duplicates.count,
    minutes: minutes(duplicates.ms),
    chargedMinutes: Number(charged),
    days: 30,
    transcriptionIds: duplicates.ids,
  };
  return [
    {
      kind: 'duplicate_transcriptions',
      saving: priceOverage('transcription_minutes', charged),
      evidence,
    },
  ];
}

/** The price that the organization pays for AI beyond its plan, not the operator's cost. */
function risingAiCost({ ai: { current, previous }, charged: { startsAt } }: Measurements): CostFinding[] {
  if (previous < MIN_AI_COST || current * 100n < previous * AI_COST_RISE) return [];
  const evidence = {
    amountMicros: Number(current),
    previousAmountMicros: Number(previous),
    month: startsAt.toISOString().slice(0, 7),
  };
  return [{ kind: 'rising_ai_cost', saving: null, evidence }];
}

/** The insights that follow from the figures of an organization: the same figures always give the same insights. */
export const findInsights = (measurements: Measurements): CostFinding[] =>
  [
    unusedRooms,
    unusedSeats,
    timeAlone,
    emptyEgress,
    unusedRecordings,
    risingCallTime,
    risingMinuteCost,
    duplicateTranscriptions,
    risingAiCost,
    cheaperModel,
    yearlyBillingCheaper,
    otherPlan,
  ].flatMap((rule) => rule(measurements));
