import type { Column } from './catalog.ts';

/** Whose row it shall be. */
export interface Owner {
  organizationId: string;
  userId: string;
}

const BY_TYPE: [RegExp, (at: number) => unknown][] = [
  [/\[\]$/, () => '{}'],
  [/^(text|character)/, (at) => `row ${at}`],
  [/^(smallint|integer|bigint|numeric)/, (at) => at],
  [/^boolean/, () => false],
  [/^timestamp|^date/, () => '2026-01-05T09:30:00Z'],
  [/^jsonb?/, () => '{}'],
  [/^bytea/, () => '\\x00'],
  [/^uuid/, (at) => `01890000-0000-7000-8000-${String(at).padStart(12, '0')}`],
];

let made = 0;

/**
 * The least row that the table's types and vocabularies take, owned by `owner` in every column that says so. Foreign
 * keys are not looked at.
 */
export function leastRow(
  columns: readonly Column[],
  words: (table: string, column: string) => readonly string[] | undefined,
  owner: Owner,
): Record<string, unknown> {
  const at = ++made;
  const row: Record<string, unknown> = {};
  for (const { table, column, type, nullable, fallback } of columns) {
    const owned: Record<string, string | undefined> = {
      organization_id: owner.organizationId,
      user_id: owner.userId,
      caller_id: owner.userId,
      // An entry is a person, or has both of these.
      name: table === 'contacts' ? `row ${at}` : undefined,
      address: table === 'contacts' ? `row ${at}` : undefined,
      scope: table === 'idempotency_records' ? owner.userId : undefined,
      // From 1 to 5.
      rating: '3',
      id: { organizations: owner.organizationId, users: owner.userId }[table],
    };
    if (owned[column] !== undefined) row[column] = owned[column];
    else if (!nullable && fallback === null) {
      const vocabulary = words(table, column);
      const make = BY_TYPE.find(([pattern]) => pattern.test(type))?.[1];
      if (!vocabulary && !make) throw new Error(`${table}.${column}: no value of type ${type} is known here`);
      row[column] = vocabulary?.[0] ?? make!(at);
    }
  }
  return row;
}
