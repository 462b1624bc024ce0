import { PermanentFailure } from '../../kernel/core/index.ts';

/** The provider will not take this mail however often it is asked: a bad address, a bad credential. */
export class MailRefused extends PermanentFailure {
  override readonly name = 'MailRefused';
}

/** The provider did not answer, or said that it cannot just now. */
export class MailUnavailable extends Error {
  override readonly name = 'MailUnavailable';
}
