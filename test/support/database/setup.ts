import type { TestProject } from 'vitest/node';
import type { DatabaseBackend } from '../../../workers/local/database/backend.ts';
import { serveDatabase } from '../../../workers/local/database/endpoint.ts';
import type { DatabaseAddress } from './of-file.ts';
import { copyOf, placeForCopy, type Template } from './open.ts';
import { pgliteTemplate, postgresTemplate } from './template.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The template, for processes that open a copy themselves. */
    template: Template;
    /** Whether files use the embedded database, whatever the template is. */
    embedded: boolean;
    /** Databases for workerd, which cannot open one: one for each worker, by `VITEST_POOL_ID` from 1 on. */
    databases: DatabaseAddress[];
  }
}

/** A copy that is created at its first use, because most runs do not need it. */
function lazyCopy(template: Template, name: string): DatabaseBackend {
  let copy: Promise<DatabaseBackend> | undefined;
  const open = () => (copy ??= copyOf(template, name));
  return {
    description: 'a copy of the template',
    run: async (...request) => (await open()).run(...request),
    relay(stream) {
      open().then(
        (backend) => backend.relay(stream),
        (error: unknown) => stream.destroy(error instanceof Error ? error : new Error(String(error))),
      );
    },
    close: async () => (await copy)?.close(),
  };
}

/** Runs once for each test run: creates the template of all test databases. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = process.env.TEST_DATABASE_URL;
  const { template, drop } = server
    ? await postgresTemplate(server)
    : { template: await pgliteTemplate(), drop: async () => undefined };
  project.provide('template', template);
  project.provide('embedded', !server);

  const copies = await Promise.all(
    Array.from({ length: project.config.maxWorkers }, async () => {
      const { name, connectionString } = placeForCopy(template);
      return { ...(await serveDatabase(lazyCopy(template, name), 0)), connectionString };
    }),
  );
  project.provide(
    'databases',
    copies.map(({ url, connectionString }) => ({ endpoint: url, connectionString })),
  );
  return async () => {
    for (const copy of copies) await copy.close();
    await drop();
  };
}
