import type { Ctx } from '../../kernel/context/index.ts';
import { type Generation, startGeneration } from '../generations/index.ts';
import { requestErrors } from '../../kernel/core/index.ts';
import { holdFeature } from '../../identity/entitlements/index.ts';
import { numbered, recallForAgent } from '../agent-prompts/index.ts';
import { completeTurns } from './end-run.ts';
import { isCovered, worstCostOfTurn } from './run-budget.ts';
import type { AnsweringAgent, RunGround } from './run-ground.ts';
import { questionOf, type TurnStep } from '../team-modes/index.ts';
import { changeRun, changeTurn, insertTurn } from './team-runs.queries.ts';
import type { TeamTurn } from './team-runs.tables.ts';

/** The new turn for a step, before a model is asked. */
function newTurn(ctx: Ctx, { run }: RunGround, step: TurnStep, { agent, version }: AnsweringAgent): TeamTurn {
  return {
    id: ctx.ids.create('teamTurn'),
    organizationId: run.organizationId,
    runId: run.id,
    owner: run.owner,
    position: run.turnCount + 1,
    round: step.round,
    member: step.member,
    purpose: step.purpose,
    agentId: agent.id,
    agentVersion: version.number,
    state: 'running',
    failure: null,
    text: '',
    generationId: null,
    attempts: 0,
    askAfter: null,
    reservedMicros: null,
    costMicros: 0,
    createdAt: new Date(ctx.clock.now()),
    endedAt: null,
    version: 1,
  };
}

/**
 * Begins a turn, or repeats a failed one. The turn is stored with its generation in one commit, before a model is
 * asked.
 * @param ctx of the user or API key that started the run
 * @param waiting the turn to be repeated
 * @returns whether a model is being asked; false when the budget of the run does not cover it
 * @throws AppError `request.stale` when something else advanced the run; otherwise as `startGeneration`
 */
export async function takeTurn(
  ctx: Ctx,
  ground: RunGround,
  step: TurnStep,
  waiting: TeamTurn | undefined,
): Promise<boolean> {
  const { run, turns, agents } = ground;
  const answering = agents.get(run.team.members[step.member]!.agentId)!;
  const notes = numbered(await recallForAgent(ctx, answering.version, run.task));
  const question = questionOf(answering.version.definition, run.team, {
    task: run.task,
    turns: completeTurns(turns),
    step,
    notes,
  });
  const reservedMicros = await worstCostOfTurn(ctx, run, question);
  if (!isCovered(run, reservedMicros)) return false;
  const turn = waiting ?? newTurn(ctx, ground, step, answering);
  const asked = ({ id: generationId }: Generation): Partial<TeamTurn> => ({
    generationId,
    reservedMicros,
    attempts: turn.attempts + 1,
    agentVersion: answering.version.number,
  });
  const { organizationId } = run;
  await startGeneration(ctx, question, {
    write: (q, generation) => [
      changeRun(q, run, { turnCount: turn.position }),
      waiting ? changeTurn(q, waiting, asked(generation)) : insertTurn(q, { ...turn, ...asked(generation) }),
      holdFeature(q, { organizationId, now: generation.createdAt, feature: 'agents' }),
    ],
    resultOf: () => undefined,
    conflicts: { team_turns_position_key: requestErrors.stale },
    origin: { feature: 'teams', agent: answering.agent.id, team_run: run.id },
    isInBackground: true,
  });
  return true;
}
