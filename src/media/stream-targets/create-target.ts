import type { Ctx } from '../../kernel/context/index.ts';
import { addressOf, type NewTarget, type StreamTarget } from './stream-targets.rules.ts';
import { sealAddress } from './target-secrets.ts';

/** A target whose address may be used now. @throws AppError `outgoing.*` */
export async function createTarget(ctx: Ctx, target: NewTarget): Promise<StreamTarget> {
  const address = addressOf(target);
  await ctx.ports.outgoing.requireAllowed(address, 'stream');
  const id = ctx.ids.create('streamTarget');
  return {
    id,
    url: target.url,
    sealedAddress: await sealAddress(ctx, id, address),
    state: 'requested',
    reason: null,
    isListed: false,
    removeRequestedAt: null,
    startedAt: null,
    endedAt: null,
    createdAt: new Date(ctx.clock.now()).toISOString(),
  };
}
