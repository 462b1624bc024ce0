import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import { selectNothing } from '../../kernel/db/index.ts';
import { TEAM_TEMPLATES, TEMPLATE_NAMES, type TemplateName } from './templates.rules.ts';
import type { TeamTemplateView } from './templates.schemas.ts';

function viewOf(name: TemplateName): TeamTemplateView {
  const { turnLimit: _limit, members, ...fields } = TEAM_TEMPLATES[name];
  return { name, ...fields, members: [...members] };
}

export const templateExample = viewOf('content');

/** All templates. They are the same for everybody, and shown to any valid credential. @throws AppError `auth.*` */
export async function listTeamTemplates(ctx: Ctx): Promise<readonly TeamTemplateView[]> {
  requirePermission(ctx.actor, 'agents:read');
  await ctx.read((q) => [selectNothing(q)]);
  return TEMPLATE_NAMES.map(viewOf);
}
