import { z } from '@hono/zod-openapi';
import { authErrors, idSchema } from '../../kernel/core/index.ts';
import type { Signer } from '../../kernel/crypto/index.ts';

const TYPE = 'captions+jwt';
/** A new one is made each minute. */
const LIFE_SECONDS = 600;

const claimsSchema = z.object({ sub: idSchema('caption'), organizationId: idSchema('organization') });

/** Signs the token with which the captioner reports, for the captions of one call alone. */
export const signReportToken = (
  signer: Signer,
  { captionId, organizationId }: { captionId: string; organizationId: string },
): Promise<string> =>
  signer.sign({ sub: captionId, organizationId }, { type: TYPE, lifeSeconds: LIFE_SECONDS });

/** @throws AppError `auth.expired_token` or `auth.invalid_token` */
export async function verifyReportToken(
  signer: Signer,
  authorization: string,
): Promise<{ captionId: string; organizationId: string }> {
  const parsed = claimsSchema.safeParse(await signer.verify(authorization.replace(/^Bearer /, ''), TYPE));
  if (!parsed.success) throw authErrors.invalidToken({ cause: parsed.error });
  return { captionId: parsed.data.sub, organizationId: parsed.data.organizationId };
}
