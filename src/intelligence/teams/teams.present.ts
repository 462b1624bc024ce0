import type { TeamView } from './teams.schemas.ts';
import type { Team } from './teams.tables.ts';

export const presentTeam = (row: Team): TeamView => ({
  id: row.id,
  name: row.name,
  description: row.description,
  mode: row.mode,
  members: [...row.members],
  rounds: row.rounds,
  turnLimit: row.turnLimit,
  budgetMicros: row.budgetMicros,
  timeLimitSeconds: row.timeLimitSeconds,
  author: row.author,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});
