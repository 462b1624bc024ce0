import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { neon, neonConfig } from '@neondatabase/serverless';
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyMigrations } from '../../../workers/ops/migrate.ts';
import { startTestDatabase, type TestDatabase } from '../../support/database.ts';
import { ownerSql } from '../sql.ts';
import { schemaExports } from './catalog.ts';
import { readSchemaText } from './schema-text.ts';

interface Journal {
  entries: { idx: number; when: number; tag: string }[];
}

const journal = JSON.parse(readFileSync('migrations/meta/_journal.json', 'utf8')) as Journal;
let emptyDatabase: TestDatabase;
let migrationsDir: string;

beforeAll(async () => {
  emptyDatabase = await startTestDatabase({ migrated: false });
  migrationsDir = mkdtempSync(join(tmpdir(), 'migrations-'));
  cpSync('migrations', migrationsDir, { recursive: true });
});

afterAll(async () => {
  rmSync(migrationsDir, { recursive: true });
  await emptyDatabase.close();
});

const apply = () => applyMigrations(emptyDatabase.connectionString, emptyDatabase.url, migrationsDir);

const querySql = async (text: string) => {
  neonConfig.fetchEndpoint = `${emptyDatabase.url}/sql`;
  return (await neon(emptyDatabase.connectionString).query(text)) as Record<string, unknown>[];
};

describe('the chain of migrations', () => {
  it('is in the order of time, each with its file', () => {
    const times = journal.entries.map(({ when }) => when);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(new Set(times).size).toBe(times.length);
    for (const { idx, tag } of journal.entries) {
      expect(tag).toMatch(new RegExp(`^${String(idx).padStart(4, '0')}_`));
      expect(readFileSync(`migrations/${tag}.sql`, 'utf8').trim()).not.toBe('');
    }
  });

  it('applies whatever part of it was applied before', async () => {
    for (let length = 1; length <= journal.entries.length; length++) {
      const part = { ...journal, entries: journal.entries.slice(0, length) };
      writeFileSync(join(migrationsDir, 'meta/_journal.json'), JSON.stringify(part));
      await apply();
      expect(await querySql('select from drizzle.__drizzle_migrations')).toHaveLength(length);
    }
  });

  it('changes nothing when it is applied again', async () => {
    const before = await readSchemaText(querySql);
    await apply();
    expect(await readSchemaText(querySql)).toBe(before);
    expect(await querySql('select from drizzle.__drizzle_migrations')).toHaveLength(journal.entries.length);
  });

  it('ends at the same schema by steps and at once', async () => {
    const bySteps = await readSchemaText(querySql);
    expect(await readSchemaText(ownerSql)).toBe(bySteps);
  });

  it('ends at the schema that the rooms declare', async () => {
    const last = journal.entries.at(-1)!;
    const snapshot = JSON.parse(
      readFileSync(`migrations/meta/${String(last.idx).padStart(4, '0')}_snapshot.json`, 'utf8'),
    ) as Parameters<typeof generateMigration>[0];
    expect(await generateMigration(snapshot, generateDrizzleJson(schemaExports, snapshot.id))).toEqual([]);
  });

  it('ends at the schema that was agreed on', async () => {
    await expect(await readSchemaText(ownerSql)).toMatchFileSnapshot('../__snapshots__/schema.txt');
  });
});
