import type { Ctx } from '../../kernel/context/index.ts';
import { VaultError } from '../../kernel/crypto/index.ts';
import type { Ingress } from './ingresses.tables.ts';

const associatedDataOf = (ingressId: string) => `ingresses.sealed_source.${ingressId}`;

/** Encrypts the address that an ingress reads, bound to it: its query may be what lets the reader in. */
export const sealSource = ({ vault }: Ctx, ingressId: string, address: string): Promise<string> =>
  vault.encrypt(address, associatedDataOf(ingressId));

/** The address that an ingress reads; null, and logged, when it is encrypted with a key that was removed. */
export async function openSource({ vault, log }: Ctx, { id, sealedSource }: Ingress): Promise<string | null> {
  try {
    return await vault.decrypt(sealedSource!, associatedDataOf(id));
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    log.error('ingresses.source_not_readable', { ingressId: id, error });
    return null;
  }
}

/** The same address under the newest key of the product; no change when it is already, or cannot be read. */
export async function resealSource(ctx: Ctx, row: Ingress): Promise<Pick<Ingress, 'sealedSource'> | null> {
  if (row.sealedSource === null || !ctx.vault.isOutdated(row.sealedSource)) return null;
  const address = await openSource(ctx, row);
  return address === null ? null : { sealedSource: await sealSource(ctx, row.id, address) };
}

/** An address as it may be shown and logged: without its query. */
export function shownSource({ protocol, host, pathname }: URL): string {
  return `${protocol}//${host}${pathname}`;
}
