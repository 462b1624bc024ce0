import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import { AI_MODELS } from './models.rules.ts';
import type { ModelView } from './models.schemas.ts';

/** The catalogue, and which of its models can be asked. @throws AppError `auth.forbidden` without `ai:read` */
export async function listModels(ctx: Ctx): Promise<ModelView[]> {
  requirePermission(ctx.actor, 'ai:read');
  return AI_MODELS.map((model) => ({
    ...model,
    capabilities: [...model.capabilities],
    configured: ctx.ports.chat.keyOf(model.provider) !== undefined,
  }));
}
