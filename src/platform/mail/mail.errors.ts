import { PermanentFailure } from '../../kernel/core/index.ts';

/** The provider refuses this mail for good: an invalid address, an invalid credential. */
export class MailRefused extends PermanentFailure {
  override readonly name = 'MailRefused';
}

/** The provider did not answer, or cannot take mails at the moment. */
export class MailUnavailable extends Error {
  override readonly name = 'MailUnavailable';
}
