import type { Ctx } from '../../kernel/context/index.ts';

/** Enough for a user who mistypes and searches; too few to flood a mailbox. Fails open: recovery matters more. */
const MAIL_LIMIT = { name: 'account-mails', limit: 5, windowSeconds: 3_600, failOpen: true } as const;
const SHARDS = 64;

/**
 * Whether one more email may be sent to a mailbox. Request limits count the sender of requests; this one counts the
 * recipient, however many IP addresses the requests come from.
 * @param hashedMailbox a hash in hexadecimal that stands for the mailbox
 */
export async function takeFromMailLimit(
  { ports }: Pick<Ctx, 'ports'>,
  hashedMailbox: string,
): Promise<boolean> {
  const owner = `mails:${Number.parseInt(hashedMailbox.slice(0, 4), 16) % SHARDS}`;
  const { admitted } = await ports.limiter.take({ owner, subject: hashedMailbox }, MAIL_LIMIT);
  return admitted;
}
