import type { TestProject } from 'vitest/node';
import { startTestDatabase } from './database.ts';

declare module 'vitest' {
  interface ProvidedContext {
    databaseEndpoint: string;
    databaseUrl: string;
  }
}

/** One database for the whole run: every test makes an organization of its own, and the walls keep them apart. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const database = await startTestDatabase();
  project.provide('databaseEndpoint', database.url);
  project.provide('databaseUrl', database.connectionString);
  return () => database.close();
}
