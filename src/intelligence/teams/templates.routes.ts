import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { created, defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { agentErrors } from '../agents/index.ts';
import { createTeamFromTemplate } from './create-from-template.ts';
import { teamErrors } from './teams.errors.ts';
import { teamExample } from './teams.examples.ts';
import { presentTeam } from './teams.present.ts';
import { teamSchema } from './teams.schemas.ts';
import { listTeamTemplates, templateExample } from './list-templates.ts';
import { createFromTemplateSchema, templateListSchema, templateParamsSchema } from './templates.schemas.ts';

const tag = 'Teams';
const listPath = '/api/v1/ai/team-templates';

export const templateRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listTeamTemplates',
    tag,
    summary: 'List team templates',
    description: 'Lists the templates for teams: roles, instructions, and how the members work together.',
    access: { kind: 'permission', permission: 'agents:read' },
    limit: 'api',
    success: {
      200: {
        description: 'All templates',
        schema: templateListSchema,
        example: { data: [templateExample] },
      },
    },
    handle: listTeamTemplates,
    respond: (data) => ok({ data: [...data] }),
  }),
  defineRoute({
    method: 'post',
    path: `${listPath}/{template}/teams`,
    operationId: 'createTeamFromTemplate',
    tag,
    summary: 'Create a team from template',
    description:
      'Creates a team with an agent for each role of the template. Team and agents can be changed ' +
      'like any others. The plan must include the feature `agents`.',
    access: { kind: 'permission', permission: 'agents:write' },
    limit: 'api',
    params: templateParamsSchema,
    body: { schema: createFromTemplateSchema, example: { model: 'claude-sonnet-5' } },
    idempotent: true,
    success: { 201: { description: 'The team', schema: teamSchema, example: teamExample } },
    errors: [teamErrors.tooMany, agentErrors.tooMany, entitlementErrors.featureNotIncluded],
    handle: (ctx, { params, body }) => createTeamFromTemplate(ctx, params.template, body),
    respond: (row) => created(presentTeam(row), `/api/v1/ai/teams/${row.id}`, row.version),
  }),
];
