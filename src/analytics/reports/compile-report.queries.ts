import { type SQL, sql } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import { type RangeRequest, rangeTable } from '../rollups/index.ts';
import type { Operator, SourceName } from './report-fields.rules.ts';
import { type Compiled, SOURCES } from './report-sources.queries.ts';
import type { FilterValue, ReportFilter, ReportSpec } from './report-spec.schemas.ts';

const COMPARISONS: Record<Exclude<Operator, 'in'>, SQL> = {
  eq: sql`=`, // for which there are indexes
  ne: sql`is distinct from`,
  lt: sql`<`,
  lte: sql`<=`,
  gt: sql`>`,
  gte: sql`>=`,
};

function parameter(value: NonNullable<FilterValue>): SQL {
  if (typeof value === 'number') return sql`${value}::float8`;
  return typeof value === 'boolean' ? sql`${value}::boolean` : sql`${value}::text`;
}

function conditionOf(field: SQL, { operator, value }: ReportFilter): SQL {
  const compare = (by: Exclude<Operator, 'in'>, each: FilterValue) => {
    // Null has no type of its own with which a number could be compared.
    if (each === null) return by === 'eq' ? sql`(${field}) is null` : sql`(${field}) is not null`;
    return sql`(${field}) ${COMPARISONS[by]} ${parameter(each)}`;
  };
  if (operator !== 'in') return compare(operator, value as FilterValue);
  const equal = (value as FilterValue[]).map((each) => compare('eq', each));
  return sql`(${sql.join(equal, sql` or `)})`;
}

/**
 * The rows of a report as JSON objects, one more than its limit when there are more. The organization is that of the
 * context, whatever the spec says; row-level security repeats it.
 */
export function selectReport(q: Queries, request: RangeRequest, spec: ReportSpec) {
  const source: Compiled<SourceName> = SOURCES[spec.source];
  const named = new Map<string, SQL>([
    ...spec.dimensions.map((name) => [name, (source.dimensions as Record<string, SQL>)[name]!] as const),
    ...spec.measures.map((name) => [name, (source.measures as Record<string, SQL>)[name]!] as const),
  ]);
  const alias = new Map([...named.keys()].map((name, index) => [name, sql.identifier(`c${index}`)]));
  const columns = [...named].map(([name, expression]) =>
    spec.dimensions.includes(name)
      ? sql`${expression} as ${alias.get(name)!}`
      : sql`(${expression})::float8 as ${alias.get(name)!}`,
  );
  const filters = spec.filters.map((filter) =>
    conditionOf((source.filters as Record<string, SQL>)[filter.field]!, filter),
  );
  const conditions = [
    sql`${source.organization} = ${request.organizationId}`,
    sql`${source.at} >= r.from_at and ${source.at} < r.to_at`,
    ...filters,
  ];
  const sorted = spec.sort.map(({ by, direction }) =>
    direction === 'asc' ? sql`${alias.get(by)!} asc nulls last` : sql`${alias.get(by)!} desc nulls last`,
  );
  const order = [...sorted, ...spec.dimensions.map((name) => sql`${alias.get(name)!} asc nulls last`)];
  const groups = spec.dimensions.map((name) => alias.get(name)!);
  const grouped = groups.length > 0 ? sql`group by ${sql.join(groups, sql`, `)}` : sql``;
  const ordered = order.length > 0 ? sql`order by ${sql.join(order, sql`, `)}` : sql``;
  const pairs = [...named.keys()].map((name) => sql`${name}::text, t.${alias.get(name)!}`);
  return q
    .select({
      row: sql<
        Record<string, string | number | boolean | null>
      >`jsonb_build_object(${sql.join(pairs, sql`, `)})`,
    })
    .from(
      sql`(select ${sql.join(columns, sql`, `)} from ${rangeTable(request)} cross join ${source.table}
        where ${sql.join(conditions, sql` and `)} ${grouped} ${ordered} limit ${spec.limit + 1}) t`,
    );
}
