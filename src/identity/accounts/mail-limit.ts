import type { Ctx } from '../../kernel/context/index.ts';

/** Enough for who mistypes and searches; too few to fill a mailbox with. Lets a few through while nobody counts. */
const MAIL_LIMIT = { name: 'account-mails', limit: 5, windowSeconds: 3_600, failOpen: true } as const;
const SHARDS = 64;

/**
 * Whether one more mail may be asked for. The limits of the calls count who asks; this one counts who gets the mails,
 * from however many addresses they are asked for.
 * @param hashedMailbox what stands for the mailbox, hashed
 */
export async function takeFromMailLimit(
  { ports }: Pick<Ctx, 'ports'>,
  hashedMailbox: string,
): Promise<boolean> {
  const owner = `mails:${Number.parseInt(hashedMailbox.slice(0, 4), 16) % SHARDS}`;
  const { admitted } = await ports.limiter.take({ owner, subject: hashedMailbox }, MAIL_LIMIT);
  return admitted;
}
