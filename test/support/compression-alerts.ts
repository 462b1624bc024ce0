import { ownerSql } from '../contract/sql.ts';
import type { Person, TestApp } from './app.ts';

interface AlertOptions {
  severity?: 'warning' | 'critical';
  resolvedAt?: string | null;
}

/** An alert of an organization, as an evaluation opens it. @returns its id */
export async function insertAlert(
  app: TestApp,
  { organizationId }: Pick<Person, 'organizationId'>,
  { severity = 'warning', resolvedAt = null }: AlertOptions = {},
): Promise<string> {
  const id = app.services.ids.create('compressionAlert');
  await ownerSql(
    `insert into compression_alerts (id, organization_id, kind, severity, subject, evidence, resolution, resolved_at, created_at)
     values ($1, $2, 'nothing_won', $3, $1, '{"value": 0.5, "threshold": 0.5}', $4, $5, $6)`,
    [
      id,
      organizationId,
      severity,
      resolvedAt && 'condition_gone',
      resolvedAt,
      new Date(app.clock.now()).toISOString(),
    ],
  );
  return id;
}
