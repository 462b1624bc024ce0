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

/** Tables of this size and more are truncated: deleting row by row would take longer, and leave as much to skip later. */
const LARGE_BYTES = 4_000_000;

// Every table with rows, except those that record the applied migrations. Truncating makes new files for every table that
// refers to one of them, which takes twenty times as long as deleting the few rows that most files leave. The lock waits for
// what an earlier file has not finished.
const EMPTY = `do $$
declare
  name text;
  filled boolean;
  bytes bigint := 0;
  names text[] := '{}';
begin
  for name in select format('%I', relname) from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r' loop
    execute 'lock table ' || name || ' in exclusive mode';
    execute format('select exists (select from %s)', name) into filled;
    if filled then names := names || name; bytes := bytes + pg_relation_size(name); end if;
  end loop;
  if bytes > ${LARGE_BYTES} then execute 'truncate ' || array_to_string(names, ', ') || ' cascade';
  else
    set local session_replication_role = replica;
    foreach name in array names loop execute 'delete from ' || name; end loop;
  end if;
  perform setval(format('%I', sequencename), start_value, false) from pg_sequences
    where schemaname = 'public' and last_value is not null;
end $$`;

/** Deletes every row that an earlier file left. */
export async function emptyDatabase({ endpoint }: DatabaseAddress): Promise<void> {
  const body = JSON.stringify({ query: EMPTY, params: [] });
  const answer = await fetch(`${endpoint}/sql`, { method: 'POST', body });
  if (answer.status !== 200) throw new Error(`the database could not be emptied: ${await answer.text()}`);
}
