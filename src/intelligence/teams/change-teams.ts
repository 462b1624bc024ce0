import type { Ctx } from '../../kernel/context/index.ts';
import {
  actorId,
  diffFields,
  type IfMatch,
  requirePermission,
  requireVersion,
} from '../../kernel/core/index.ts';
import { requireChangeable, selectAgentsById } from '../agents/index.ts';
import { getTeam } from './read-teams.ts';
import { teamDeleted } from './teams.events.ts';
import { changeTeam, deleteTeamRow, insertTeam } from './teams.queries.ts';
import { requireAgents, requireWorkable } from './teams.rules.ts';
import type { CreateTeam, UpdateTeam } from './teams.schemas.ts';
import type { Team } from './teams.tables.ts';

const targetOf = ({ id }: Team) => ({ type: 'team', id });

/** The fields of a team in the audit log: no briefs, which are as long as instructions. */
const auditedOf = ({ name, mode, members, rounds, turnLimit, budgetMicros, timeLimitSeconds }: Team) => ({
  name,
  mode,
  members: members.map(({ agentId, role }) => `${role}: ${agentId}`),
  rounds,
  turnLimit,
  budgetMicros,
  timeLimitSeconds,
});

async function requireMembers(ctx: Ctx, team: Pick<Team, 'members'>): Promise<void> {
  const ids = team.members.map(({ agentId }) => agentId);
  const [found] = await ctx.read((q) => [selectAgentsById(q, ctx.organizationId, ids)]);
  requireAgents(ctx.actor, team, found);
}

/** The team that the caller requests, not stored yet. */
export function newTeam(ctx: Ctx, input: CreateTeam): Team {
  const createdAt = new Date(ctx.clock.now());
  return {
    ...input,
    id: ctx.ids.create('team'),
    organizationId: ctx.organizationId,
    author: actorId(ctx.actor)!, // a caller with permissions has an id
    createdAt,
    updatedAt: createdAt,
    version: 1,
  };
}

export const auditOfCreation = (team: Team) => ({
  action: 'team.created',
  target: targetOf(team),
  after: auditedOf(team),
});

/** @throws AppError `teams.too_many`, `request.invalid`, `billing.feature_not_included` or `auth.forbidden` */
export async function createTeam(ctx: Ctx, input: CreateTeam): Promise<Team> {
  requirePermission(ctx.actor, 'agents:write');
  requirePermission(ctx.actor, 'agents:read');
  requireWorkable(input);
  await requireMembers(ctx, input);
  const team = newTeam(ctx, input);
  return ctx.commit({ write: (q) => insertTeam(q, team), audit: auditOfCreation(team), result: team });
}

async function getChangeable(ctx: Ctx, teamId: string, ifMatch: IfMatch): Promise<Team> {
  requirePermission(ctx.actor, 'agents:write');
  const team = await getTeam(ctx, teamId);
  requireChangeable(ctx.actor, team);
  requireVersion(team, ifMatch);
  return team;
}

/**
 * Changes the given fields; runs that have begun keep the earlier version.
 * @throws AppError as `createTeam`, or `request.stale`
 */
export async function updateTeam(
  ctx: Ctx,
  teamId: string,
  input: UpdateTeam,
  ifMatch: IfMatch,
): Promise<Team> {
  const team = await getChangeable(ctx, teamId, ifMatch);
  const set = { ...input, updatedAt: new Date(ctx.clock.now()) };
  const changed: Team = { ...team, ...set, version: team.version + 1 };
  requireWorkable(changed);
  if (input.members) await requireMembers(ctx, changed);
  return ctx.commit({
    write: (q) => [changeTeam(q, team, set)],
    audit: {
      action: 'team.updated',
      target: targetOf(team),
      ...diffFields(auditedOf(team), auditedOf(changed)),
    },
    result: changed,
  });
}

/** Deletes a team; its running runs end. @throws AppError `teams.not_found`, `request.stale` or `auth.forbidden` */
export async function deleteTeam(ctx: Ctx, teamId: string, ifMatch: IfMatch): Promise<void> {
  const team = await getChangeable(ctx, teamId, ifMatch);
  return ctx.commit({
    write: (q) => [deleteTeamRow(q, team)],
    audit: { action: 'team.deleted', target: targetOf(team), before: { name: team.name } },
    events: [teamDeleted.of({ teamId })],
    result: undefined,
  });
}
