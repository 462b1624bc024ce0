import type { Ctx } from '../../kernel/context/index.ts';

const associatedDataOf = (phoneCallId: string) => `phone_calls.sealed_digits.${phoneCallId}`;

/** Encrypts the keys that are pressed after the answer, bound to the call. */
export const sealDigits = ({ vault }: Ctx, phoneCallId: string, digits: string): Promise<string> =>
  vault.encrypt(digits, associatedDataOf(phoneCallId));

/** @throws VaultError when they are encrypted with a key that was removed */
export const openDigits = async (
  { vault }: Ctx,
  { id, sealedDigits }: { id: string; sealedDigits: string | null },
): Promise<string> => (sealedDigits === null ? '' : vault.decrypt(sealedDigits, associatedDataOf(id)));
