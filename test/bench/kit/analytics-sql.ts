/** An id made of numbers, for SQL. */
export const idOf = (prefix: string, ...parts: string[]) =>
  `'${prefix}_' || lpad((${parts.join(' + ')})::text, 26, '0')`;
/** A number from 0 to 1 that belongs to a row: the same in each run. */
export const fraction = (seed: number, key = 'n') =>
  `((hashint8extended(${key}, ${seed}) & 1048575) / 1048576.0)`;
/** One of the values, by the row. */
export const oneOf = (values: readonly string[], seed: number, key = 'n') =>
  `(array[${values.map((value) => `'${value}'`).join(', ')}])[1 + floor(${fraction(seed, key)} * ${values.length})::integer]`;
