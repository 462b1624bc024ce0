import type { Vault } from './vault.ts';

/**
 * Encrypts the same text under the newest key; undefined when it already is. For tasks that walk a table, and for verbs
 * that write the row anyway. Guard the write with the old ciphertext, because another rotation may have been first.
 * @throws VaultError when the ciphertext was altered, moved, or encrypted with a key that was removed
 */
export async function rotateCiphertext(
  vault: Vault,
  ciphertext: string,
  associatedData: string,
): Promise<string | undefined> {
  if (!vault.isOutdated(ciphertext)) return undefined;
  return vault.encrypt(await vault.decrypt(ciphertext, associatedData), associatedData);
}
