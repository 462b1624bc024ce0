import type { Vault } from './vault.ts';

/**
 * The same secret under the newest key; undefined when it already is. For jobs that walk a table, and for verbs that
 * have just read a row and write it anyway. Guard the write with the old text: another rotation may have been first.
 * @throws VaultError when the text was altered, moved, or sealed with a key that is gone
 */
export async function rotateCiphertext(
  vault: Vault,
  ciphertext: string,
  associatedData: string,
): Promise<string | undefined> {
  if (!vault.isOutdated(ciphertext)) return undefined;
  return vault.encrypt(await vault.decrypt(ciphertext, associatedData), associatedData);
}
