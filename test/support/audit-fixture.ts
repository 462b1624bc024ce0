import { neon, neonConfig } from '@neondatabase/serverless';
import { signAccessToken } from '../../src/identity/access/index.ts';
import { systemScope } from '../../src/kernel/context/index.ts';
import { type Actor } from '../../src/kernel/core/index.ts';
import { type AuditEntry, auditStatement } from '../../src/kernel/audit/index.ts';
import { createTestApp, type Person, type TestApp } from './app.ts';
import { fileDatabase } from './database/of-file.ts';

/**
 * The product with what tests of the audit log need. Use one for each file: sealing covers every organization of the
 * database, and signs with the keys of the app that seals.
 */
export interface AuditFixture {
  app: TestApp;
  /** Writes `count` entries, one commit each, a second apart. */
  write(person: Person, count: number, entry?: Partial<AuditEntry>): Promise<void>;
  /** Moves the clock, and renews the owner's token, which expires meanwhile. */
  passSeconds(person: Person, seconds: number): Promise<void>;
  /** Statements of the database's owner, who bypasses tenant policies and triggers: what an intruder with its password can do. */
  tamper(...statements: [text: string, params: unknown[]][]): Promise<Record<string, unknown>[]>;
}

export function createAuditFixture(): AuditFixture {
  const app = createTestApp();
  const write: AuditFixture['write'] = async ({ userId, organizationId }, count, entry = {}) => {
    const { services, clock } = app;
    const actor: Actor = {
      kind: 'user',
      userId,
      sessionId: 'ses_test',
      organizationId,
      role: 'owner',
      plan: 'free',
      permissions: [],
    };
    for (let index = 0; index < count; index++) {
      const statement = await auditStatement(
        [
          {
            action: 'thing.changed',
            target: { type: 'thing', id: `thing_${index}` },
            before: { colour: 'red', index },
            after: { colour: 'blue', index },
            ...entry,
          },
        ],
        {
          actor,
          organizationId,
          requestId: `req_${index}`,
          ip: '203.0.113.7',
          userAgent: 'test',
          nowMs: clock.now(),
          ids: services.ids,
        },
      );
      await services.database.commit(systemScope, (q) => [statement(q)]);
      clock.advanceSeconds(1);
    }
  };
  return {
    app,
    write,
    async passSeconds(person, seconds) {
      app.clock.advanceSeconds(seconds);
      const { userId, organizationId, sessionId } = person;
      person.token = await signAccessToken(
        app.services.signer,
        {
          userId,
          sessionId,
          membership: { organizationId, role: 'owner', plan: 'free' },
        },
        300,
      );
    },
    async tamper(...statements) {
      const { endpoint, connectionString } = fileDatabase();
      neonConfig.fetchEndpoint = `${endpoint}/sql`;
      const sql = neon(connectionString);
      const results = await sql.transaction([
        sql.query("select set_config('session_replication_role', 'replica', true)"),
        ...statements.map(([text, params]) => sql.query(text, params)),
      ]);
      return results.at(-1) as Record<string, unknown>[];
    },
  };
}
