import { neonConfig, Pool, type PoolClient } from '@neondatabase/serverless';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIds } from '../../../src/kernel/core/index.ts';
import { fileDatabase } from '../../support/database/of-file.ts';
import { ownerSql } from '../sql.ts';
import { type DatabaseColumn, listColumns, declaredTables, listTableNames } from './catalog.ts';
import { createMinimalRow, type RowOwner } from './minimal-row.ts';

const ids = createIds(() => 1_767_605_400_000);
const createOwner = (): RowOwner => ({
  organizationId: ids.create('organization'),
  userId: ids.create('user'),
});

/** Tables without a tenant policy, each with its reason. */
const TABLES_WITHOUT_POLICY: Record<string, string> = {};

/** Tables that name an organization and are not walled by it, each for its reason. */
const OTHERWISE_PROTECTED: Record<string, string> = {
  sessions: 'belongs to a person; only the system role reaches it, at sign-in',
};

const tables = await listTableNames();
let columns: DatabaseColumn[];
let pool: Pool;

beforeAll(async () => {
  columns = await listColumns();
  const { host } = new URL(fileDatabase().endpoint);
  neonConfig.wsProxy = () => `${host}/v2`;
  neonConfig.useSecureWebSocket = false;
  neonConfig.pipelineTLS = false;
  neonConfig.pipelineConnect = false;
  pool = new Pool({ connectionString: fileDatabase().connectionString, max: 1 });
});

afterAll(() => pool.end());

const getEnumValues = (table: string, column: string) =>
  declaredTables.find(({ name }) => name === table)?.columns.find(({ name }) => name === column)?.enumValues;

/** Runs `work` in a transaction that leaves nothing behind. */
async function inTransaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    return await work(client);
  } finally {
    await client.query('rollback');
    client.release();
  }
}

/** Puts a row of the owner's into the table as the database's owner, past its foreign keys. */
async function insertRow(
  client: PoolClient,
  table: string,
  owner: RowOwner,
): Promise<Record<string, unknown>> {
  const row = createMinimalRow(
    columns.filter((column) => column.table === table),
    getEnumValues,
    owner,
  );
  const names = Object.keys(row);
  await client.query('set local session_replication_role = replica');
  await client.query(
    `insert into ${table} (${names.map((name) => `"${name}"`).join(', ')})
     values (${names.map((_name, index) => `$${index + 1}`).join(', ')})`,
    Object.values(row),
  );
  await client.query('set local session_replication_role = origin');
  return row;
}

async function actAs(client: PoolClient, owner: RowOwner | null): Promise<void> {
  await client.query(
    `select set_config('role', 'auralink_app', true), set_config('app.organization_id', $1, true),
       set_config('app.user_id', $2, true)`,
    [owner?.organizationId ?? '', owner?.userId ?? ''],
  );
}

const actAsDatabaseOwner = (client: PoolClient) => client.query('reset role');

const INSUFFICIENT_PRIVILEGE = '42501'; // no grant, or a row that the tenant policy refuses

/** What a statement did: how many rows, or that it was refused. Any other failure is thrown. */
async function tryStatement(
  client: PoolClient,
  text: string,
  values: unknown[] = [],
): Promise<number | 'refused'> {
  await client.query('savepoint attempt');
  try {
    const result = await client.query(text, values);
    await client.query('release savepoint attempt');
    return result.rowCount ?? 0;
  } catch (error) {
    await client.query('rollback to savepoint attempt');
    if ((error as { code?: string }).code === INSUFFICIENT_PRIVILEGE) return 'refused';
    throw error;
  }
}

describe('the roles of the app', () => {
  it('cannot log in, pass row security, own tables or do anything else that is special', async () => {
    const roles = await ownerSql(
      `select rolname from pg_roles where rolname in ('auralink_app', 'auralink_system')
         and not (rolsuper or rolbypassrls or rolcanlogin or rolcreaterole or rolcreatedb or rolreplication)`,
    );
    expect(roles).toHaveLength(2);
    const owned = await ownerSql(
      `select relname from pg_class where relowner in (select oid from pg_roles where rolname like 'auralink%')`,
    );
    expect(owned).toEqual([]);
  });

  it('may call no function that runs with more rights than they have', async () => {
    const rows = await ownerSql(
      `select proname from pg_proc where prosecdef and pronamespace = 'public'::regnamespace`,
    );
    expect(rows).toEqual([]);
  });
});

