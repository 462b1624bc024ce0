import { Pool, neonConfig } from '@neondatabase/serverless';
import { drizzle } from 'drizzle-orm/neon-serverless';
import { migrate } from 'drizzle-orm/neon-serverless/migrator';

/**
 * Applies the migrations that the database does not have yet, all in one transaction; safe to run twice.
 * @param connectionString of Neon, or of what stands behind `localEndpoint`
 */
export async function applyMigrations(
  connectionString: string,
  localEndpoint?: string,
  folder = 'migrations',
): Promise<void> {
  if (localEndpoint) {
    neonConfig.wsProxy = () => `${new URL(localEndpoint).host}/v2`;
    neonConfig.useSecureWebSocket = false;
    neonConfig.pipelineTLS = false;
    neonConfig.pipelineConnect = false;
  }
  const pool = new Pool({ connectionString, max: 1 });
  try {
    await migrate(drizzle(pool), { migrationsFolder: folder });
  } finally {
    await pool.end();
  }
}
