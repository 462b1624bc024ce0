import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import { auditOfAgent, insertAgent, newAgent } from '../agents/index.ts';
import { auditOfCreation, newTeam } from './change-teams.ts';
import { insertTeam } from './teams.queries.ts';
import type { Team } from './teams.tables.ts';
import { TEAM_TEMPLATES, type TemplateName } from './templates.rules.ts';
import type { CreateTeamFromTemplate } from './templates.schemas.ts';

/**
 * Creates a team with an agent for each role of a template, all in one commit.
 * @throws AppError `teams.too_many`, `agents.too_many`, `request.invalid`, `billing.feature_not_included` or `auth.forbidden`
 */
export async function createTeamFromTemplate(
  ctx: Ctx,
  template: TemplateName,
  { name, audience, ...models }: CreateTeamFromTemplate,
): Promise<Team> {
  requirePermission(ctx.actor, 'agents:write');
  const { title, description, mode, rounds, turnLimit, members } = TEAM_TEMPLATES[template];
  const teamName = name ?? title;
  const created = members.map(({ role, instructions }) =>
    newAgent(ctx, {
      name: `${teamName}: ${role}`.slice(0, 100),
      description: '',
      audience,
      definition: { instructions, ...models, memoryScopes: [] },
    }),
  );
  const team = newTeam(ctx, {
    name: teamName,
    description,
    mode,
    rounds,
    turnLimit,
    members: members.map(({ role }, index) => ({ agentId: created[index]!.agent.id, role, brief: '' })),
    budgetMicros: null,
    timeLimitSeconds: 900,
  });
  return ctx.commit({
    write: (q) => [
      ...created.flatMap(({ agent, first }) => insertAgent(q, agent, first)),
      ...insertTeam(q, team),
    ],
    audit: [...created.map(auditOfAgent), auditOfCreation(team)],
    result: team,
  });
}
