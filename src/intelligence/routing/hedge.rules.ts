/** The facts about hedging: after how many seconds it is wanted, and the most that an answer may cost. */
interface HedgeFacts {
  hedgeAfterSeconds: number | null;
  preferences: { mostMicros: number | null };
}

/**
 * After how many seconds without output a second model is asked: never when there is none, or when the two dearest
 * together may cost more than an answer may.
 * @param taken the models, whose costs are known if there is a highest price
 */
export function hedgeOf(
  { hedgeAfterSeconds, preferences }: HedgeFacts,
  taken: readonly { mostMicros: bigint | null }[],
): number | null {
  if (taken.length < 2) return null;
  if (preferences.mostMicros === null) return hedgeAfterSeconds;
  const [first, second] = taken.map(({ mostMicros }) => mostMicros!).toSorted((a, b) => (a < b ? 1 : -1));
  return first! + second! <= BigInt(preferences.mostMicros) ? hedgeAfterSeconds : null;
}
