import { exampleId } from '../../kernel/core/index.ts';
import type { TeamRunView, TeamTurnView } from './team-runs.schemas.ts';

const AT = '2026-01-05T09:30:00.000Z';
const usd = (amountMicros: number) => ({ amountMicros, currency: 'USD' });

export const startTeamRunExample = { task: 'Write three sentences about our product for the start page.' };

export const teamRunExample: TeamRunView = {
  id: exampleId('teamRun'),
  teamId: exampleId('team'),
  teamName: 'Product texts',
  mode: 'sequential',
  task: startTeamRunExample.task,
  state: 'completed',
  reason: null,
  errorCode: null,
  result: 'Calls that people like to join.',
  agreed: null,
  turnCount: 2,
  turnLimit: 20,
  spent: usd(4_200),
  budget: usd(500_000),
  createdAt: AT,
  deadlineAt: '2026-01-05T09:45:00.000Z',
  endedAt: '2026-01-05T09:30:12.000Z',
};

export const runningTeamRunExample: TeamRunView = {
  ...teamRunExample,
  state: 'running',
  result: null,
  turnCount: 0,
  spent: usd(0),
  endedAt: null,
};

export const teamTurnExample: TeamTurnView = {
  id: exampleId('teamTurn'),
  position: 1,
  round: 1,
  role: 'Writer',
  agentId: exampleId('agent'),
  agentVersion: 2,
  purpose: 'work',
  state: 'complete',
  failure: null,
  text: 'Calls that people like to join.',
  generationId: exampleId('generation'),
  attempts: 1,
  model: 'claude-sonnet-5',
  stopReason: 'end',
  inputTokens: 120,
  outputTokens: 9,
  cost: usd(2_100),
  createdAt: AT,
  endedAt: '2026-01-05T09:30:06.000Z',
};
