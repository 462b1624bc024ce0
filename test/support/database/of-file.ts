export interface DatabaseAddress {
  /** URL of the local endpoint that speaks Neon's protocol. */
  endpoint: string;
  connectionString: string;
}

const KEPT = Symbol.for('auralink.test.database');
const kept = globalThis as { [KEPT]?: DatabaseAddress };

/** The database of this process, once a setup file has set it. */
export const processDatabase = (): DatabaseAddress | undefined => kept[KEPT];

export function setProcessDatabase(address: DatabaseAddress): void {
  kept[KEPT] = address;
}

/** The database of the running test file: empty at its start, and used by no other file meanwhile. */
export function fileDatabase(): DatabaseAddress {
  const address = processDatabase();
  if (!address) throw new Error('the test file has no database: its project misses the setup file');
  return address;
}

// Every table with rows, except those that record the applied migrations.
const EMPTY = `do $$
declare
  name text;
  filled boolean;
  names text[] := '{}';
begin
  for name in select format('%I', relname) from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r' loop
    execute format('select exists (select from %s)', name) into filled;
    if filled then names := names || name; end if;
  end loop;
  if names <> '{}' then execute 'truncate ' || array_to_string(names, ', ') || ' restart identity cascade'; end if;
end $$`;

/** Deletes every row that an earlier file left. */
export async function emptyDatabase({ endpoint }: DatabaseAddress): Promise<void> {
  const body = JSON.stringify({ query: EMPTY, params: [] });
  const answer = await fetch(`${endpoint}/sql`, { method: 'POST', body });
  if (answer.status !== 200) throw new Error(`the database could not be emptied: ${await answer.text()}`);
}
