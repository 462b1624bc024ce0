import { countIncluded, holdIncluded } from '../../calls/included-use/index.ts';
import { entitlementErrors, holdFeature } from '../../identity/entitlements/index.ts';
import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { isError, requestErrors, retryStale } from '../../kernel/core/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import { agentSpeechEvent, type SpeechMeter } from '../speech-usage/index.ts';
import { callAgentErrors } from './call-agents.errors.ts';
import { endCallAgent } from './call-agents.queries.ts';
import type { ReportSpeech } from './call-agents.schemas.ts';
import type { CallAgent, CallAgentSpeech } from './call-agents.tables.ts';
import { changeSpeech, insertSpeech, selectSpeech } from './speech.queries.ts';

const isBeyondPlan = (error: unknown) =>
  isError(error, entitlementErrors.featureNotIncluded, entitlementErrors.limitReached);

const msOf = ({ recognizedSeconds }: ReportSpeech): number => Math.round(recognizedSeconds * 1_000);

/** The increase of the totals of a process, by meter. */
const newUses = (known: CallAgentSpeech | null, report: ReportSpeech) => {
  const uses: { meter: SpeechMeter; quantity: number }[] = [
    { meter: 'recognized_minutes', quantity: msOf(report) - (known?.recognizedMs ?? 0) },
    { meter: 'spoken_characters', quantity: report.spokenCharacters - (known?.spokenCharacters ?? 0) },
  ];
  return uses.filter(({ quantity }) => quantity > 0);
};

/**
 * Stores the totals that a process reports for an agent. The same totals again change nothing; use that a process does
 * not report, because it died, is not counted. Use that the plan no longer covers is counted all the same, and the
 * agent leaves.
 * @throws AppError `call_agents.not_found`
 */
export function reportSpeech(ctx: Ctx, report: ReportSpeech): Promise<void> {
  return retryStale(3, () => takeReport(ctx, report));
}

async function takeReport(ctx: Ctx, report: ReportSpeech): Promise<void> {
  const { worker, callAgentId } = report;
  const [[found]] = await ctx.read((q) => [selectSpeech(q, worker, callAgentId)], systemScope);
  if (!found) throw callAgentErrors.notFound();
  const { organizationId } = found.row;
  if (newUses(found.speech, report).length === 0) return;
  await storeReport(ctx.as({ kind: 'system', name: 'call_agents.report', organizationId }), found, report);
}

async function storeReport(
  ctx: Ctx,
  { row, speech }: { row: CallAgent; speech: CallAgentSpeech | null },
  report: ReportSpeech,
): Promise<void> {
  const { worker, spokenCharacters } = report;
  const { organizationId, roomId, callId, agentId, userId } = row;
  const uses = newUses(speech, report);
  const now = new Date(ctx.clock.now());
  const totals = {
    recognizedMs: Math.max(msOf(report), speech?.recognizedMs ?? 0),
    spokenCharacters: Math.max(spokenCharacters, speech?.spokenCharacters ?? 0),
  };
  const store = (more: (q: Queries) => readonly Statement[]) =>
    ctx.commit({
      write: (q) => [
        ...more(q),
        speech ? changeSpeech(q, speech, totals) : insertSpeech(q, row, worker, totals),
        countIncluded(q, { organizationId, at: now }, uses),
      ],
      conflicts: { call_agent_speech_pkey: requestErrors.stale },
      events: uses.map((used) => agentSpeechEvent(ctx, used, { at: now, roomId, callId, agentId, userId })),
      result: undefined,
    });
  try {
    await store((q) => [
      holdFeature(q, { organizationId, now, feature: 'speech' }),
      holdIncluded(q, { organizationId, now }, uses),
    ]);
  } catch (error) {
    if (!isBeyondPlan(error)) throw error;
    await store((q) => (row.state === 'ended' ? [] : endCallAgent(q, row, 'not_in_plan', now)));
  }
}
