export { getTeam } from './read-teams.ts';
export { TEAM_MODES, type TeamMode } from './teams.enums.ts';
export { teamErrors } from './teams.errors.ts';
export { teamDeleted } from './teams.events.ts';
export { teamIdSchema, teamParamsSchema, type TeamMember } from './teams.schemas.ts';
export type { Team } from './teams.tables.ts';
