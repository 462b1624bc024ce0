import { type MailContent, toDisplayText } from '../../platform/mail/index.ts';
import { RESET_LINK_SECONDS, VERIFICATION_LINK_SECONDS } from './recovery.rules.ts';

/** The token stands after `#`: browsers do not send that part to servers, so no proxy logs it. */
const tokenLink = (appUrl: string, path: string, token: string) =>
  `${new URL(path, appUrl).href}#token=${encodeURIComponent(token)}`;

const IGNORE_NOTE = 'If this was not you, you can ignore this email.';

export function verificationMail(appUrl: string, name: string, token: string): MailContent {
  return {
    subject: 'Confirm your email address',
    paragraphs: [
      `Hello ${toDisplayText(name)},`,
      `Please confirm that you created an account with this address. The link is valid for ${VERIFICATION_LINK_SECONDS / 86_400} days.`,
    ],
    action: { label: 'Confirm address', url: tokenLink(appUrl, '/verify-email', token) },
    footer: 'If it was not you, do not confirm: anyone who knows the password of the account would keep it.',
  };
}

export function passwordResetMail(appUrl: string, name: string, token: string): MailContent {
  return {
    subject: 'Choose a new password',
    paragraphs: [
      `Hello ${toDisplayText(name)},`,
      `Somebody requested a new password for your account. The link is valid for ${RESET_LINK_SECONDS / 60} minutes and can be used once.`,
    ],
    action: { label: 'Choose a new password', url: tokenLink(appUrl, '/reset-password', token) },
    footer: IGNORE_NOTE,
  };
}

export function passwordChangedMail(name: string): MailContent {
  return {
    subject: 'Your password was changed',
    paragraphs: [
      `Hello ${toDisplayText(name)},`,
      'Your password was changed, and your other sessions were ended.',
      'If this was not you, request a new password at once.',
    ],
  };
}

export function signUpRepeatedMail(name: string): MailContent {
  return {
    subject: 'You have an account already',
    paragraphs: [
      `Hello ${toDisplayText(name)},`,
      'Somebody tried to create an account with this address, which has one already. Nothing was changed.',
      'If it was you, sign in instead, or request a new password.',
    ],
    footer: IGNORE_NOTE,
  };
}
