import { exampleId } from '../../kernel/core/index.ts';
import type { CreateTeam, TeamView } from './teams.schemas.ts';

export const createTeamExample: CreateTeam = {
  name: 'Product texts',
  description: '',
  mode: 'sequential',
  members: [
    { agentId: exampleId('agent'), role: 'Writer', brief: 'Write a first version.' },
    { agentId: exampleId('agent'), role: 'Editor', brief: 'Shorten it.' },
  ],
  rounds: 1,
  turnLimit: 20,
  budgetMicros: 500_000,
  timeLimitSeconds: 900,
};

export const teamExample: TeamView = {
  id: exampleId('team'),
  ...createTeamExample,
  author: exampleId('user'),
  createdAt: '2026-01-05T09:30:00.000Z',
  updatedAt: '2026-01-05T09:30:00.000Z',
};
