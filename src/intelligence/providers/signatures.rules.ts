/**
 * Proofs of reasoning are accepted only by the provider that made them. Those of Anthropic are unchanged, because it
 * came first; those of others begin with the name of their provider.
 */
const SEPARATOR = ':';

/** The mark of reasoning without a proof. */
export const UNSIGNED = `unsigned${SEPARATOR}`;

export const sign = (provider: string, proof: string): string => `${provider}${SEPARATOR}${proof}`;

/** The proof by this provider; undefined if it is from another one. */
export function proofOf(provider: string, signature: string): string | undefined {
  const at = signature.indexOf(SEPARATOR);
  const from = at === -1 ? 'anthropic' : signature.slice(0, at);
  return from === provider ? signature.slice(at + 1) : undefined;
}
