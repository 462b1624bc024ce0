import { z } from '@hono/zod-openapi';
import type { Config } from '../src/kernel/config/index.ts';
import { createSignatureScanner, type Scanner, ScanTooLong } from '../src/media/scans/index.ts';

const answerSchema = z.object({ verdict: z.enum(['clean', 'infected', 'failed']) });

/**
 * The scanner in `workers/scanner`, by HTTP.
 * @param secret one of those that the scanner knows
 */
export function createHttpScanner({ url, secret }: { url: string; secret: string }): Scanner {
  return {
    async scan(body, { organizationId, timeLimitMs }) {
      const signal = AbortSignal.timeout(timeLimitMs);
      const request = {
        method: 'POST',
        headers: {
          Authorization: `Bearer ${secret}`,
          'Content-Type': 'application/octet-stream',
          'Scan-Group': organizationId,
        },
        body,
        // The platform knows no `redirect: error`.
        redirect: 'manual',
        signal,
        // Node asks for it where a body is a stream.
        duplex: 'half',
      };
      try {
        const response = await fetch(`${url.replace(/\/$/, '')}/scan`, request);
        if (response.status !== 200) throw new Error(`the scanner answered ${response.status}`);
        return answerSchema.parse(await response.json()).verdict;
      } catch (error) {
        if (signal.aborted) throw new ScanTooLong(`no verdict within ${timeLimitMs} ms`, { cause: error });
        throw error;
      }
    },
  };
}

/** The scanner of an environment: the configured one; in development one for the EICAR test file; otherwise none, and no file is called clean. */
export function createScanner({
  ENVIRONMENT,
  SCANNER_URL: url,
  SCANNER_SECRET: secret,
}: Pick<Config, 'ENVIRONMENT' | 'SCANNER_URL' | 'SCANNER_SECRET'>): Scanner | undefined {
  if (url && secret) return createHttpScanner({ url, secret });
  return ENVIRONMENT === 'development' ? createSignatureScanner() : undefined;
}
