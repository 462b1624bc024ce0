import { callEnded } from '../../calls/calls/index.ts';
import { userErased } from '../../identity/account-deletion/index.ts';
import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { announceCaptions } from './announce-captions.ts';
import { captionsChanged } from './captions.events.ts';
import { forgetPersonInCaptions } from './captions.queries.ts';
import { followCall, followCaptions } from './follow-captions.ts';
import { showCaptions } from './show-captions.ts';

/** In the scope of the system, because they were in calls of several organizations. */
async function forgetPerson(ctx: Ctx, { userId }: { userId: string }): Promise<void> {
  await ctx.commit({
    scope: systemScope,
    write: (q) => [forgetPersonInCaptions(q, userId)],
    result: undefined,
  });
}

export const captionSubscriptions: readonly Subscription[] = [
  subscribe(captionsChanged, 'captions.follow', followCaptions),
  subscribe(captionsChanged, 'captions.announce', announceCaptions),
  subscribe(captionsChanged, 'captions.show', showCaptions),
  subscribe(userErased, 'captions.forget-person', forgetPerson),
  subscribe(callEnded, 'captions.end', followCall),
];
