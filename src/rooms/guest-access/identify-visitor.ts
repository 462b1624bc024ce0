import type { Ctx } from '../../kernel/context/index.ts';
import { encodeBase32 } from '../../kernel/core/index.ts';
import { networkOf } from '../../platform/limits/index.ts';

type VisitorContext = Pick<Ctx, 'hasher' | 'origin'>;

const visitorNetwork = ({ origin: { ip } }: VisitorContext) => (ip === null ? 'unknown' : networkOf(ip));

/** Stands for a caller's network at one link; the address itself is not stored, and links cannot be compared. */
export const hashAddress = (ctx: VisitorContext, linkId: string): Promise<string> =>
  ctx.hasher.hash('links.address', `${linkId}\u0000${visitorNetwork(ctx)}`);

/** Stands for a visitor at one link: their network, because a caller could vary anything that a browser sends. */
export const hashVisitor = (ctx: VisitorContext, linkId: string): Promise<string> =>
  ctx.hasher.hash('links.visitor', `${linkId}\u0000${visitorNetwork(ctx)}`);

const ID_BYTES = 16;

/** The guest id of a visitor key at one link: the same key gives the same guest. */
export async function deriveGuestId(
  { hasher }: Pick<Ctx, 'hasher'>,
  code: string,
  visitorKey: string,
): Promise<string> {
  const hash = await hasher.hash('links.guest', `${code}\u0000${visitorKey}`);
  const bytes = Uint8Array.from({ length: ID_BYTES }, (_, at) =>
    Number.parseInt(hash.slice(at * 2, at * 2 + 2), 16),
  );
  return `gst_${encodeBase32(bytes)}`;
}
