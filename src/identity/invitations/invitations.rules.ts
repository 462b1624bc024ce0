import { type Actor, type PermissionGrant, permits } from '../../kernel/core/index.ts';
import { type MailContent, toDisplayText } from '../../platform/mail/index.ts';
import { mayGrant, permissionsOfRole } from '../access/index.ts';
import { type ApiKeyRow, permissionsOfScopes, withStatus } from '../api-keys/index.ts';
import type { Member } from '../members/index.ts';
import type { EffectiveInvitationStatus } from './invitations.enums.ts';
import { invitationErrors } from './invitations.errors.ts';
import type { invitations } from './invitations.tables.ts';

type InvitationRow = typeof invitations.$inferSelect;
type InvitationState = Pick<InvitationRow, 'status' | 'expiresAt'>;

const DAY_MS = 86_400_000;
const RESEND_AFTER_MS = 60_000;

/** An invitation with its status at a moment. */
export type Invitation = InvitationRow & { effectiveStatus: EffectiveInvitationStatus };

export function isExpired({ status, expiresAt }: InvitationState, nowMs: number): boolean {
  return status === 'pending' && expiresAt.getTime() <= nowMs;
}

export function withEffectiveStatus(row: InvitationRow, nowMs: number): Invitation {
  return { ...row, effectiveStatus: isExpired(row, nowMs) ? 'expired' : row.status };
}

/** @throws AppError `invitations.revoked` or `invitations.already_accepted` */
export function requirePending({ status }: Pick<InvitationRow, 'status'>): void {
  if (status === 'revoked') throw invitationErrors.revoked();
  if (status === 'accepted') throw invitationErrors.alreadyAccepted();
}

/** @throws AppError `invitations.revoked`, `invitations.already_accepted` or `invitations.expired` */
export function requireAcceptable(row: InvitationState, nowMs: number): void {
  requirePending(row);
  if (isExpired(row, nowMs)) throw invitationErrors.expired();
}

/** Whom an invitation names as its inviter: a user or an API key. */
export function inviterOf(actor: Actor): Pick<InvitationRow, 'invitedBy' | 'invitedByKey'> {
  return {
    invitedBy: actor.kind === 'user' ? actor.userId : null,
    invitedByKey: actor.kind === 'apiKey' ? actor.apiKeyId : null,
  };
}

/** The membership or the API key of an inviter as it is now; both null when neither exists any more. */
export interface Inviter {
  member: Member | null;
  key: ApiKeyRow | null;
}

type Offer = Inviter & { invitation: Pick<InvitationRow, 'role'> };

function permissionsOfInviter({ member, key }: Inviter, nowMs: number): readonly PermissionGrant[] {
  if (member) return member.status === 'active' ? permissionsOfRole(member.role) : [];
  return key && withStatus(key, nowMs).status === 'active' ? permissionsOfScopes(key.scopes) : [];
}

/** Whether the inviter could make the same offer now: an invitation counts only as long as that holds. */
export function isStillOffered({ invitation, ...inviter }: Offer, nowMs: number): boolean {
  const permissions = permissionsOfInviter(inviter, nowMs);
  return permits(permissions, 'invitations:write') && mayGrant(permissions, invitation.role);
}

/** @throws AppError `invitations.revoked` when the inviter could not make the same offer now */
export function requireStillOffered(offer: Offer, nowMs: number): void {
  if (!isStillOffered(offer, nowMs))
    throw invitationErrors.revoked({ detail: 'its inviter can no longer offer this role' });
}

/**
 * @param allowedEmailDomains empty allows every domain; a domain does not include its subdomains
 * @throws AppError `invitations.domain_not_allowed`
 */
export function requireAllowedDomain(email: string, allowedEmailDomains: readonly string[]): void {
  const domain = email.slice(email.lastIndexOf('@') + 1);
  if (allowedEmailDomains.length > 0 && !allowedEmailDomains.includes(domain))
    throw invitationErrors.domainNotAllowed({ detail: domain });
}

/** Keeps a mailbox from being flooded. @throws AppError `invitations.sent_just_now` with the seconds to wait */
export function requireResendInterval(sentAt: Date, nowMs: number): void {
  const waitMs = sentAt.getTime() + RESEND_AFTER_MS - nowMs;
  if (waitMs > 0) throw invitationErrors.sentJustNow({ retryAfterSeconds: Math.ceil(waitMs / 1000) });
}

export function expiryAfterDays(nowMs: number, invitationDays: number): Date {
  return new Date(nowMs + invitationDays * DAY_MS);
}

export interface InvitationMailData {
  organizationName: string;
  /** Null when an API key invited, or the inviting user was erased. */
  inviterName: string | null;
  role: string;
  expiresAt: Date;
  link: string;
}

export function invitationMail(data: InvitationMailData): MailContent {
  const organization = toDisplayText(data.organizationName);
  const inviter = data.inviterName === null ? null : toDisplayText(data.inviterName);
  const role = `${/^[aeiou]/.test(data.role) ? 'an' : 'a'} ${data.role}`;
  return {
    subject: `Join ${organization} on AuraLink`,
    paragraphs: [
      inviter
        ? `${inviter} invites you to join ${organization} on AuraLink as ${role}.`
        : `You are invited to join ${organization} on AuraLink as ${role}.`,
      `The invitation is valid until ${data.expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC.`,
    ],
    action: { label: 'Accept the invitation', url: data.link },
    footer: 'If you did not expect this invitation, you can ignore this email.',
  };
}
