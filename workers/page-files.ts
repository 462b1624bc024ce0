import { z } from '@hono/zod-openapi';
import { serverErrors } from '../src/kernel/core/index.ts';
import type { ReferencePages } from '../src/platform/docs/index.ts';
import type { Pages } from '../src/platform/pages/index.ts';

const filesSchema = z.object({ script: z.string(), style: z.string(), icon: z.string() });
/** The list that `local/pages.ts` writes. */
const manifestSchema = z.object({
  join: filesSchema,
  playback: filesSchema,
  'shared-file': filesSchema,
  docs: filesSchema.extend({ scalar: z.string() }),
});

/** The addresses of the bundled files of each page, read once per isolate, at the first page. */
export function createPageFiles(assets: Fetcher): { pages: Pages; referencePages: ReferencePages } {
  let cached: z.output<typeof manifestSchema> | undefined;
  const readManifest = async () => {
    if (cached) return cached;
    try {
      const response = await assets.fetch('https://assets.invalid/pages.json');
      cached = manifestSchema.parse(await response.json());
      return cached;
    } catch (cause) {
      throw serverErrors.unavailable({ detail: 'the files of the page cannot be read', cause });
    }
  };
  return {
    pages: { files: async (page) => (await readManifest())[page] },
    referencePages: { files: async () => (await readManifest()).docs },
  };
}
