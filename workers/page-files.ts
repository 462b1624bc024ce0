import { z } from '@hono/zod-openapi';
import type { PageFiles, Pages } from '../src/rooms/join-page/index.ts';
import { serverErrors } from '../src/kernel/core/index.ts';

const filesSchema = z.object({ script: z.string(), style: z.string(), icon: z.string() });

/** What `npm run pages` bundled, as the platform serves it; asked for at the first page. */
export function createPageFiles(assets: Fetcher): Pages {
  let cachedFiles: PageFiles | undefined;
  return {
    async files() {
      if (cachedFiles) return cachedFiles;
      try {
        const response = await assets.fetch('https://assets.invalid/pages.json');
        cachedFiles = filesSchema.parse(await response.json());
        return cachedFiles;
      } catch (cause) {
        throw serverErrors.unavailable({ detail: 'the files of the page are not to be had', cause });
      }
    },
  };
}