describe('every table', () => {
  it('is declared by a room, and every declared one exists', () => {
    expect(declaredTables.map(({ name }) => name).toSorted()).toEqual(tables.toSorted());
  });

  it.each(tables)('%s: has row security on and forced, with a policy', async (table) => {
    const [state] = await ownerSql<{ walled: boolean }>(
      `select relrowsecurity and relforcerowsecurity and
         exists (select from pg_policy where polrelid = c.oid) as walled from pg_class c where c.oid = $1::regclass`,
      [table],
    );
    expect(state!.walled).toBe(!(table in TABLES_WITHOUT_POLICY));
  });

  it.each(tables)('%s: shows nothing to an app that named no organization and no person', async (table) => {
    await inTransaction(async (client) => {
      await insertRow(client, table, createOwner());
      await actAs(client, null);
      expect([0, 'refused']).toContain(await tryStatement(client, `select from ${table}`));
    });
  });

  it.each(tables)('%s: shows another organization nothing, also without a where', async (table) => {
    await inTransaction(async (client) => {
      await insertRow(client, table, createOwner());
      await actAs(client, createOwner());
      expect([0, 'refused']).toContain(await tryStatement(client, `select from ${table}`));
    });
  });

  it.each(tables)('%s: lets another organization change and delete nothing', async (table) => {
    await inTransaction(async (client) => {
      const row = await insertRow(client, table, createOwner());
      const column = Object.keys(row)[0]!;
      await actAs(client, createOwner());
      expect([0, 'refused']).toContain(
        await tryStatement(client, `update ${table} set "${column}" = "${column}"`),
      );
      expect([0, 'refused']).toContain(await tryStatement(client, `delete from ${table}`));
      await actAsDatabaseOwner(client);
      expect(await tryStatement(client, `select from ${table} where "${column}" = $1`, [row[column]])).toBe(
        1,
      );
    });
  });
});

const listTenantTables = async () => {
  const rows = await ownerSql<{ table: string }>(
    `select c.relname as table from pg_policy p join pg_class c on c.oid = p.polrelid where p.polname = 'tenant'`,
  );
  return rows.map((row) => row.table);
};
const tenantTables = await listTenantTables();

describe("a tenant's table", () => {
  it('is every one that names an organization, or there is a reason', () => {
    const tablesWithOrganization = columns
      .filter(({ column }) => column === 'organization_id')
      .map(({ table }) => table);
    const unprotected = tablesWithOrganization.filter((table) => !tenantTables.includes(table));
    expect(unprotected.toSorted()).toEqual(Object.keys(OTHERWISE_PROTECTED).toSorted());
  });

  it.each(tenantTables)('%s: shows an organization its own rows alone', async (table) => {
    await inTransaction(async (client) => {
      const [mine, theirs] = [createOwner(), createOwner()];
      await insertRow(client, table, theirs);
      await insertRow(client, table, mine);
      await actAs(client, mine);
      expect(await tryStatement(client, `select from ${table}`)).toBe(1);
    });
  });

  it.each(tenantTables)('%s: takes no row for another organization', async (table) => {
    await inTransaction(async (client) => {
      const [mine, theirs] = [createOwner(), createOwner()];
      const row = createMinimalRow(
        columns.filter((column) => column.table === table),
        getEnumValues,
        theirs,
      );
      const names = Object.keys(row);
      await client.query('set local session_replication_role = replica');
      await actAs(client, mine);
      const insert = `insert into ${table} (${names.map((name) => `"${name}"`).join(', ')})
        values (${names.map((_name, index) => `$${index + 1}`).join(', ')})`;
      expect(await tryStatement(client, insert, Object.values(row))).toBe('refused');
    });
  });

  it.each(tenantTables)('%s: lets no row be moved to another organization', async (table) => {
    await inTransaction(async (client) => {
      const [mine, theirs] = [createOwner(), createOwner()];
      await insertRow(client, table, mine);
      await client.query('set local session_replication_role = replica');
      await actAs(client, mine);
      const column = table === 'organizations' ? 'id' : 'organization_id';
      expect(await tryStatement(client, `update ${table} set ${column} = $1`, [theirs.organizationId])).toBe(
        'refused',
      );
    });
  });
});

describe('within its own organization the app', () => {
  it('changes nobody: not the address, nor whether it was proved', async () => {
    await inTransaction(async (client) => {
      const owner = createOwner();
      const { id } = await insertRow(client, 'users', owner);
      await actAs(client, { ...owner, userId: String(id) });
      expect(await tryStatement(client, `update users set email_verified = true`)).toBe('refused');
    });
  });

  it.each([`plan = 'enterprise'`, `limits = '{}'`])(
    'does not set %s of its organization',
    async (assignment) => {
      await inTransaction(async (client) => {
        const owner = createOwner();
        await insertRow(client, 'organizations', owner);
        await actAs(client, owner);
        expect(await tryStatement(client, `update organizations set name = 'Renamed'`)).toBe(1);
        expect(await tryStatement(client, `update organizations set ${assignment}`)).toBe('refused');
      });
    },
  );

  it('gives no audit entry a place in the chain', async () => {
    await inTransaction(async (client) => {
      const owner = createOwner();
      const row = createMinimalRow(
        columns.filter((column) => column.table === 'audit_logs'),
        getEnumValues,
        owner,
      );
      const insert = (more: Record<string, unknown>) => {
        const values = { ...row, id: ids.create('auditLog'), ...more };
        const names = Object.keys(values);
        return tryStatement(
          client,
          `insert into audit_logs (${names.join(', ')}) values (${names.map((_name, index) => `$${index + 1}`).join(', ')})`,
          Object.values(values),
        );
      };
      await actAs(client, owner);
      expect(await insert({})).toBe(1);
      expect(await insert({ seq: 1, previous_hash: 'a', hash: 'b' })).toBe('refused');
    });
  });
});
