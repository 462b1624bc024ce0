/** No test plays a tone of fewer periods in a second; silence has noise of its own. */
const LOWEST_HERTZ = 20;

/**
 * The pitch of a pure tone, in hertz, or 0 when there is none: by the median time between two rises through zero, which
 * gaps do not change, as a busy machine leaves them in a call.
 */
export function pitchOf(samples: ArrayLike<number>, rate: number): number {
  const periods: number[] = [];
  let last = 0;
  for (let index = 1; index < samples.length; index++) {
    const before = samples[index - 1]!;
    const after = samples[index]!;
    if (before >= 0 || after < 0) continue;
    const rise = index - after / (after - before);
    if (last > 0) periods.push(rise - last);
    last = rise;
  }
  if (periods.length * rate < LOWEST_HERTZ * samples.length) return 0;
  return rate / periods.sort((a, b) => a - b)[Math.floor(periods.length / 2)]!;
}
