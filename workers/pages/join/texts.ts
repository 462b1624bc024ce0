/** What refusals of the API mean for a guest. */
const ERROR_TEXTS: Readonly<Record<string, string>> = {
  'links.not_found': 'This link leads nowhere.',
  'links.inactive': 'This link is switched off.',
  'links.expired': 'This link has expired.',
  'links.exhausted': 'This link has been used up.',
  'links.call_ended': 'The call is over.',
  'links.restricted': 'Only members of the organization can join this meeting.',
  'links.password_required': 'Enter the password of the meeting.',
  'links.wrong_password': 'That password is wrong.',
  'links.too_many_attempts': 'The password was guessed too often. Try again later.',
  'rooms.ended': 'The meeting has ended.',
  'rooms.locked': 'The meeting is locked: nobody new comes in at the moment.',
  'rooms.full': 'Every seat of the meeting is taken.',
  'rooms.removed': 'You were removed from the meeting.',
  'rooms.denied': 'The host did not let you in.',
  'request.rate_limited': 'Too many people are joining from your network. Try again in a minute.',
  'clusters.not_configured': 'Calls are not set up here.',
  network: 'The meeting cannot be reached. Check your connection.',
};

export const errorTextFor = (code: string): string =>
  ERROR_TEXTS[code] ?? 'The meeting cannot be joined at the moment. Try again in a little while.';

/** Why the browser gives no camera or microphone. */
export function describeDeviceError(error: unknown, what: string): string {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError') return `The ${what} is blocked. Allow it in the settings of this page.`;
  if (name === 'NotFoundError') return `No ${what} was found.`;
  if (name === 'NotReadableError') return `The ${what} is used by another program.`;
  return `The ${what} cannot be used.`;
}

const timeFormat = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
export const formatTime = (iso: string): string => timeFormat.format(new Date(iso));

export const initialsOf = (name: string): string =>
  name
    .trim()
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => Array.from(word)[0]?.toUpperCase() ?? '')
    .join('');
