import { subscribe } from '../../kernel/delivery/index.ts';
import { defineModule } from '../../kernel/modules/index.ts';
import { generationEnded } from '../generations/index.ts';
import { teamDeleted } from '../teams/index.ts';
import { advanceRun, advanceRunOfGeneration, endRunsWithoutTeam, sweepRuns } from './advance-run.ts';
import { teamRunDue, teamRunEnded } from './team-runs.events.ts';
import { teamRunRoutes } from './team-runs.routes.ts';

export const teamRunsModule = defineModule({
  name: 'intelligence/team-runs',
  events: [teamRunDue, teamRunEnded],
  routes: teamRunRoutes,
  subscriptions: [
    subscribe(teamRunDue, 'team_runs.advance', advanceRun),
    subscribe(generationEnded, 'team_runs.settle', advanceRunOfGeneration),
    subscribe(teamDeleted, 'team_runs.end', endRunsWithoutTeam),
  ],
  schedules: [{ name: 'team_runs.sweep', everyMinutes: 1, run: sweepRuns }],
  retention: {
    team_runs: { rule: 'cascade', how: 'with the account or the API key that owns it' },
    team_turns: { rule: 'cascade', how: 'with its run' },
  },
});
