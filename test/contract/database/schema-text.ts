type RunQuery = (text: string) => Promise<Record<string, unknown>[]>;

/** Each part of a schema, as lines in an order of their own; `n` constraints are `not null`, which columns show. */
const PARTS: Record<string, string> = {
  columns: `select c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
      || case when a.attcollation <> 0 and co.collname = 'C' then ' collate "C"' else '' end
      || case when a.attnotnull then ' not null' else '' end
      || case when a.attidentity <> '' then ' identity' else '' end
      || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') as line
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    left join pg_collation co on co.oid = a.attcollation
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'`,
  constraints: `select c.relname || ' ' || k.conname || ' ' || pg_get_constraintdef(k.oid) as line
    from pg_constraint k join pg_class c on c.oid = k.conrelid
    where c.relnamespace = 'public'::regnamespace and k.contype <> 'n'`,
  indexes: `select pg_get_indexdef(i.indexrelid) as line
    from pg_index i join pg_class c on c.oid = i.indrelid where c.relnamespace = 'public'::regnamespace`,
  policies: `select c.relname || case when c.relrowsecurity and c.relforcerowsecurity then ' walled ' else ' OPEN ' end
      || p.polname || ' for ' || p.polcmd::text || ' to ' || array_to_string(p.polroles::regrole[], ', ')
      || coalesce(' using ' || pg_get_expr(p.polqual, c.oid), '')
      || coalesce(' check ' || pg_get_expr(p.polwithcheck, c.oid), '') as line
    from pg_policy p join pg_class c on c.oid = p.polrelid where c.relnamespace = 'public'::regnamespace`,
  grants: `select table_name || ' ' || grantee || ' ' || string_agg(lower(privilege_type), ', ' order by privilege_type) as line
    from information_schema.role_table_grants where table_schema = 'public' and grantee like 'auralink%'
    group by table_name, grantee`,
  // From the catalog itself: the view of the information schema takes seconds.
  'column grants': `select c.relname || ' ' || g.grantee::regrole || ' ' || lower(g.privilege_type) || ' ('
      || string_agg(a.attname, ', ' order by a.attname) || ')' as line
    from pg_class c join pg_attribute a on a.attrelid = c.oid cross join aclexplode(a.attacl) g
    where c.relnamespace = 'public'::regnamespace and g.grantee::regrole::text like 'auralink%' and not exists (
      select from aclexplode(c.relacl) t where t.grantee = g.grantee and t.privilege_type = g.privilege_type)
    group by c.relname, g.grantee, g.privilege_type`,
  functions: `select pg_get_functiondef(p.oid) as line from pg_proc p
    left join pg_depend d on d.objid = p.oid and d.deptype = 'e'
    where p.pronamespace = 'public'::regnamespace and d.objid is null`,
  triggers: `select pg_get_triggerdef(t.oid) as line from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where not t.tgisinternal and c.relnamespace = 'public'::regnamespace`,
};

/** The whole schema as text that says the same for the same schema. */
export async function readSchemaText(runQuery: RunQuery): Promise<string> {
  const parts: string[] = [];
  for (const [title, query] of Object.entries(PARTS)) {
    const lines = (await runQuery(query)).map(({ line }) => String(line).trimEnd());
    parts.push(`-- ${title}\n${lines.toSorted((a, b) => (a < b ? -1 : 1)).join('\n')}\n`);
  }
  return parts.join('\n');
}
