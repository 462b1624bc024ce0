import {
  type Actor,
  actorId,
  authErrors,
  type FieldError,
  permits,
  requestErrors,
} from '../../kernel/core/index.ts';
import { findModel } from '../models/index.ts';
import type { AgentDefinition } from './agents.schemas.ts';
import type { Agent } from './agents.tables.ts';

const manages = (actor: Actor): boolean =>
  'permissions' in actor && permits(actor.permissions, 'agents:manage');

/** Whether somebody may change an agent or a team: its author may, and those who manage agents. */
export const mayChangeAgent = (actor: Actor, { author }: Pick<Agent, 'author'>): boolean =>
  author === actorId(actor) || manages(actor);

/** Whether somebody with `agents:read` may see an agent; others do not find it. */
export const showsTo = (actor: Actor, agent: Agent): boolean =>
  agent.audience === 'organization' || mayChangeAgent(actor, agent);

/** The author as whom somebody sees agents with the audience `managers`; null for those who see all. */
export const restrictedAuthor = (actor: Actor): string | null => (manages(actor) ? null : actorId(actor));

/** @throws AppError `auth.forbidden` */
export function requireChangeable(actor: Actor, agent: Pick<Agent, 'author'>): void {
  if (!mayChangeAgent(actor, agent)) throw authErrors.forbidden({ detail: 'needs agents:manage' });
}

/** @throws AppError `request.invalid` for a model that is not in the catalogue, or whose maximum output is smaller */
export function requireModels({ model, fallbackModels, maxOutputTokens }: AgentDefinition): void {
  const errors: FieldError[] = [];
  [model, ...fallbackModels].forEach((each, index) => {
    const pointer = index === 0 ? '/definition/model' : `/definition/fallbackModels/${index - 1}`;
    const found = findModel(each);
    if (!found) errors.push({ pointer, message: 'must be a model of the catalogue' });
    else if (found.maxOutputTokens < maxOutputTokens)
      errors.push({ pointer, message: `has at most ${found.maxOutputTokens} output tokens` });
  });
  if (errors.length > 0) throw requestErrors.invalid({ errors });
}
