import { z } from '@hono/zod-openapi';
import type { Ctx } from '../../kernel/context/index.ts';
import { authErrors, idSchema } from '../../kernel/core/index.ts';
import type { Signer } from '../../kernel/crypto/index.ts';
import { captionErrors } from './captions.errors.ts';
import { selectCaptionsToReport } from './captions.queries.ts';
import type { CallCaptions } from './captions.tables.ts';

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
async function verifyReportToken(
  signer: Signer,
  authorization: string,
): Promise<{ captionId: string; organizationId: string }> {
  const parsed = claimsSchema.safeParse(await signer.verify(authorization.replace(/^Bearer /, ''), TYPE));
  if (!parsed.success) throw authErrors.invalidToken({ cause: parsed.error });
  return { captionId: parsed.data.sub, organizationId: parsed.data.organizationId };
}

export interface ReportingCaptions {
  /** For the organization of the captions. */
  own: Ctx;
  captions: CallCaptions;
  /** Whether recordings of the room need consent now. */
  isConsentNeeded: boolean;
}

/**
 * The captions that a report token names.
 * @throws AppError `auth.expired_token`, `auth.invalid_token` or `captions.not_running`
 */
export async function findReporting(ctx: Ctx, authorization: string): Promise<ReportingCaptions> {
  const { captionId, organizationId } = await verifyReportToken(ctx.signer, authorization);
  const own = ctx.as({ kind: 'system', name: 'captions.report', organizationId });
  const [[found]] = await own.read((q) => [selectCaptionsToReport(q, organizationId, captionId)]);
  if (!found) throw captionErrors.notRunning();
  return { own, ...found };
}

/** The captions that a report token names, while they run. @throws AppError as `findReporting`, or `captions.over` */
export async function requireReporting(ctx: Ctx, authorization: string): Promise<ReportingCaptions> {
  const found = await findReporting(ctx, authorization);
  if (found.captions.endedAt !== null) throw captionErrors.over();
  return found;
}
