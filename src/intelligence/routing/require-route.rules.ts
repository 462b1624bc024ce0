import { cutText, type ErrorFactory, type FieldError, requestErrors } from '../../kernel/core/index.ts';
import { type CreateGeneration, neededCapabilities } from '../generation-requests/index.ts';
import { type AiModel, findModel, hasCapability } from '../models/index.ts';
import type { PassedOver } from './routing.enums.ts';
import { routingErrors } from './routing.errors.ts';
import type { ConsideredModel, RouteDecision } from './routing.rules.ts';

const MAX_DETAIL = 300;

/**
 * The models that a request names, in its order.
 * @param customModels those of the organization, in addition to the catalogue
 * @throws AppError `ai.model_not_found`
 */
export function namedModels(
  { model, fallbackModels = [] }: CreateGeneration,
  customModels: readonly AiModel[],
): AiModel[] {
  if (model === undefined) return [];
  return [...new Set([model, ...fallbackModels])].map((id) => {
    const found = findModel(id) ?? customModels.find((each) => each.id === id);
    if (!found) throw routingErrors.modelNotFound({ detail: `there is no model ${id}` });
    return found;
  });
}

/** @throws AppError `request.invalid` for messages that a model cannot answer */
export function requireAnswerable({ messages }: Pick<CreateGeneration, 'messages'>): void {
  if (messages.at(-1)!.role === 'user') return;
  const errors = [{ pointer: '/messages', message: 'must end with a message of the user' }];
  throw requestErrors.invalid({ errors });
}

/**
 * Checks that each model that a request names supports the request: otherwise the request is wrong, whichever of them
 * would answer.
 * @throws AppError `ai.model_not_able`, or `request.invalid` for more output than the model can give
 */
export function requireAble(models: readonly AiModel[], input: CreateGeneration): void {
  const errors: FieldError[] = [];
  for (const model of models) {
    const missing = neededCapabilities(input).filter((each) => !hasCapability(model, each));
    if (missing.length > 0)
      throw routingErrors.modelNotAble({ detail: `${model.id} has no ${missing.join(', ')}` });
    if (input.maxOutputTokens > model.maxOutputTokens)
      errors.push({
        pointer: '/maxOutputTokens',
        message: `must be at most ${model.maxOutputTokens} for ${model.id}`,
      });
  }
  if (errors.length > 0) throw requestErrors.invalid({ errors });
}

const ERRORS: Readonly<Partial<Record<PassedOver, ErrorFactory>>> = {
  not_allowed: routingErrors.modelNotAllowed,
  no_key: routingErrors.notConfigured,
  price_unknown: routingErrors.priceUnknown,
  too_dear: routingErrors.priceTooHigh,
};

const detailOf = ({ model, reasons }: ConsideredModel): string =>
  reasons[0] === 'no_key' ? `there is no key of ${model.provider}` : `${model.id}: ${reasons.join(', ')}`;

function refuse({ policy, considered }: RouteDecision): never {
  const [first] = considered;
  if (!first) throw routingErrors.noPreference();
  if (policy === null)
    throw (ERRORS[first.reasons[0]!] ?? routingErrors.noRoute)({ detail: detailOf(first) });
  const detail = considered.map(({ model, reasons }) => `${model.id}: ${reasons.join(', ')}`).join('; ');
  throw routingErrors.noRoute({ detail: cutText(detail, MAX_DETAIL) });
}

/**
 * The models that are asked; never empty. If only the plan prevents it, they are those that it does not include: the
 * commit then refuses, and says what would help.
 * @throws AppError `ai.*` that says why there is none
 */
export function requireRoute(decision: RouteDecision): readonly ConsideredModel[] {
  const taken = decision.considered.filter(({ position }) => position !== null);
  if (taken.length > 0) return taken;
  const beyondPlan = decision.considered.filter(({ reasons }) => reasons.join() === 'not_in_plan');
  return beyondPlan.length > 0 ? beyondPlan : refuse(decision);
}
