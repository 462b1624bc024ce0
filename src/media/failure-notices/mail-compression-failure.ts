import type { Ctx } from '../../kernel/context/index.ts';
import { toDisplayText } from '../../platform/mail/index.ts';
import { selectCompressionById } from '../file-compressions/index.ts';
import { failureMail, textOf, utcText } from './failure-mail.rules.ts';
import { selectMemberToMail } from './failure-notices.queries.ts';
import { mailOnce } from './mail-people.ts';

/**
 * Mails the person who asked for a compression that it failed; not if the setting of the organization began it, because
 * then no person asked for it.
 */
export async function mailCompressionFailure(
  ctx: Ctx,
  { compressionId }: { compressionId: string },
): Promise<void> {
  const { organizationId } = ctx;
  const [[row]] = await ctx.read((q) => [selectCompressionById(q, organizationId, compressionId)]);
  const text = row?.state === 'failed' ? textOf('compression', row.reason) : undefined;
  if (!row || text === undefined || row.requestedBy === null) return;
  const { requestedBy } = row;
  const [people] = await ctx.read((q) => [selectMemberToMail(q, organizationId, requestedBy)]);
  const what = row.fileId === null ? 'recording' : 'file';
  await mailOnce(ctx, { people, subjectId: compressionId, kind: 'compression' }, (person) =>
    failureMail(person.name, {
      subject: `Compression of a ${what} failed`,
      failed: `The compression of a ${what} of ${toDisplayText(person.organizationName)} failed at ${utcText(row.endedAt ?? row.updatedAt)}`,
      text: `${text}; the ${what} stays as it is`,
      because: 'asked for the compression',
    }),
  );
}
