import {
  type Ctx,
  type KeepAlive,
  openCtx,
  type OpenCtxOptions,
  type Services,
} from '../../kernel/context/index.ts';
import type { Actor } from '../../kernel/core/index.ts';
import { publishPromptly } from '../../kernel/delivery/index.ts';

/** The context of a frame, or of a task of a live object: events that a commit wrote are published after the answer. */
export const openSocketCtx = (
  services: Services,
  actor: Actor,
  keepAlive: KeepAlive,
  idempotency?: OpenCtxOptions['idempotency'],
): Ctx =>
  openCtx(services, {
    actor,
    keepAlive,
    idempotency,
    onEvents: (partitions, after) =>
      after('outbox.publish', () => publishPromptly(services, partitions, keepAlive)),
  });
