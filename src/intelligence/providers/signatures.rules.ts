/**
 * Proofs of reasoning are for the provider that made them; another one refuses them. Those of Anthropic are as they are, which is how they
 * began; those of others name their provider.
 */
const SEPARATOR = ':';

/** The mark of reasoning that has no proof. */
export const UNSIGNED = `unsigned${SEPARATOR}`;

export const sign = (provider: string, proof: string): string => `${provider}${SEPARATOR}${proof}`;

/** The proof that a provider gave; undefined for what is from another one. */
export function proofOf(provider: string, signature: string): string | undefined {
  const at = signature.indexOf(SEPARATOR);
  const from = at === -1 ? 'anthropic' : signature.slice(0, at);
  return from === provider ? signature.slice(at + 1) : undefined;
}
