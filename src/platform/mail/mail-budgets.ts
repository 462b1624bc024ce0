import type { Ctx } from '../../kernel/context/index.ts';
import type { LimitDecision, LimitRule } from '../http/index.ts';

const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 24 * HOUR_SECONDS;

/**
 * The limits of outgoing mails, by the subject for which they are counted. Those that the owner of a mailbox needs to
 * get back into their account fail open. Mails are counted when they are requested, so that waiting ones count, too.
 */
export const MAIL_BUDGETS = {
  /** Password resets, verification links and notices of repeated sign-ups to one mailbox. */
  accountMails: { name: 'account-mails', limit: 5, windowSeconds: HOUR_SECONDS, failOpen: true },
  /** Notices of a changed password to one mailbox; apart, so that nobody can use them up before changing it. */
  passwordNotices: { name: 'password-notices', limit: 10, windowSeconds: HOUR_SECONDS, failOpen: true },
  /** Changes of address, by one user and to one mailbox. */
  emailChanges: { name: 'email-changes', limit: 5, windowSeconds: HOUR_SECONDS },
  /** Invitations to one mailbox, from all organizations together. */
  invitationsToMailbox: { name: 'invitations-to-mailbox', limit: 5, windowSeconds: HOUR_SECONDS },
  /** Invitations by one user, in all their organizations, or by one API key. */
  invitationsBySender: { name: 'invitations-by-sender', limit: 30, windowSeconds: HOUR_SECONDS },
  /** Invitations by one organization on the free plan. */
  invitationsByOrganization: { name: 'invitations-by-organization', limit: 60, windowSeconds: DAY_SECONDS },
  /** Mails about scheduled reports to members of one organization on the free plan. */
  reportMails: { name: 'report-mails', limit: 200, windowSeconds: DAY_SECONDS },
  /** Mails about recordings that failed, to members of one organization on the free plan. */
  recordingMails: { name: 'recording-mails', limit: 50, windowSeconds: DAY_SECONDS },
  /** Mails of meeting workflows to members of one organization on the free plan. */
  workflowMails: { name: 'workflow-mails', limit: 50, windowSeconds: DAY_SECONDS },
  /** Mails about streams that failed, likewise; apart, because an address that takes nothing is enough for one. */
  streamMails: { name: 'stream-mails', limit: 20, windowSeconds: DAY_SECONDS },
  /** Mails about streams from outside, telephone calls and compressions that failed, likewise. */
  ingressMails: { name: 'ingress-mails', limit: 20, windowSeconds: DAY_SECONDS },
  phoneCallMails: { name: 'phone-call-mails', limit: 20, windowSeconds: DAY_SECONDS },
  compressionMails: { name: 'compression-mails', limit: 20, windowSeconds: DAY_SECONDS },
} as const satisfies Record<string, LimitRule>;

/** How many times the budgets of sender and organization a plan allows. */
const PLAN_FACTORS: Readonly<Record<string, number>> = { free: 1, pro: 10, enterprise: 100, custom: 100 };

/** The budget as the plan named in a credential allows it; that of the free plan for an unknown name. */
export const budgetOnPlan = (rule: LimitRule, plan: string | null): LimitRule => ({
  ...rule,
  limit: rule.limit * (PLAN_FACTORS[plan ?? 'free'] ?? 1),
});

/** Objects that count mailboxes and senders, which belong to no organization. */
const SHARDS = 64;

/**
 * Counts a mail for a mailbox or a sender, however many IP addresses and organizations the requests come from.
 * @param hash a hash in hexadecimal that stands for the mailbox or the sender
 */
export async function takeMailOf(
  { ports }: Pick<Ctx, 'ports'>,
  hash: string,
  rule: LimitRule,
): Promise<LimitDecision> {
  const owner = `mails:${Number.parseInt(hash.slice(0, 4), 16) % SHARDS}`;
  return ports.limiter.take({ owner, subject: hash }, rule);
}

/** Counts a mail for an organization. */
export async function takeMailOfOrganization(
  { ports }: Pick<Ctx, 'ports'>,
  organizationId: string,
  rule: LimitRule,
): Promise<LimitDecision> {
  return ports.limiter.take({ owner: organizationId, subject: 'mails' }, rule);
}
