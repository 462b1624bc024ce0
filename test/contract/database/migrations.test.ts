import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { neon, neonConfig } from '@neondatabase/serverless';
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { applyMigrations } from '../../../workers/ops/migrate.ts';
import { startTestDatabase, type TestDatabase } from '../../support/database/open.ts';
import { ownerSql } from '../sql.ts';
import { schemaExports } from './catalog.ts';
import { readSchemaText } from './schema-text.ts';

interface Journal {
  entries: { idx: number; when: number; tag: string }[];
}

const journal = JSON.parse(readFileSync('migrations/meta/_journal.json', 'utf8')) as Journal;
let emptyDatabase: TestDatabase;
let folder: string;

beforeAll(async () => {
  emptyDatabase = await startTestDatabase({ migrated: false, embedded: inject('embedded') });
  folder = mkdtempSync(join(tmpdir(), 'migrations-'));
  cpSync('migrations', join(folder, 'chain'), { recursive: true });
  mkdirSync(join(folder, 'no-functions'));
  mkdirSync(join(folder, 'functions'));
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await emptyDatabase.close();
});

/** @param functions a folder in the test's own one; `src` when left out */
const apply = (functions?: string) =>
  applyMigrations(emptyDatabase.connectionString, emptyDatabase.url, {
    chain: join(folder, 'chain'),
    functions: functions ? join(folder, functions) : 'src',
  });

const querySql = async (text: string) => {
  neonConfig.fetchEndpoint = `${emptyDatabase.url}/sql`;
  return (await neon(emptyDatabase.connectionString).query(text)) as Record<string, unknown>[];
};

// Each test continues with the database of the one before.
describe('migrations', { shuffle: false }, () => {
  describe('the chain of migrations', () => {
    it('is in the order of time, and each entry has its file', () => {
      const times = journal.entries.map(({ when }) => when);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(new Set(times).size).toBe(times.length);
      for (const { idx, tag } of journal.entries) {
        expect(tag).toMatch(new RegExp(`^${String(idx).padStart(4, '0')}_`));
        expect(readFileSync(`migrations/${tag}.sql`, 'utf8').trim()).not.toBe('');
      }
    });

    it('applies to a database that has any earlier part of it', async () => {
      for (let length = 1; length <= journal.entries.length; length++) {
        const part = { ...journal, entries: journal.entries.slice(0, length) };
        writeFileSync(join(folder, 'chain/meta/_journal.json'), JSON.stringify(part));
        await apply('no-functions');
        expect(await querySql('select from drizzle.__drizzle_migrations')).toHaveLength(length);
      }
    });

    it('is followed by every function file', async () => {
      const names = globSync('src/**/*.sql').map(
        (path) => `function ${basename(path, '.sql').replaceAll('-', '_')}`,
      );
      expect(await apply()).toEqual(names.toSorted());
    });

    it('changes nothing when it is applied again', async () => {
      const before = await readSchemaText(querySql);
      await apply();
      expect(await readSchemaText(querySql)).toBe(before);
      expect(await querySql('select from drizzle.__drizzle_migrations')).toHaveLength(journal.entries.length);
    });

    it('ends at the same schema step by step and at once', async () => {
      const bySteps = await readSchemaText(querySql);
      expect(await readSchemaText(ownerSql)).toBe(bySteps);
    });

    it('ends at the schema that the modules declare', async () => {
      const last = journal.entries.at(-1)!;
      const snapshot = JSON.parse(
        readFileSync(`migrations/meta/${String(last.idx).padStart(4, '0')}_snapshot.json`, 'utf8'),
      ) as Parameters<typeof generateMigration>[0];
      expect(await generateMigration(snapshot, generateDrizzleJson(schemaExports, snapshot.id))).toEqual([]);
    });

    it('ends at the schema of the snapshot', async () => {
      await expect(await readSchemaText(ownerSql)).toMatchFileSnapshot('../__snapshots__/schema.txt');
    });

    it('keeps the newest snapshot only: Drizzle compares with nothing else', () => {
      const newest = String(journal.entries.at(-1)!.idx).padStart(4, '0');
      expect(readdirSync('migrations/meta').toSorted()).toEqual([`${newest}_snapshot.json`, '_journal.json']);
    });
  });

  /** Functions that migrations themselves call, so that each must exist in the chain. */
  const CHAIN_FUNCTIONS = ['current_actor', 'current_organization', 'tenant_wall', 'wall'];

  describe('a SQL function', () => {
    const writeFunction = (name: string, body: string) =>
      writeFileSync(
        join(folder, 'functions', `${name.replaceAll('_', '-')}.sql`),
        `create or replace function ${name}${body}`,
      );

    it('is defined by one file beside its module, and the database has the text of that file', async () => {
      const texts = new Map(
        globSync('src/**/*.sql').map((path) => [
          basename(path, '.sql').replaceAll('-', '_'),
          readFileSync(path, 'utf8'),
        ]),
      );
      const rows = await ownerSql<{ name: string; source: string }>(
        `select p.proname as name, p.prosrc as source from pg_proc p
       left join pg_depend d on d.objid = p.oid and d.deptype = 'e'
       where p.pronamespace = 'public'::regnamespace and d.objid is null`,
      );
      const own = rows.filter(({ name }) => !CHAIN_FUNCTIONS.includes(name));
      expect(own.map(({ name }) => name).toSorted()).toEqual([...texts.keys()].toSorted());
      for (const { name, source } of own) expect(texts.get(name), name).toContain(source);
    });

    it('is replaced when its text changes, and left alone when it does not', async () => {
      writeFunction('answer', `() returns int language sql as 'select 41'`);
      expect(await apply('functions')).toEqual(['function answer']);
      writeFunction('answer', `() returns int language sql as 'select 42'`);
      expect(await apply('functions')).toEqual(['function answer']);
      expect(await querySql('select answer()')).toEqual([{ answer: 42 }]);
      expect(await apply('functions')).toEqual([]);
    });

    it('is defined again when it was dropped', async () => {
      await querySql('drop function answer()');
      expect(await apply('functions')).toEqual(['function answer']);
      expect(await querySql('select answer()')).toEqual([{ answer: 42 }]);
    });

    it('stays as the running code knows it when a successor gets a name of its own', async () => {
      writeFunction('answer_by_scale', `(scale int) returns int language sql as 'select 42 * scale'`);
      rmSync(join(folder, 'functions/answer.sql'));
      expect(await apply('functions')).toEqual(['function answer_by_scale']);
      expect(await querySql('select answer(), answer_by_scale(2)')).toEqual([
        { answer: 42, answer_by_scale: 84 },
      ]);
    });
  });
});
