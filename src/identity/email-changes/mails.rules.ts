import { type MailContent, toDisplayText } from '../../platform/mail/index.ts';
import { CONFIRM_SECONDS, UNDO_SECONDS } from './email-changes.rules.ts';

/** The token stands after `#`: browsers do not send that part to servers, so no proxy logs it. */
const tokenLink = (appUrl: string, path: string, token: string) =>
  `${new URL(path, appUrl).href}#token=${encodeURIComponent(token)}`;

const hours = CONFIRM_SECONDS / 3_600;
const days = UNDO_SECONDS / 86_400;

const STOP_NOTE =
  'Stopping it also signs out all devices and ends the password; you then get a link for a new one.';

export function confirmationMail(appUrl: string, name: string, token: string): MailContent {
  return {
    subject: 'Confirm your new email address',
    paragraphs: [
      `Hello ${toDisplayText(name)},`,
      `Please confirm that your account is to use this address from now on. The link is valid for ${hours} hours.`,
    ],
    action: { label: 'Confirm address', url: tokenLink(appUrl, '/confirm-email-change', token) },
    footer: "If it was not you, do not confirm: another person's account would get your address.",
  };
}

/** To a new address that has an account. */
export function addressInUseMail(name: string): MailContent {
  return {
    subject: 'Your address has an account already',
    paragraphs: [
      `Hello ${toDisplayText(name)},`,
      'Somebody tried to give this address to another account. It has one already. Nothing was changed.',
    ],
    footer: 'If this was not you, you can ignore this email.',
  };
}

export function requestNoticeMail(
  appUrl: string,
  name: string,
  newEmail: string,
  token: string,
): MailContent {
  return {
    subject: 'A change of your email address was requested',
    paragraphs: [
      `Hello ${toDisplayText(name)},`,
      `Somebody with your password wants to replace the address of your account with ${toDisplayText(newEmail)}.`,
      `If this was not you, stop it. ${STOP_NOTE}`,
    ],
    action: { label: 'Stop the change', url: tokenLink(appUrl, '/stop-email-change', token) },
    footer: 'If it was you, confirm the change with the link that was sent to the new address.',
  };
}

export function changeNoticeMail(appUrl: string, name: string, newEmail: string, token: string): MailContent {
  return {
    subject: 'Your email address was changed',
    paragraphs: [
      `Hello ${toDisplayText(name)},`,
      `Your account now uses the address ${toDisplayText(newEmail)}.`,
      `If this was not you, undo it within ${days} days. ${STOP_NOTE.replace('Stopping', 'Undoing')}`,
    ],
    action: { label: 'Undo the change', url: tokenLink(appUrl, '/stop-email-change', token) },
  };
}
