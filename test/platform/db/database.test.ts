import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { rooms } from '../../../src/meetings/rooms/rooms.tables.ts';
import { systemScope } from '../../../src/platform/context/index.ts';
import { compiled, type Places } from '../../../src/platform/db/index.ts';
import { createTestApp } from '../../support/app.ts';

describe('a defect in building statements', () => {
  const broken = () => {
    throw new TypeError('no such column');
  };

  it('is told as it is, not as an outage of the database', async () => {
    const { database } = createTestApp().services;
    await expect(database.read(systemScope, broken)).rejects.toThrow('no such column');
    await expect(database.commit(systemScope, broken)).rejects.toThrow('no such column');
  });

  it('does not open the breaker, however often it happens', async () => {
    const { database } = createTestApp().services;
    for (let i = 0; i < 10; i++) await expect(database.read(systemScope, broken)).rejects.toThrow();
    expect(database.breaker.state).toBe('closed');
  });
});

describe('a compiled statement', () => {
  const at = new Date('2026-05-01T12:00:00.000Z');
  const echoed = compiled((q, of: Places<{ text: string | null; at: Date | null; tags: string[] }>) =>
    q
      .select({
        text: sql<string | null>`${of.text}::text`,
        at: sql<Date | null>`${sql.param(of.at, rooms.createdAt)}::timestamptz`.mapWith(rooms.createdAt),
        tags: sql<string[]>`${sql.param(of.tags, rooms.tags)}::text[]`.mapWith(rooms.tags),
      })
      .from(sql`(select 1) as one`),
  );

  it('is filled in anew at each use, also within one batch, and reads its rows as it was built', async () => {
    const { database } = createTestApp().services;
    const one = { text: 'a', at, tags: ['x', 'y "z"'] };
    const other = { text: null, at: null, tags: [] };
    await expect(
      database.read(systemScope, (q) => [echoed(q, one), echoed(q, other), echoed(q, one)]),
    ).resolves.toEqual([[one], [other], [one]]);
  });
});
