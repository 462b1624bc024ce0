import type { Ctx } from '../../kernel/context/index.ts';
import { encodeBase32 } from '../../kernel/core/index.ts';
import { networkOf } from '../../platform/limits/index.ts';

type VisitorContext = Pick<Ctx, 'hasher' | 'origin'>;

const visitorNetwork = ({ origin: { ip } }: VisitorContext) => (ip === null ? 'unknown' : networkOf(ip));

/** What stands for the network somebody calls from, at one link: no address is stored, none compared across links. */
export const hashAddress = (ctx: VisitorContext, linkId: string): Promise<string> =>
  ctx.hasher.hash('links.address', `${linkId}\u0000${visitorNetwork(ctx)}`);

/**
 * What stands for a visitor of one link: the network they come from, and nothing that they say of themselves, which could
 * be another thing each time.
 */
export const hashVisitor = (ctx: VisitorContext, linkId: string): Promise<string> =>
  ctx.hasher.hash('links.visitor', `${linkId}\u0000${visitorNetwork(ctx)}`);

const ID_BYTES = 16;

/** The guest whom a visitor's key stands for at one link: the same key, the same guest. */
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
