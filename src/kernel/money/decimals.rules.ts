const DECIMAL = /^(0|[1-9]\d{0,14})(?:\.(\d{1,18}))?$/;

/**
 * A decimal number as a whole number of its smallest parts: `0.004` with nine digits is 4,000,000. No floating point is
 * involved. Null for a text that is no plain decimal number, and for one with more digits than there are parts.
 */
export function parseDecimal(text: string, digits: number): bigint | null {
  const [, whole, fraction = ''] = DECIMAL.exec(text) ?? [];
  const significant = fraction.replace(/0+$/, '');
  if (whole === undefined || significant.length > digits) return null;
  return BigInt(whole + significant.padEnd(digits, '0'));
}

/** The decimal number of a whole number of parts, without zeros at its end. */
export function formatDecimal(parts: bigint, digits: number): string {
  const text = (parts < 0n ? -parts : parts).toString().padStart(digits + 1, '0');
  const fraction = text.slice(text.length - digits).replace(/0+$/, '');
  return `${parts < 0n ? '-' : ''}${text.slice(0, text.length - digits)}${fraction && `.${fraction}`}`;
}
