import type { DatabaseColumn } from './catalog.ts';

/** Whose row it shall be. */
export interface RowOwner {
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
  [/^tsvector/, () => 'word'],
  [/^uuid/, (at) => `01890000-0000-7000-8000-${String(at).padStart(12, '0')}`],
];

let rowCount = 0;

/**
 * The least row that the table's types and vocabularies take, owned by `owner` in every column that says so. Foreign
 * keys are not looked at.
 */
export function createMinimalRow(
  columns: readonly DatabaseColumn[],
  getEnumValues: (table: string, column: string) => readonly string[] | undefined,
  owner: RowOwner,
): Record<string, unknown> {
  const rowNumber = ++rowCount;
  const row: Record<string, unknown> = {};
  for (const { table, column, type, nullable, fallback } of columns) {
    const ownedValues: Record<string, string | undefined> = {
      organization_id: owner.organizationId,
      user_id: owner.userId,
      caller_id: owner.userId,
      // An entry is a person, or has both of these.
      name: table === 'contacts' ? `row ${rowNumber}` : undefined,
      address: table === 'contacts' ? `row ${rowNumber}` : undefined,
      scope: table === 'idempotency_records' ? owner.userId : undefined,
      // A compression is about a file, or a recording.
      file_id: table === 'file_compressions' || table === 'transcriptions' ? `row ${rowNumber}` : undefined,
      // The first status of a file is that of an upload.
      upload_ends_at: table === 'files' ? '2026-01-05T09:30:00Z' : undefined,
      // Of the person, as the first scope of a memory is.
      space: `person:${owner.userId}`,
      // The person whose conversation it is.
      owner: owner.userId,
      // From 1 to 5.
      rating: '3',
      id: { organizations: owner.organizationId, users: owner.userId }[table],
    };
    if (ownedValues[column] !== undefined) row[column] = ownedValues[column];
    else if (!nullable && fallback === null) {
      const vocabulary = getEnumValues(table, column);
      const make = BY_TYPE.find(([pattern]) => pattern.test(type))?.[1];
      if (!vocabulary && !make) throw new Error(`${table}.${column}: no value of type ${type} is known here`);
      row[column] = vocabulary?.[0] ?? make!(rowNumber);
    }
  }
  return row;
}
