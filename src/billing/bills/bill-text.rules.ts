import { type FieldError, requestErrors } from '../../kernel/core/index.ts';
import { parseDecimal } from '../../kernel/money/index.ts';
import { type BillLine, billLineSchema, MAX_LINES } from './bills.schemas.ts';
import { CsvFault, parseCsv } from './csv.rules.ts';

const REQUIRED = ['meter', 'quantity', 'amount'] as const;
const COLUMNS: readonly string[] = [...REQUIRED, 'model', 'region'];
const MICRO_DIGITS = 6;
const WHOLE = /^(0|[1-9]\d{0,15})$/;
const MAX_ERRORS = 50;

const refuse = (errors: FieldError[]) => requestErrors.invalid({ errors: errors.slice(0, MAX_ERRORS) });
const fault = (message: string): FieldError => ({ pointer: '/csv', message });

function readRows(csv: string): string[][] {
  try {
    return parseCsv(csv, MAX_LINES + 1);
  } catch (error) {
    if (error instanceof CsvFault) throw refuse([fault(error.message)]);
    throw error;
  }
}

function readHeader(header: readonly string[] = []): string[] {
  const names = header.map((name) => name.trim().toLowerCase());
  const unknown = names.filter((name) => !COLUMNS.includes(name));
  const missing = REQUIRED.filter((name) => !names.includes(name));
  const errors = [
    ...unknown.map((name) => fault(`has an unknown column ${JSON.stringify(name.slice(0, 40))}`)),
    ...missing.map((name) => fault(`has no column ${name}`)),
    ...(new Set(names).size === names.length ? [] : [fault('has a column twice')]),
  ];
  if (errors.length > 0) throw refuse(errors);
  return names;
}

/** The line of a row, or its fault. */
function readLine(names: readonly string[], row: readonly string[], number: number): BillLine | FieldError[] {
  if (row.length !== names.length)
    return [fault(`row ${number} has ${row.length} fields, not ${names.length}`)];
  const cells = Object.fromEntries(names.map((name, at) => [name, row[at]!.trim()]));
  const micros = parseDecimal(cells.amount!, MICRO_DIGITS);
  const parsed = billLineSchema.safeParse({
    meter: cells.meter,
    model: cells.model || null,
    region: cells.region || null,
    quantity: WHOLE.test(cells.quantity!) ? Number(cells.quantity) : null,
    amountMicros: micros === null ? null : Number(micros),
  });
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path }) => String(path[0]).replace('amountMicros', 'amount'));
  return [...new Set(fields)].map((name) =>
    fault(
      name === 'amount'
        ? `row ${number}: amount must be a decimal number of USD with at most ${MICRO_DIGITS} decimals`
        : `row ${number}: ${name} is not valid`,
    ),
  );
}

/**
 * The lines of a bill in CSV.
 * @throws AppError `request.invalid` naming rows that cannot be read: no row is skipped or guessed
 */
export function readBillText(csv: string): BillLine[] {
  const [header, ...rows] = readRows(csv);
  const names = readHeader(header);
  if (rows.length === 0) throw refuse([fault('has no line below its header')]);
  const lines = rows.map((row, at) => readLine(names, row, at + 2));
  const errors = lines.flatMap((line) => (Array.isArray(line) ? line : []));
  if (errors.length > 0) throw refuse(errors);
  return lines.filter((line): line is BillLine => !Array.isArray(line));
}

/** @throws AppError `request.invalid` for two lines with the same meter, model and region */
export function requireDistinctLines(lines: readonly BillLine[]): void {
  const seen = new Map<string, number>();
  const errors = lines.flatMap(({ meter, model, region }, at): FieldError[] => {
    const identity = JSON.stringify([meter, model, region]);
    const first = seen.get(identity);
    if (first !== undefined)
      return [{ pointer: `/lines/${at}`, message: `is for the same as line ${first}` }];
    seen.set(identity, at);
    return [];
  });
  if (errors.length > 0) throw refuse(errors);
}
