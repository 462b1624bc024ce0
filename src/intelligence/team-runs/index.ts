export { getTeamRun } from './read-runs.ts';
