import type { Account } from '../account/account.ts';
import { endSubscription, pauseNow } from './after-payment.ts';
import { renew, resumeNow } from './renew.ts';

/** Does what has become due for a subscription. */
export function actOnSubscription(account: Account, id: string): void {
  const { scheduled_change: change, own } = account.store.get('subscription', id);
  if (change === null || change.effective_at > account.nowIso()) renew(account, id);
  else if (change.action === 'cancel') endSubscription(account, id);
  else if (change.action === 'pause') pauseNow(account, id, change.resume_at);
  else resumeNow(account, id, own.onResume);
}
