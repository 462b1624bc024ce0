import { presentAmount, presentMoney } from '../../kernel/money/index.ts';
import type { TurnWithUsage } from './team-runs.queries.ts';
import type { TeamRunView, TeamTurnView } from './team-runs.schemas.ts';
import type { TeamRun } from './team-runs.tables.ts';

export const presentRun = (row: TeamRun): TeamRunView => ({
  id: row.id,
  teamId: row.teamId,
  teamName: row.team.name,
  mode: row.team.mode,
  task: row.task,
  state: row.state,
  reason: row.reason,
  errorCode: row.errorCode,
  result: row.result,
  agreed: row.agreed,
  turnCount: row.turnCount,
  turnLimit: row.team.turnLimit,
  spent: presentMoney(BigInt(row.spentMicros)),
  budget: row.team.budgetMicros === null ? null : presentMoney(BigInt(row.team.budgetMicros)),
  createdAt: row.createdAt.toISOString(),
  deadlineAt: row.endsBy.toISOString(),
  endedAt: row.endedAt?.toISOString() ?? null,
});

export const presentTurn = (
  { turn, model, stopReason, inputTokens, outputTokens }: TurnWithUsage,
  { team }: TeamRun,
): TeamTurnView => ({
  id: turn.id,
  position: turn.position,
  round: turn.round,
  role: team.members[turn.member]!.role,
  agentId: turn.agentId,
  agentVersion: turn.agentVersion,
  purpose: turn.purpose,
  state: turn.state,
  failure: turn.failure,
  text: turn.text,
  generationId: turn.generationId,
  attempts: turn.attempts,
  model,
  stopReason,
  inputTokens,
  outputTokens,
  cost: presentAmount(turn.costMicros === null ? null : BigInt(turn.costMicros)),
  createdAt: turn.createdAt.toISOString(),
  endedAt: turn.endedAt?.toISOString() ?? null,
});
