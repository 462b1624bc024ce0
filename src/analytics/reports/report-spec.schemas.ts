import { z } from '@hono/zod-openapi';
import { lineSchema } from '../../kernel/core/index.ts';
import { checkRange, rangeFields } from '../rollups/index.ts';
import {
  OPERATORS,
  ORDERING_OPERATORS,
  type ReportField,
  REPORT_SOURCES,
  SOURCE_NAMES,
  type SourceName,
  sourceOf,
} from './report-fields.rules.ts';

export const MAX_ROWS = 10_000;
const MAX_DIMENSIONS = 4;
const MAX_MEASURES = 10;
const MAX_FILTERS = 10;
const MAX_VALUES = 100;

const fieldName = z.string().regex(/^[A-Za-z0-9]{1,50}$/, 'must be the name of a field');
const scalar = z.union([lineSchema(200), z.number(), z.boolean(), z.null()]);
export type FilterValue = z.output<typeof scalar>;

const listOf = (pick: (name: SourceName) => object) =>
  SOURCE_NAMES.map(
    (name) =>
      `\`${name}\`: ${Object.keys(pick(name))
        .map((field) => `\`${field}\``)
        .join(', ')}`,
  ).join('. ');

const filterSchema = z
  .strictObject({
    field: fieldName.openapi({
      description: `Name of the field. ${listOf((name) => REPORT_SOURCES[name].filters)}.`,
    }),
    operator: z.enum(OPERATORS).openapi({ description: 'How the field is compared with the value.' }),
    value: z.union([scalar, z.array(scalar).min(1).max(MAX_VALUES)]).openapi({
      description: `The value that it is compared with; for \`in\` a list of 1 to ${MAX_VALUES}. Null is an unknown value.`,
    }),
  })
  .openapi('ReportFilter');
export type ReportFilter = z.output<typeof filterSchema>;

const specFields = {
  source: z.enum(SOURCE_NAMES).openapi({
    description: SOURCE_NAMES.map((name) => `\`${name}\`: ${REPORT_SOURCES[name].description}`).join(' '),
  }),
  dimensions: z
    .array(fieldName)
    .max(MAX_DIMENSIONS)
    .default([])
    .openapi({
      description:
        `The dimensions by which rows are grouped, at most ${MAX_DIMENSIONS}. ` +
        `${listOf((name) => REPORT_SOURCES[name].dimensions)}. Default: one row for everything.`,
    }),
  measures: z
    .array(fieldName)
    .min(1)
    .max(MAX_MEASURES)
    .openapi({
      description: `The measures, 1 to ${MAX_MEASURES}. ${listOf((name) => REPORT_SOURCES[name].measures)}.`,
    }),
  filters: z
    .array(filterSchema)
    .max(MAX_FILTERS)
    .default([])
    .openapi({ description: `Conditions, all of which must hold; at most ${MAX_FILTERS}.` }),
  ...rangeFields,
  sort: z
    .array(
      z.strictObject({
        by: fieldName.openapi({ description: 'Name of a dimension or measure of the report.' }),
        direction: z.enum(['asc', 'desc']).default('asc').openapi({ description: 'Default: `asc`.' }),
      }),
    )
    .max(3)
    .default([])
    .openapi({
      description:
        'Order of the rows. Equal rows, and all rows without an order, are ordered by the dimensions.',
    }),
  limit: z
    .number()
    .int()
    .min(1)
    .max(MAX_ROWS)
    .default(1_000)
    .openapi({ description: `Maximum number of rows, 1 to ${MAX_ROWS}. Default: 1,000.` }),
};

type SpecFields = z.output<z.ZodObject<typeof specFields>>;
type Refuse = (path: (string | number)[], message: string) => void;

const oneOf = (fields: object) => `must be one of ${Object.keys(fields).join(', ')}`;

function checkNames(names: readonly string[], known: object, path: string, refuse: Refuse): void {
  names.forEach((name, index) => {
    if (!Object.hasOwn(known, name)) refuse([path, index], oneOf(known));
    if (names.indexOf(name) < index) refuse([path, index], 'is there twice');
  });
}

const fits = (value: FilterValue, { type }: ReportField): boolean =>
  value === null || typeof value === (type === 'number' || type === 'boolean' ? type : 'string');

function checkFilter(
  { field, operator, value }: ReportFilter,
  spec: SpecFields,
  at: number,
  refuse: Refuse,
): void {
  const { filters } = sourceOf(spec.source);
  const known = Object.hasOwn(filters, field) ? filters[field] : undefined;
  if (!known) return refuse(['filters', at, 'field'], oneOf(filters));
  const values = Array.isArray(value) ? value : [value];
  if (Array.isArray(value) !== (operator === 'in'))
    refuse(['filters', at, 'value'], operator === 'in' ? 'must be a list' : 'must be one value');
  if (values.some((each) => !fits(each, known))) refuse(['filters', at, 'value'], `must be a ${known.type}`);
  if (ORDERING_OPERATORS.includes(operator) && (known.type !== 'number' || values.includes(null)))
    refuse(['filters', at, 'operator'], 'compares numbers only');
}

/** Quantities of several meters have no sum: each meter counts in a unit of its own. */
function checkQuantity({ measures, dimensions, filters }: SpecFields, refuse: Refuse): void {
  const isOfOneMeter =
    dimensions.includes('meter') ||
    filters.some(({ field, operator, value }) => field === 'meter' && operator === 'eq' && value !== null);
  const at = measures.indexOf('quantity');
  if (at >= 0 && !isOfOneMeter)
    refuse(['measures', at], 'needs the dimension meter, or a filter on one meter');
}

function checkSpec(spec: SpecFields, context: z.RefinementCtx): void {
  const refuse: Refuse = (path, message) => context.addIssue({ code: 'custom', path, message });
  const { dimensions, measures } = sourceOf(spec.source);
  checkNames(spec.dimensions, dimensions, 'dimensions', refuse);
  checkNames(spec.measures, measures, 'measures', refuse);
  spec.filters.forEach((filter, at) => checkFilter(filter, spec, at, refuse));
  const named = [...spec.dimensions, ...spec.measures];
  spec.sort.forEach(({ by }, at) => {
    if (!named.includes(by)) refuse(['sort', at, 'by'], 'must be a dimension or measure of the report');
  });
  checkQuantity(spec, refuse);
  checkRange(spec, context);
}

/** The content of a report: a typed question, not a query language. */
export const reportSpecSchema = z.strictObject(specFields).superRefine(checkSpec).openapi('AnalyticsQuery');
export type ReportSpec = z.output<typeof reportSpecSchema>;
export type ReportSpecInput = z.input<typeof reportSpecSchema>;
